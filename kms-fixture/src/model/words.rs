//! The enums whose words are AWS's own: key states, specs, usages, origins and grant operations.

/// Declares an enum whose variants are spelled exactly as on the wire.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident { $( $(#[$variant_doc:meta])* $variant:ident ),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(non_camel_case_types)] // the words are AWS's own, in the attribute, the scenario and on the wire
        #[non_exhaustive]
        pub enum $name { $( $(#[$variant_doc])* $variant ),+ }

        impl $name {
            /// Every word, in the order of the API model.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// Every word as it stands on the wire, in the same order.
            pub const WORDS: &'static [&'static str] = &[ $( stringify!($variant) ),+ ];

            /// The word as it stands on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => stringify!($variant) ),+ }
            }

            /// The value that this word names, if it is one.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( stringify!($variant) => Some(Self::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// The state of a KMS key, which decides what it can be used for (`kms-facts.md` section 6).
    ///
    /// ```
    /// use kms_fixture::model::KeyState;
    /// assert_eq!(KeyState::PendingDeletion.as_str(), "PendingDeletion");
    /// assert_eq!(KeyState::from_word("Disabled"), Some(KeyState::Disabled));
    /// ```
    KeyState {
        /// Being made in a custom key store.
        Creating,
        /// Ready for use.
        Enabled,
        /// Switched off with `DisableKey`, or after `CancelKeyDeletion`.
        Disabled,
        /// Waiting for the end of its deletion window.
        PendingDeletion,
        /// Made for imported material that has not arrived.
        PendingImport,
        /// A multi-Region primary that waits for its last replica to go.
        PendingReplicaDeletion,
        /// Its custom key store is out of reach.
        Unavailable,
        /// Its Region role is being moved with `UpdatePrimaryRegion`.
        Updating,
    }
}

words! {
    /// The kind of key material, `KeySpec` in the API.
    ///
    /// ```
    /// use kms_fixture::model::{KeySpec, KeyUsage};
    /// assert_eq!(KeySpec::HMAC_256.usages(), [KeyUsage::GENERATE_VERIFY_MAC]);
    /// ```
    KeySpec {
        /// RSA, 2048 bits.
        RSA_2048,
        /// RSA, 3072 bits.
        RSA_3072,
        /// RSA, 4096 bits.
        RSA_4096,
        /// NIST curve P-256.
        ECC_NIST_P256,
        /// NIST curve P-384.
        ECC_NIST_P384,
        /// NIST curve P-521.
        ECC_NIST_P521,
        /// The curve secp256k1.
        ECC_SECG_P256K1,
        /// AES-256-GCM; the default.
        SYMMETRIC_DEFAULT,
        /// HMAC with SHA-224.
        HMAC_224,
        /// HMAC with SHA-256.
        HMAC_256,
        /// HMAC with SHA-384.
        HMAC_384,
        /// HMAC with SHA-512.
        HMAC_512,
        /// SM2, in the China Regions only.
        SM2,
        /// ML-DSA-44, post-quantum signatures.
        ML_DSA_44,
        /// ML-DSA-65, post-quantum signatures.
        ML_DSA_65,
        /// ML-DSA-87, post-quantum signatures.
        ML_DSA_87,
        /// Ed25519.
        ECC_NIST_EDWARDS25519,
        /// ML-KEM-512, post-quantum key encapsulation.
        ML_KEM_512,
        /// ML-KEM-768, post-quantum key encapsulation.
        ML_KEM_768,
        /// ML-KEM-1024, post-quantum key encapsulation.
        ML_KEM_1024,
    }
}

words! {
    /// What a key is for, `KeyUsage` in the API.
    ///
    /// ```
    /// use kms_fixture::model::KeyUsage;
    /// assert_eq!(KeyUsage::SIGN_VERIFY.to_string(), "SIGN_VERIFY");
    /// ```
    KeyUsage {
        /// Signatures.
        SIGN_VERIFY,
        /// Encryption and decryption.
        ENCRYPT_DECRYPT,
        /// Message authentication codes.
        GENERATE_VERIFY_MAC,
        /// Shared secrets.
        KEY_AGREEMENT,
        /// Key encapsulation.
        ENCAPSULATE_DECAPSULATE,
    }
}

words! {
    /// Where the key material comes from, `Origin` in the API.
    ///
    /// ```
    /// use kms_fixture::model::Origin;
    /// assert_eq!(Origin::from_word("EXTERNAL"), Some(Origin::EXTERNAL));
    /// ```
    Origin {
        /// AWS KMS made it; the default.
        AWS_KMS,
        /// The owner imports it.
        EXTERNAL,
        /// An AWS CloudHSM key store holds it.
        AWS_CLOUDHSM,
        /// An external key store holds it.
        EXTERNAL_KEY_STORE,
    }
}

words! {
    /// An operation that a grant can allow (API reference, `CreateGrant`, `Operations`).
    ///
    /// `ListGrants`, `RevokeGrant` and `ListRetirableGrants` are not among them.
    ///
    /// ```
    /// use kms_fixture::model::GrantOperation;
    /// assert_eq!(GrantOperation::from_word("ListGrants"), None);
    /// ```
    GrantOperation {
        /// `Decrypt`.
        Decrypt,
        /// `Encrypt`.
        Encrypt,
        /// `GenerateDataKey`.
        GenerateDataKey,
        /// `GenerateDataKeyWithoutPlaintext`.
        GenerateDataKeyWithoutPlaintext,
        /// The source side of `ReEncrypt`.
        ReEncryptFrom,
        /// The destination side of `ReEncrypt`.
        ReEncryptTo,
        /// `Sign`.
        Sign,
        /// `Verify`.
        Verify,
        /// `GetPublicKey`.
        GetPublicKey,
        /// `CreateGrant`, for grants that are no wider than this one.
        CreateGrant,
        /// `RetireGrant`, for this grant.
        RetireGrant,
        /// `DescribeKey`.
        DescribeKey,
        /// `GenerateDataKeyPair`.
        GenerateDataKeyPair,
        /// `GenerateDataKeyPairWithoutPlaintext`.
        GenerateDataKeyPairWithoutPlaintext,
        /// `GenerateMac`.
        GenerateMac,
        /// `VerifyMac`.
        VerifyMac,
        /// `DeriveSharedSecret`.
        DeriveSharedSecret,
        /// `Encapsulate`.
        Encapsulate,
        /// `Decapsulate`.
        Decapsulate,
    }
}
