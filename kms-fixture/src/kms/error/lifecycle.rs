//! The catalogue's other part: rotation, imported key material and multi-Region keys (section 12 of `kms-facts.md`).

use super::KmsError;

const INVALID_STATE: &str = "KMSInvalidStateException";

/// Rotation.
impl KmsError {
    // Facts 12.23, 12.35: a key with the wrong origin.
    pub(crate) fn origin_not_valid(arn: &str, origin: &str) -> Self {
        Self::unsupported(format!(
            "{arn} origin is {origin} which is not valid for this operation."
        ))
    }

    // Fact 12.24.
    pub(crate) fn not_for_replicas(arn: &str, operation: &str) -> Self {
        Self::unsupported(format!(
            "{arn} is a multi-region replica key which is not valid for {operation}."
        ))
    }

    // Facts 12.22, 12.30: a key that is not for symmetric encryption: no message.
    pub(crate) fn not_for_this_spec() -> Self {
        Self::silent("UnsupportedOperationException")
    }

    // Fact 12.23.
    pub(crate) fn nothing_to_rotate(arn: &str) -> Self {
        Self::client(
            INVALID_STATE,
            format!("No available key material pending rotation for the key: {arn}."),
        )
    }

    // Fact 12.27.
    pub(crate) fn too_many_rotations(arn: &str) -> Self {
        Self::client(
            "LimitExceededException",
            format!(
                "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be \
                 performed for this key: {arn}"
            ),
        )
    }

    // Fact 12.110; the text is ours: INVENTED(rotation-conflict).
    pub(crate) fn rotation_conflict(arn: &str) -> Self {
        Self::client(
            "ConflictException",
            format!("An automatic rotation of {arn} is about to begin."),
        )
    }

    // Fact 12.68.
    pub(crate) fn list_needs_symmetric_key() -> Self {
        Self::validation("Input parameter includeKeyMaterial can only be used with symmetric keys.")
    }

    // Fact 12.76.
    pub(crate) fn replicas_lack_material() -> Self {
        Self::client(
            INVALID_STATE,
            "Cannot perform key material rotation: Key material has not been imported for replicas of the Multi-Region key.",
        )
    }
}

/// Imported key material.
#[cfg(feature = "crypto")]
impl KmsError {
    // Facts 12.36, 12.37, 12.105.
    pub(crate) fn wrapping_does_not_fit(algorithm: &str, wrapping: &str, spec: &str) -> Self {
        Self::validation(format!(
            "Wrapping algorithm {algorithm} and wrapping key spec {wrapping} cannot be used to import a {spec} key."
        ))
    }

    // Fact 12.39: no message.
    pub(crate) fn invalid_import_token() -> Self {
        Self::silent("InvalidImportTokenException")
    }

    // API reference, ImportKeyMaterial; whether AWS sends a message is unknown: INVENTED(expired-import-token).
    pub(crate) fn expired_import_token() -> Self {
        Self::silent("ExpiredImportTokenException")
    }

    // Fact 12.40: no message.
    pub(crate) fn wrong_import() -> Self {
        Self::silent("InvalidCiphertextException")
    }

    // Facts 12.48, 12.50, 12.69, 12.74.
    pub(crate) fn other_material(expected: &str) -> Self {
        Self::client(
            "IncorrectKeyMaterialException",
            format!("Imported key material does not have the expected identifier ({expected})."),
        )
    }

    // Fact 12.49.
    pub(crate) fn material_is_known(id: &str, arn: &str) -> Self {
        Self::client(
            "IncorrectKeyMaterialException",
            format!(
                "Key material (id: {id}) being imported as NEW_KEY_MATERIAL is already associated with KMS key {arn}."
            ),
        )
    }

    // Fact 12.53.
    pub(crate) fn other_material_pending(id: &str, arn: &str, pending: &str) -> Self {
        Self::client(
            INVALID_STATE,
            format!(
                "New key material (id: {id}) cannot be imported into KMS key {arn}, because another key material (id: \
                 {pending}) is pending rotation."
            ),
        )
    }

    // Fact 12.58.
    pub(crate) fn never_imported(id: &str, arn: &str) -> Self {
        Self::validation(format!(
            "Key material (id: {id}) has never been imported into KMS key {arn}."
        ))
    }

    // Fact 12.67.
    pub(crate) fn not_for_imported_keys(parameter: &str, spec: &str) -> Self {
        Self::validation(format!(
            "Input parameter {parameter} cannot be used with {spec} imported keys."
        ))
    }
}

/// Multi-Region keys.
impl KmsError {
    // Fact 12.84.
    pub(crate) fn region_has_the_primary(region: &str) -> Self {
        Self::validation(format!("{region} cannot have a replica because it contains the primary."))
    }

    // Fact 12.85.
    pub(crate) fn other_partition() -> Self {
        Self::validation(
            "The replica key Region must be in the same AWS partition as the primary key Region.",
        )
    }

    // Fact 12.86.
    pub(crate) fn no_such_region(region: &str) -> Self {
        Self::validation(format!(
            "Region {region} is not a valid Region or multi-Region keys are not supported in Region {region}."
        ))
    }

    // Fact 12.87.
    pub(crate) fn replica_exists() -> Self {
        Self::client(
            "AlreadyExistsException",
            "You can create only one replica of each primary key in each AWS Region.",
        )
    }

    // Fact 12.88; for a single-Region key: INVENTED(single-region).
    pub(crate) fn cannot_be_replicated(arn: &str) -> Self {
        Self::unsupported(format!("{arn} is not a multi-region primary key."))
    }

    // Fact 12.91.
    pub(crate) fn no_replica_in_region(key_id: &str) -> Self {
        Self::validation(format!("{key_id} does not have a replica key in the specified Region."))
    }

    // Fact 12.92; code and spelling differ from those of ReplicateKey; for a single-Region key: INVENTED(single-region).
    pub(crate) fn is_not_a_primary(arn: &str) -> Self {
        Self::client(INVALID_STATE, format!("{arn} is not a multi-Region primary key."))
    }
}
