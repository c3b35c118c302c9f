//! The usages, algorithms and grant operations of each key spec.

use super::{GrantOperation, KeySpec, KeyUsage};

impl KeySpec {
    /// The default spec of a key.
    pub(crate) const DEFAULT: Self = Self::SYMMETRIC_DEFAULT;

    /// Returns the usages with which a key of this spec can be created (API reference, `CreateKey`, `KeyUsage`).
    pub fn usages(self) -> &'static [KeyUsage] {
        use KeyUsage::{
            ENCAPSULATE_DECAPSULATE, ENCRYPT_DECRYPT, GENERATE_VERIFY_MAC, KEY_AGREEMENT,
            SIGN_VERIFY,
        };
        match self {
            Self::SYMMETRIC_DEFAULT => &[ENCRYPT_DECRYPT],
            Self::HMAC_224 | Self::HMAC_256 | Self::HMAC_384 | Self::HMAC_512 => {
                &[GENERATE_VERIFY_MAC]
            }
            Self::RSA_2048 | Self::RSA_3072 | Self::RSA_4096 => &[SIGN_VERIFY, ENCRYPT_DECRYPT],
            Self::ECC_NIST_P256 | Self::ECC_NIST_P384 | Self::ECC_NIST_P521 => {
                &[SIGN_VERIFY, KEY_AGREEMENT]
            }
            Self::ECC_SECG_P256K1
            | Self::ECC_NIST_EDWARDS25519
            | Self::ML_DSA_44
            | Self::ML_DSA_65
            | Self::ML_DSA_87 => &[SIGN_VERIFY],
            Self::SM2 => &[SIGN_VERIFY, ENCRYPT_DECRYPT, KEY_AGREEMENT],
            Self::ML_KEM_512 | Self::ML_KEM_768 | Self::ML_KEM_1024 => &[ENCAPSULATE_DECAPSULATE],
        }
    }

    /// Returns whether this is the symmetric encryption spec, the only one with encryption contexts.
    pub fn is_symmetric_encryption(self) -> bool {
        self == Self::SYMMETRIC_DEFAULT
    }

    /// Returns whether this is one of the RSA specs.
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::RSA_2048 | Self::RSA_3072 | Self::RSA_4096)
    }

    /// Returns whether this is one of the HMAC specs.
    pub fn is_hmac(self) -> bool {
        self.usages() == [KeyUsage::GENERATE_VERIFY_MAC]
    }

    /// Returns the usage of a key of this spec: `usage` if it fits, or the only usage if `usage` is `None`.
    pub(crate) fn usage_of(self, usage: Option<KeyUsage>) -> Option<KeyUsage> {
        match (usage, self.usages()) {
            (Some(usage), fitting) => fitting.contains(&usage).then_some(usage),
            (None, [only]) => Some(*only),
            _ => None,
        }
    }

    /// Returns the member of `KeyMetadata` for the algorithms of a key with this spec and `usage`, and its words.
    pub(crate) fn algorithms(self, usage: KeyUsage) -> (&'static str, &'static [&'static str]) {
        let words: &[&str] = match usage {
            KeyUsage::ENCRYPT_DECRYPT => match self {
                Self::SYMMETRIC_DEFAULT => &["SYMMETRIC_DEFAULT"],
                Self::SM2 => &["SM2PKE"],
                _ => &["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"],
            },
            KeyUsage::SIGN_VERIFY => match self {
                Self::RSA_2048 | Self::RSA_3072 | Self::RSA_4096 => &[
                    "RSASSA_PKCS1_V1_5_SHA_256",
                    "RSASSA_PKCS1_V1_5_SHA_384",
                    "RSASSA_PKCS1_V1_5_SHA_512",
                    "RSASSA_PSS_SHA_256",
                    "RSASSA_PSS_SHA_384",
                    "RSASSA_PSS_SHA_512",
                ],
                Self::ECC_NIST_P256 | Self::ECC_SECG_P256K1 => &["ECDSA_SHA_256"],
                Self::ECC_NIST_P384 => &["ECDSA_SHA_384"],
                Self::ECC_NIST_P521 => &["ECDSA_SHA_512"],
                Self::ECC_NIST_EDWARDS25519 => &["ED25519_PH_SHA_512", "ED25519_SHA_512"],
                Self::SM2 => &["SM2DSA"],
                _ => &["ML_DSA_SHAKE_256"],
            },
            KeyUsage::GENERATE_VERIFY_MAC => match self {
                Self::HMAC_224 => &["HMAC_SHA_224"],
                Self::HMAC_256 => &["HMAC_SHA_256"],
                Self::HMAC_384 => &["HMAC_SHA_384"],
                _ => &["HMAC_SHA_512"],
            },
            KeyUsage::KEY_AGREEMENT => &["ECDH"],
            KeyUsage::ENCAPSULATE_DECAPSULATE => &["ML_KEM"],
        };
        let member = match usage {
            KeyUsage::ENCRYPT_DECRYPT => "EncryptionAlgorithms",
            KeyUsage::SIGN_VERIFY => "SigningAlgorithms",
            KeyUsage::GENERATE_VERIFY_MAC => "MacAlgorithms",
            KeyUsage::KEY_AGREEMENT => "KeyAgreementAlgorithms",
            KeyUsage::ENCAPSULATE_DECAPSULATE => "EncapsulationAlgorithms",
        };
        (member, words)
    }

    /// Returns the grant operations that fit a key of this spec and `usage`, in AWS's order: the three that fit every
    /// key, then those of the usage (recorded for HMAC keys; for other keys, only the members are documented, fact
    /// 3.1.13, and the order is inferred).
    pub fn grant_operations(self, usage: KeyUsage) -> Vec<GrantOperation> {
        use GrantOperation::{
            CreateGrant, Decapsulate, Decrypt, DeriveSharedSecret, DescribeKey, Encapsulate,
            Encrypt, GenerateDataKey, GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext,
            GenerateDataKeyWithoutPlaintext, GenerateMac, GetPublicKey, ReEncryptFrom, ReEncryptTo,
            RetireGrant, Sign, Verify, VerifyMac,
        };
        let own: &[GrantOperation] = match (usage, self.is_symmetric_encryption()) {
            (KeyUsage::ENCRYPT_DECRYPT, true) => &[
                Encrypt,
                Decrypt,
                ReEncryptFrom,
                ReEncryptTo,
                GenerateDataKey,
                GenerateDataKeyWithoutPlaintext,
                GenerateDataKeyPair,
                GenerateDataKeyPairWithoutPlaintext,
            ],
            (KeyUsage::ENCRYPT_DECRYPT, false) => {
                &[GetPublicKey, Encrypt, Decrypt, ReEncryptFrom, ReEncryptTo]
            }
            (KeyUsage::SIGN_VERIFY, _) => &[GetPublicKey, Sign, Verify],
            (KeyUsage::GENERATE_VERIFY_MAC, _) => &[GenerateMac, VerifyMac],
            (KeyUsage::KEY_AGREEMENT, _) => &[GetPublicKey, DeriveSharedSecret],
            (KeyUsage::ENCAPSULATE_DECAPSULATE, _) => &[GetPublicKey, Encapsulate, Decapsulate],
        };
        [&[CreateGrant, RetireGrant, DescribeKey], own].concat()
    }
}
