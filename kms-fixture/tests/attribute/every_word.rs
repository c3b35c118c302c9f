//! The macro and the starting test accept each of AWS's words where it fits.
#![allow(non_snake_case)] // modules are named after the words

use kms_fixture::{Grant, Key, kms_test};

macro_rules! states {
    ($($word:ident)+) => {
        #[kms_test(keys($($word(state($word))),+))]
        fn every_state() {}
    };
}

states! {
    Creating Enabled Disabled PendingDeletion PendingImport PendingReplicaDeletion Unavailable Updating
}

macro_rules! origins {
    ($($word:ident)+) => {
        #[kms_test(keys($($word(origin($word))),+))]
        fn every_origin() {}
    };
}

origins! { AWS_KMS EXTERNAL AWS_CLOUDHSM EXTERNAL_KEY_STORE }

/// Declares a key of each spec, with a grant of every operation that fits.
macro_rules! usage {
    ($usage:ident, operations $operations:tt: $($spec:ident)+) => {
        mod $usage { $(
            mod $spec {
                #[super::super::kms_test(
                    keys(key(spec($spec), usage($usage))),
                    roles(worker),
                    grants(access(
                        key(key),
                        grantee(worker),
                        operations $operations
                    ))
                )]
                fn fits(key: super::super::Key, access: super::super::Grant) {
                    assert_eq!(access.key_arn(), key.arn());
                }
            }
        )+ }
    };
}

mod symmetric {
    use super::{Grant, Key, kms_test};

    usage! {
        ENCRYPT_DECRYPT,
        operations(
            CreateGrant, RetireGrant, DescribeKey, Encrypt, Decrypt, ReEncryptFrom, ReEncryptTo,
            GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateDataKeyPair,
            GenerateDataKeyPairWithoutPlaintext
        ):
        SYMMETRIC_DEFAULT
    }
}

usage! {
    ENCRYPT_DECRYPT,
    operations(
        CreateGrant, RetireGrant, DescribeKey, GetPublicKey, Encrypt, Decrypt, ReEncryptFrom,
        ReEncryptTo
    ):
    RSA_2048 RSA_3072 RSA_4096 SM2
}

usage! {
    SIGN_VERIFY,
    operations(CreateGrant, RetireGrant, DescribeKey, GetPublicKey, Sign, Verify):
    RSA_2048 RSA_3072 RSA_4096 ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 ECC_SECG_P256K1
    ECC_NIST_EDWARDS25519 SM2 ML_DSA_44 ML_DSA_65 ML_DSA_87
}

usage! {
    GENERATE_VERIFY_MAC,
    operations(CreateGrant, RetireGrant, DescribeKey, GenerateMac, VerifyMac):
    HMAC_224 HMAC_256 HMAC_384 HMAC_512
}

usage! {
    KEY_AGREEMENT,
    operations(CreateGrant, RetireGrant, DescribeKey, GetPublicKey, DeriveSharedSecret):
    ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 SM2
}

usage! {
    ENCAPSULATE_DECAPSULATE,
    operations(CreateGrant, RetireGrant, DescribeKey, GetPublicKey, Encapsulate, Decapsulate):
    ML_KEM_512 ML_KEM_768 ML_KEM_1024
}

/// Without `usage(..)`, a key has the only usage that fits its spec.
#[kms_test(keys(macs(spec(HMAC_256)), kem(spec(ML_KEM_512)), curve(spec(ECC_SECG_P256K1))))]
fn the_only_usage_is_the_default() {}
