//! The operations of AWS KMS (API model of 2026): which are implemented here, and which are not.

/// Whether a name is an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Implemented(&'static str),
    /// AWS has it, this version does not.
    NotImplemented(&'static str),
    No,
}

/// Operations that the service has and this version refuses, saying so.
const NOT_IMPLEMENTED: &[&str] = &[
    "ConnectCustomKeyStore",
    "CreateCustomKeyStore",
    "Decapsulate",
    "Decrypt",
    "DeleteCustomKeyStore",
    "DeleteImportedKeyMaterial",
    "DeriveSharedSecret",
    "DescribeCustomKeyStores",
    "DisableKeyRotation",
    "DisconnectCustomKeyStore",
    "EnableKeyRotation",
    "Encapsulate",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "GenerateRandom",
    "GetKeyLastUsage",
    "GetKeyRotationStatus",
    "GetParametersForImport",
    "GetPublicKey",
    "ImportKeyMaterial",
    "ListKeyRotations",
    "ReEncrypt",
    "ReplicateKey",
    "RotateKeyOnDemand",
    "Sign",
    "UpdateCustomKeyStore",
    "UpdatePrimaryRegion",
    "Verify",
    "VerifyMac",
];

/// Looks `name` up.
pub(crate) fn known(name: &str) -> Known {
    if let Some(shape) = super::shapes::OPERATIONS.iter().find(|it| it.name == name) {
        return Known::Implemented(shape.name);
    }
    match NOT_IMPLEMENTED.iter().find(|it| **it == name) {
        Some(name) => Known::NotImplemented(name),
        None => Known::No,
    }
}
