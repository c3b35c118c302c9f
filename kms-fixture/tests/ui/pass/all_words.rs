//! Every word of AWS that the macro knows is one that the library knows, and the other way round.

use kms_fixture::{kms_test, model};

macro_rules! words {
    ($module:ident, $option:ident, $list:ident: $($word:ident)+) => {
        mod $module {
            use super::{kms_test, model};

            #[kms_test(keys($($word($option($word))),+))]
            #[ignore = "not every word alone makes a key"]
            async fn the_macro_knows_them() {}

            #[test]
            fn the_library_has_the_same() {
                let words: Vec<&str> = model::$list::ALL.iter().map(|it| it.as_str()).collect();
                assert_eq!(words, [$(stringify!($word)),+]);
            }
        }
    };
}

words! {
    states, state, KeyState:
    Creating
    Enabled
    Disabled
    PendingDeletion
    PendingImport
    PendingReplicaDeletion
    Unavailable
    Updating
}

words! {
    specs, spec, KeySpec:
    RSA_2048
    RSA_3072
    RSA_4096
    ECC_NIST_P256
    ECC_NIST_P384
    ECC_NIST_P521
    ECC_SECG_P256K1
    SYMMETRIC_DEFAULT
    HMAC_224
    HMAC_256
    HMAC_384
    HMAC_512
    SM2
    ML_DSA_44
    ML_DSA_65
    ML_DSA_87
    ECC_NIST_EDWARDS25519
    ML_KEM_512
    ML_KEM_768
    ML_KEM_1024
}

words! {
    usages, usage, KeyUsage:
    SIGN_VERIFY
    ENCRYPT_DECRYPT
    GENERATE_VERIFY_MAC
    KEY_AGREEMENT
    ENCAPSULATE_DECAPSULATE
}

words! {
    origins, origin, Origin:
    AWS_KMS
    EXTERNAL
    AWS_CLOUDHSM
    EXTERNAL_KEY_STORE
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(
        key(orders),
        grantee(worker),
        operations(
            Decrypt,
            Encrypt,
            GenerateDataKey,
            GenerateDataKeyWithoutPlaintext,
            ReEncryptFrom,
            ReEncryptTo,
            Sign,
            Verify,
            GetPublicKey,
            CreateGrant,
            RetireGrant,
            DescribeKey,
            GenerateDataKeyPair,
            GenerateDataKeyPairWithoutPlaintext,
            GenerateMac,
            VerifyMac,
            DeriveSharedSecret,
            Encapsulate,
            Decapsulate
        )
    ))
)]
#[ignore = "not every operation fits one key"]
async fn grant_operations() {}

#[test]
fn the_library_has_the_same_grant_operations() {
    let words: Vec<&str> = model::GrantOperation::ALL
        .iter()
        .map(|it| it.as_str())
        .collect();
    let expected = "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo Sign Verify GetPublicKey CreateGrant RetireGrant DescribeKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateMac VerifyMac DeriveSharedSecret Encapsulate Decapsulate";
    assert_eq!(words.join(" "), expected);
}

fn main() {}
