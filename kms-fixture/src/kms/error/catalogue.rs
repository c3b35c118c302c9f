//! One constructor for each row of the error catalogue in `kms-facts.md` 8 and 8b that this version can produce.
//!
//! A comment names the row or fact. `INVENTED(..)` marks a text or a behaviour that AWS has not published: tests should
//! match the code only. `guesses.md` lists the marks.

use super::KmsError;

const NOT_FOUND: &str = "NotFoundException";
const INVALID_ARN: &str = "InvalidArnException";
const VALIDATION: &str = "ValidationException";
const MALFORMED_POLICY: &str = "MalformedPolicyDocumentException";
const INVALID_STATE: &str = "KMSInvalidStateException";
const LIMIT_EXCEEDED: &str = "LimitExceededException";
const INVALID_KEY_USAGE: &str = "InvalidKeyUsageException";
const DRY_RUN: &str = "DryRunOperationException";

/// Identifiers that name nothing.
impl KmsError {
    // Row 1.
    pub(crate) fn invalid_key_id(id: &str) -> Self {
        Self::client(NOT_FOUND, format!("Invalid keyId '{id}'"))
    }

    // Row 2.
    pub(crate) fn no_such_key(arn: &str) -> Self {
        Self::client(NOT_FOUND, format!("Key '{arn}' does not exist"))
    }

    // Row 3 with a Region, fact 8b.14 with a text that is not an ARN.
    pub(crate) fn invalid_arn(shown: &str) -> Self {
        Self::client(NOT_FOUND, format!("Invalid arn {shown}"))
    }

    /// Returns whether this is the error for an alias that does not exist.
    pub(crate) fn is_missing_alias(&self) -> bool {
        self.code == NOT_FOUND && self.message.as_ref().is_some_and(|it| it.starts_with("Alias "))
    }

    // Row 4.
    pub(crate) fn no_such_alias(arn: &str) -> Self {
        Self::client(NOT_FOUND, format!("Alias {arn} is not found."))
    }

    // Row 5 and the end of section 8: INVENTED(missing-grant).
    pub(crate) fn no_such_grant(grant_id: &str) -> Self {
        Self::client(NOT_FOUND, format!("Grant '{grant_id}' does not exist"))
    }

    // Row 55.
    pub(crate) fn no_such_policy() -> Self {
        Self::client(NOT_FOUND, "No such policy exists")
    }

    // Row 6.
    pub(crate) fn alias_not_supported() -> Self {
        Self::client(INVALID_ARN, "Key Aliases are not supported for this operation.")
    }

    // The end of section 8: INVENTED(dead-token).
    pub(crate) fn invalid_grant_token() -> Self {
        Self::client("InvalidGrantTokenException", "The grant token is not valid.")
    }

    // The end of section 8: INVENTED(malformed-grant-id).
    pub(crate) fn invalid_grant_id(grant_id: &str) -> Self {
        Self::client("InvalidGrantIdException", format!("Invalid grantId '{grant_id}'"))
    }

    // No message, as recorded for ListKeyRotations (stackd, `rotation.json`).
    pub(crate) fn invalid_marker() -> Self {
        Self::silent("InvalidMarkerException")
    }
}

/// Principals.
impl KmsError {
    // Row 7; facts 8b.3, 8b.11.
    pub(crate) fn no_such_principal(arn: &str) -> Self {
        Self::client(INVALID_ARN, format!("ARN does not refer to a valid principal: {arn}"))
    }

    // Fact 8b.1: an STS ARN with the role's path.
    pub(crate) fn arn_not_valid(arn: &str) -> Self {
        Self::client(INVALID_ARN, format!("ARN is not valid: {arn}"))
    }

    // Fact 8b.11: ListGrants by a dead unique id.
    pub(crate) fn filter_is_not_a_principal() -> Self {
        Self::client(INVALID_ARN, "Input does not refer to a valid principal")
    }

    // Fact 8b.11: CreateGrant with a dead unique id. For a retiring principal the text is INVENTED(dead-retiring).
    pub(crate) fn member_is_not_a_principal(member: &str) -> Self {
        Self::client(INVALID_ARN, format!("{member} does not refer to a valid principal."))
    }

    // Fact 8b.11: ListRetirableGrants by a dead unique id.
    pub(crate) fn no_such_retiring_principal(id: &str) -> Self {
        Self::client(NOT_FOUND, format!("Retiring principal {id} could not be found"))
    }
}

/// Key states and DryRun.
impl KmsError {
    // Row 12; section 6 note 1.
    pub(crate) fn disabled(arn: &str) -> Self {
        Self::client("DisabledException", format!("{arn} is disabled."))
    }

    // Rows 13, 14; section 6 notes 3, 5, 11, 14, 15. `state` is `pending deletion`, `creating` and the like.
    pub(crate) fn invalid_state(arn: &str, state: &str) -> Self {
        Self::client(INVALID_STATE, format!("{arn} is {state}."))
    }

    // Section 6 note 4.
    pub(crate) fn not_pending_deletion(arn: &str) -> Self {
        Self::client(
            INVALID_STATE,
            format!("{arn} is not pending deletion (or pending replica deletion)."),
        )
    }

    // Row 15.
    pub(crate) fn dry_run() -> Self {
        Self::client(DRY_RUN, "The request would have succeeded, but the DryRun option is set.")
    }
}

/// Invalid input.
impl KmsError {
    // Rows 27 to 39 and service-level texts, which the operation passes.
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::client(VALIDATION, message)
    }

    // Row 36 with the documented bound: INVENTED(large-limit).
    pub(crate) fn over_limit(limit: usize, max: usize) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have \
             value less than or equal to {max}"
        ))
    }

    // Row 8.
    pub(crate) fn only_create_grant() -> Self {
        Self::validation("Grants must not contain only the CreateGrant operation.")
    }

    // Row 9.
    pub(crate) fn two_constraints() -> Self {
        Self::validation("More than one constraint supplied")
    }

    // Row 10.
    pub(crate) fn context_needs_symmetric_key() -> Self {
        Self::validation(
            "EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key.",
        )
    }

    // Row 40.
    pub(crate) fn alias_prefix() -> Self {
        Self::validation(
            "Alias must start with the prefix \"alias/\". Please see \
             https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",
        )
    }

    // Row 41.
    pub(crate) fn usage_required() -> Self {
        Self::validation(
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
        )
    }

    // Row 42.
    pub(crate) fn usage_mismatch(usage: &str, spec: &str) -> Self {
        Self::validation(format!("KeyUsage {usage} is not compatible with KeySpec {spec}"))
    }

    // Row 53.
    pub(crate) fn tags(message: &str) -> Self {
        Self::client("TagException", message)
    }

    // Row 11, recorded for an HMAC key (stackd, `hmac.json`); texts for other kinds of key follow its pattern.
    pub(crate) fn operations_do_not_fit(
        operation: &str,
        kind: &str,
        usage: &str,
        valid: &str,
    ) -> Self {
        Self::validation(format!(
            "Operations [{operation}] are not supported when creating a grant for {kind} KMS key with key usage \
             {usage}. Valid operations are [{valid}]"
        ))
    }

    // Row 54: a principal that does not exist.
    pub(crate) fn policy_principal() -> Self {
        Self::client(
            MALFORMED_POLICY,
            "Policy contains a statement with one or more invalid principals.",
        )
    }

    // Row 54: the caller would lock itself out.
    pub(crate) fn policy_lockout() -> Self {
        Self::client(
            MALFORMED_POLICY,
            "The new key policy will not allow you to update the key policy in the future.",
        )
    }

    // The policy that RAM manages (API model of 2026).
    pub(crate) fn ram_policy() -> Self {
        Self::validation("The AWS_RAM policy can only be managed by the RAM service")
    }

    // An invalid policy document: no message (aws/aws-sdk-ruby#1784).
    pub(crate) fn malformed_policy() -> Self {
        Self::silent(MALFORMED_POLICY)
    }

    // `alias/..` as the target of an alias (getmoto/moto, copied from AWS).
    pub(crate) fn alias_to_alias() -> Self {
        Self::validation("Aliases must refer to keys. Not aliases")
    }

    // A colon in the name of an alias (terraform-provider-aws#12891).
    pub(crate) fn alias_characters(name: &str) -> Self {
        Self::validation(format!("{name} contains invalid characters for an alias"))
    }

    // `alias/aws/..`: no message (getmoto/moto, copied from AWS in 2015).
    pub(crate) fn alias_reserved() -> Self {
        Self::silent("NotAuthorizedException")
    }

    // Skyscanner/kms-issuer#8.
    pub(crate) fn deletion_window() -> Self {
        Self::validation("PendingWindowInDays must be between 7 and 30")
    }

    // The modelled error of `CreateAlias`; users of the AWS CLI quote the text.
    pub(crate) fn alias_exists(arn: &str) -> Self {
        Self::client(
            "AlreadyExistsException",
            format!("An alias with the name {arn} already exists"),
        )
    }

    // floci#3026 for SM2 outside China.
    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::client("UnsupportedOperationException", message)
    }

    // CreateKey in a custom key store: no message (fact 1.5).
    pub(crate) fn no_custom_key_store() -> Self {
        Self::silent("CustomKeyStoreNotFoundException")
    }

    // The quota of 32 KB on a key policy (fact 15.14): INVENTED(policy-quota).
    pub(crate) fn policy_quota(length: usize, limit: usize) -> Self {
        Self::client(
            LIMIT_EXCEEDED,
            format!(
                "Key policy size quota is {limit} bytes but the key policy has {length} bytes."
            ),
        )
    }

    // The quota of 50 aliases of a key (fact 15.14): INVENTED(alias-quota).
    pub(crate) fn alias_quota(arn: &str, limit: usize) -> Self {
        Self::client(
            LIMIT_EXCEEDED,
            format!("Alias quota for {arn} is {limit} but the current usage is {limit}."),
        )
    }

    // Section 7's quota of 50,000 grants on a key: INVENTED(grant-quota).
    pub(crate) fn grant_quota(arn: &str, limit: usize) -> Self {
        Self::client(
            LIMIT_EXCEEDED,
            format!("Grant quota for {arn} is {limit} but the current usage is {limit}."),
        )
    }
}

/// Cryptography.
impl KmsError {
    // Row 46.
    pub(crate) fn wrong_usage(arn: &str, usage: &str, operation: &str) -> Self {
        Self::client(
            INVALID_KEY_USAGE,
            format!("{arn} key usage is {usage} which is not valid for {operation}."),
        )
    }

    // Row 47.
    pub(crate) fn wrong_algorithm(algorithm: &str, spec: &str) -> Self {
        Self::client(
            INVALID_KEY_USAGE,
            format!("Algorithm {algorithm} is incompatible with key spec {spec}."),
        )
    }

    // A data key or a data key pair under an asymmetric key (recorded for pairs; fact 13.4).
    pub(crate) fn data_key_under_asymmetric_key(what: &str) -> Self {
        Self::client(
            INVALID_KEY_USAGE,
            format!("You cannot generate a {what} with an asymmetric CMK"),
        )
    }

    // Row 48.
    pub(crate) fn incorrect_key() -> Self {
        Self::client(
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
        )
    }

    // Row 49.
    pub(crate) fn invalid_ciphertext() -> Self {
        Self::silent("InvalidCiphertextException")
    }

    // Row 50.
    pub(crate) fn invalid_signature_of_message() -> Self {
        Self::silent("KMSInvalidSignatureException")
    }

    // Row 50.
    pub(crate) fn invalid_mac() -> Self {
        Self::silent("KMSInvalidMacException")
    }

    // Row 43.
    pub(crate) fn digest_length(algorithm: &str) -> Self {
        Self::validation(format!("Digest is invalid length for algorithm {algorithm}."))
    }

    // Fact 13.5.
    pub(crate) fn external_mu_length(algorithm: &str) -> Self {
        Self::validation(format!("External Mu is invalid length for algorithm {algorithm}."))
    }

    // Fact 13.5; `what` is a key spec or an algorithm.
    pub(crate) fn wrong_message_type(message_type: &str, what: &str) -> Self {
        Self::validation(format!("Message type {message_type} is incompatible with {what}."))
    }

    // Row 44.
    pub(crate) fn too_long(algorithm: &str, spec: &str, limit: usize) -> Self {
        Self::validation(format!(
            "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {limit} bytes."
        ))
    }

    // Fact 13.3.
    pub(crate) fn context_with_asymmetric_key() -> Self {
        Self::validation(
            "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.",
        )
    }

    // Fact 15.20.
    pub(crate) fn invalid_context() -> Self {
        Self::validation("Invalid EncryptionContext")
    }

    // Fact 13.3: an asymmetric ciphertext does not name its key.
    pub(crate) fn key_id_required() -> Self {
        Self::validation("KeyId must not be null")
    }

    // Fact 15.25.
    pub(crate) fn modifiers_without_dry_run() -> Self {
        Self::validation("DryRunModifiers can only be specified when DryRun is true")
    }

    // Row 35, for a member that the model does not require.
    pub(crate) fn missing_member(member: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be \
             null"
        ))
    }

    // Fact 13.4.
    pub(crate) fn length_or_spec() -> Self {
        Self::validation("Please specify either number of bytes or key spec.")
    }

    // GetPublicKey of a symmetric key: no message (recorded).
    pub(crate) fn no_public_key() -> Self {
        Self::silent("UnsupportedOperationException")
    }

    // DeriveSharedSecret with an invalid public key: no message (fact 1.16).
    pub(crate) fn invalid_public_key() -> Self {
        Self::silent(VALIDATION)
    }

    /// Returns whether this is row 3.
    pub(crate) fn is_other_region(&self) -> bool {
        self.code == NOT_FOUND
            && self.message.as_deref().is_some_and(|it| it.starts_with("Invalid arn "))
    }
}

/// The protocol.
impl KmsError {
    // An operation that KMS does not have: 400 and no message, as recorded on sibling services; the generic
    // page of common errors has 404.
    pub(crate) fn unknown_operation() -> Self {
        Self::silent("UnknownOperationException")
    }

    // Not AWS's: an operation of KMS that this version does not implement; not retryable.
    pub(crate) fn not_implemented(operation: &str) -> Self {
        Self {
            code: "KmsFixtureNotImplementedException",
            status: 501,
            message: Some(format!(
                "kms-fixture {} does not implement {operation}; AWS KMS does. \
                 The documentation of kms-fixture lists the operations it implements.",
                env!("CARGO_PKG_VERSION")
            )),
            why: None,
        }
    }

    // Not AWS's: a part of an operation that this version does not support; not retryable.
    pub(crate) fn not_supported(what: &str) -> Self {
        Self {
            code: "KmsFixtureNotImplementedException",
            status: 501,
            message: Some(format!(
                "kms-fixture {} does not support {what}. The documentation of kms-fixture lists what it supports.",
                env!("CARGO_PKG_VERSION")
            )),
            why: None,
        }
    }

    // A value of the wrong type, with the texts recorded on sibling services.
    pub(crate) fn serialization(message: impl Into<String>) -> Self {
        Self::client("SerializationException", message)
    }

    // A body that is not a JSON object: no message, as recorded on sibling services.
    pub(crate) fn not_json() -> Self {
        Self::silent("SerializationException")
    }

    // Not AWS's: a call that the cassette does not contain. Clients do not retry a client error with an unknown code.
    pub(crate) fn replay_mismatch(message: String) -> Self {
        Self::client("KmsFixtureReplayMismatchException", message)
    }

    // Not AWS's: a call that a recording refuses to make.
    #[cfg(feature = "record")]
    pub(crate) fn recording_refused(message: String) -> Self {
        Self::client("KmsFixtureRecordingRefusedException", message)
    }

    // Not AWS's: the recorded service was not reachable. Clients retry, as they would against AWS.
    #[cfg(feature = "record")]
    pub(crate) fn upstream_failed(message: String) -> Self {
        Self { code: "KmsFixtureUpstreamException", status: 503, message: Some(message), why: None }
    }

    // A request over the size limit. CommonErrors has 413 (fact 1.11); INVENTED(body-limit).
    pub(crate) fn too_large(limit: usize) -> Self {
        Self {
            code: "RequestEntityTooLargeException",
            status: 413,
            message: Some(format!("The request body is larger than {limit} bytes.")),
            why: None,
        }
    }
}
