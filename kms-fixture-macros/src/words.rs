//! AWS's own words, as in the KMS API model of botocore 1.44.5 (`kms/2014-11-01`).
//!
//! They repeat the enums of `kms_fixture::model` so that a misspelt word is reported together with all other mistakes;
//! `tests/ui/pass/all_words.rs` in `kms-fixture` includes this file and proves that the two agree.

/// An enum of `kms_fixture::model` and its words.
#[derive(Debug)]
pub(crate) struct WordList {
    /// The name of the enum.
    pub(crate) name: &'static str,
    /// What one of its words is called in a message.
    pub(crate) noun: &'static str,
    pub(crate) words: &'static [&'static str],
}

pub(crate) const KEY_STATE: WordList = WordList {
    name: "KeyState",
    noun: "key state",
    words: &[
        "Creating",
        "Enabled",
        "Disabled",
        "PendingDeletion",
        "PendingImport",
        "PendingReplicaDeletion",
        "Unavailable",
        "Updating",
    ],
};

pub(crate) const KEY_SPEC: WordList = WordList {
    name: "KeySpec",
    noun: "key spec",
    words: &[
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "SYMMETRIC_DEFAULT",
        "HMAC_224",
        "HMAC_256",
        "HMAC_384",
        "HMAC_512",
        "SM2",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87",
        "ECC_NIST_EDWARDS25519",
        "ML_KEM_512",
        "ML_KEM_768",
        "ML_KEM_1024",
    ],
};

pub(crate) const KEY_USAGE: WordList = WordList {
    name: "KeyUsage",
    noun: "key usage",
    words: &[
        "SIGN_VERIFY",
        "ENCRYPT_DECRYPT",
        "GENERATE_VERIFY_MAC",
        "KEY_AGREEMENT",
        "ENCAPSULATE_DECAPSULATE",
    ],
};

pub(crate) const ORIGIN: WordList = WordList {
    name: "Origin",
    noun: "key origin",
    words: &["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"],
};

pub(crate) const GRANT_OPERATION: WordList = WordList {
    name: "GrantOperation",
    noun: "grant operation",
    words: &[
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
        "Sign",
        "Verify",
        "GetPublicKey",
        "CreateGrant",
        "RetireGrant",
        "DescribeKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateMac",
        "VerifyMac",
        "DeriveSharedSecret",
        "Encapsulate",
        "Decapsulate",
    ],
};
