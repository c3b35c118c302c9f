//! Which usages fit a key spec, and which operations a grant on such a key can allow (API reference, `CreateKey`,
//! `CreateGrant`).
//!
//! They repeat `KeySpec::usages` and `KeySpec::grant_operations` of `kms_fixture::model`, for the reason in `words`;
//! `tests/ui/pass/all_words.rs` in `kms-fixture` includes this file and proves that the two agree.

/// What a key has if nothing else is said.
pub(crate) const DEFAULT_SPEC: &str = "SYMMETRIC_DEFAULT";

/// The usages that a key of this spec can have; none if the spec is unknown.
pub(crate) fn usages(spec: &str) -> &'static [&'static str] {
    match spec {
        "SYMMETRIC_DEFAULT" => &["ENCRYPT_DECRYPT"],
        "HMAC_224" | "HMAC_256" | "HMAC_384" | "HMAC_512" => &["GENERATE_VERIFY_MAC"],
        "RSA_2048" | "RSA_3072" | "RSA_4096" => &["SIGN_VERIFY", "ENCRYPT_DECRYPT"],
        "ECC_NIST_P256" | "ECC_NIST_P384" | "ECC_NIST_P521" => &["SIGN_VERIFY", "KEY_AGREEMENT"],
        "ECC_SECG_P256K1" | "ECC_NIST_EDWARDS25519" | "ML_DSA_44" | "ML_DSA_65" | "ML_DSA_87" => {
            &["SIGN_VERIFY"]
        }
        "SM2" => &["SIGN_VERIFY", "ENCRYPT_DECRYPT", "KEY_AGREEMENT"],
        "ML_KEM_512" | "ML_KEM_768" | "ML_KEM_1024" => &["ENCAPSULATE_DECAPSULATE"],
        _ => &[],
    }
}

/// The operations that a grant on a key of this spec and usage can allow.
pub(crate) fn grant_operations(spec: &str, usage: &str) -> Vec<&'static str> {
    let own: &[&str] = match (usage, spec == DEFAULT_SPEC) {
        ("ENCRYPT_DECRYPT", true) => &[
            "Encrypt",
            "Decrypt",
            "ReEncryptFrom",
            "ReEncryptTo",
            "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
        ],
        ("ENCRYPT_DECRYPT", false) => {
            &["GetPublicKey", "Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"]
        }
        ("SIGN_VERIFY", _) => &["GetPublicKey", "Sign", "Verify"],
        ("GENERATE_VERIFY_MAC", _) => &["GenerateMac", "VerifyMac"],
        ("KEY_AGREEMENT", _) => &["GetPublicKey", "DeriveSharedSecret"],
        ("ENCAPSULATE_DECAPSULATE", _) => &["GetPublicKey", "Encapsulate", "Decapsulate"],
        _ => &[],
    };
    [&["CreateGrant", "RetireGrant", "DescribeKey"], own].concat()
}
