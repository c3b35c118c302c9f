//! AWS's request quotas: calls in a second, for each account and Region (facts 15.12 and 15.13).
//!
//! Written by hand; a test of `kms` compares this table with the sheet of facts.

/// How AWS counts the calls of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// On their own: at most so many in a second.
    Alone(u32),
    /// With the other cryptographic operations on keys of the same kind.
    ByKey,
    /// As [`ByKey`](Self::ByKey), with those on symmetric keys: the call names no key.
    AsSymmetric,
    /// By the spec of the data key pair.
    ByPair,
}

/// A quota that the cryptographic operations on one kind of key share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shared {
    Symmetric,
    Rsa,
    Ecc,
    MlDsa,
}

impl Shared {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 4] = [Self::Symmetric, Self::Rsa, Self::Ecc, Self::MlDsa];

    /// Returns its word in the option `quotas`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Symmetric => "symmetric",
            Self::Rsa => "rsa",
            Self::Ecc => "ecc",
            Self::MlDsa => "ml_dsa",
        }
    }

    /// Returns the quota that counts the operations on keys of a spec. AWS has published none for ML-KEM.
    pub(crate) fn of_spec(spec: &str) -> Option<Self> {
        const PREFIXES: [(&str, Shared); 6] = [
            ("SYMMETRIC_", Shared::Symmetric),
            ("HMAC_", Shared::Symmetric),
            ("RSA_", Shared::Rsa),
            ("ECC_", Shared::Ecc),
            ("SM2", Shared::Ecc),
            ("ML_DSA_", Shared::MlDsa),
        ];
        PREFIXES.iter().find(|it| spec.starts_with(it.0)).map(|it| it.1)
    }

    /// Returns the calls in a second that AWS allows in a Region (fact 15.12).
    pub(crate) fn in_region(self, region: &str) -> u32 {
        if self != Self::Symmetric {
            return 1_000;
        }
        match region {
            "us-east-1" | "us-west-2" | "eu-west-1" => 100_000,
            "us-east-2" | "ap-southeast-1" | "ap-southeast-2" | "ap-northeast-1"
            | "eu-central-1" | "eu-west-2" => 20_000,
            _ => 10_000,
        }
    }
}

/// Returns the spec of a data key pair, and the pairs in a second that AWS allows (fact 15.13).
pub(crate) fn of_pair(spec: &str) -> Option<(&'static str, u32)> {
    PAIRS.iter().find(|it| it.0 == spec).copied()
}

/// Returns how AWS counts an operation.
pub(crate) fn counted(operation: &str) -> Option<Counted> {
    COUNTED.iter().find(|it| it.0 == operation).map(|it| it.1)
}

static PAIRS: &[(&str, u32)] = &[
    ("ECC_NIST_EDWARDS25519", 100),
    ("ECC_NIST_P256", 100),
    ("ECC_NIST_P384", 100),
    ("ECC_NIST_P521", 100),
    ("ECC_SECG_P256K1", 100),
    ("RSA_2048", 20),
    ("RSA_3072", 4),
    ("RSA_4096", 1),
    ("SM2", 25),
];

use Counted::{Alone, AsSymmetric, ByKey, ByPair};

/// Every operation of the API. `Decapsulate` and `Encapsulate` are on ML-KEM keys.
pub(super) static COUNTED: &[(&str, Counted)] = &[
    ("CancelKeyDeletion", Alone(5)),
    ("ConnectCustomKeyStore", Alone(5)),
    ("CreateAlias", Alone(5)),
    ("CreateCustomKeyStore", Alone(5)),
    ("CreateGrant", Alone(50)),
    ("CreateKey", Alone(5)),
    ("Decapsulate", ByKey),
    ("Decrypt", ByKey),
    ("DeleteAlias", Alone(15)),
    ("DeleteCustomKeyStore", Alone(5)),
    ("DeleteImportedKeyMaterial", Alone(15)),
    ("DeriveSharedSecret", ByKey),
    ("DescribeCustomKeyStores", Alone(5)),
    ("DescribeKey", Alone(2_000)),
    ("DisableKey", Alone(5)),
    ("DisableKeyRotation", Alone(5)),
    ("DisconnectCustomKeyStore", Alone(5)),
    ("EnableKey", Alone(5)),
    ("EnableKeyRotation", Alone(15)),
    ("Encapsulate", ByKey),
    ("Encrypt", ByKey),
    ("GenerateDataKey", ByKey),
    ("GenerateDataKeyPair", ByPair),
    ("GenerateDataKeyPairWithoutPlaintext", ByPair),
    ("GenerateDataKeyWithoutPlaintext", ByKey),
    ("GenerateMac", ByKey),
    ("GenerateRandom", AsSymmetric),
    ("GetKeyLastUsage", Alone(5)),
    ("GetKeyPolicy", Alone(1_000)),
    ("GetKeyRotationStatus", Alone(1_000)),
    ("GetParametersForImport", Alone(1)),
    ("GetPublicKey", Alone(2_000)),
    ("ImportKeyMaterial", Alone(15)),
    ("ListAliases", Alone(500)),
    ("ListGrants", Alone(100)),
    ("ListKeyPolicies", Alone(100)),
    ("ListKeyRotations", Alone(100)),
    ("ListKeys", Alone(500)),
    ("ListResourceTags", Alone(2_000)),
    ("ListRetirableGrants", Alone(100)),
    ("PutKeyPolicy", Alone(15)),
    ("ReEncrypt", ByKey),
    ("ReplicateKey", Alone(5)),
    ("RetireGrant", Alone(50)),
    ("RevokeGrant", Alone(50)),
    ("RotateKeyOnDemand", Alone(5)),
    ("ScheduleKeyDeletion", Alone(15)),
    ("Sign", ByKey),
    ("TagResource", Alone(10)),
    ("UntagResource", Alone(5)),
    ("UpdateAlias", Alone(5)),
    ("UpdateCustomKeyStore", Alone(5)),
    ("UpdateKeyDescription", Alone(5)),
    ("UpdatePrimaryRegion", Alone(5)),
    ("Verify", ByKey),
    ("VerifyMac", ByKey),
];

#[cfg(test)]
mod tests;
