//! What KMS's model (2014-11-01, as botocore 1.44.5 has it) says about the members of its messages: the alphabet of a
//! cassette. The Python suite compares the lists with botocore's copy.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::Direction;
use super::words::{self, CODES, COMMON_CODES, OPERATIONS};
pub(super) use crate::model::is_region;

/// What the texts of a member are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Account,
    Alias,
    Arn,
    Blob(&'static str),
    Code,
    Context,
    Grant,
    Key,
    Material,
    /// Structures, numbers, booleans, dates: no text is expected.
    Plain,
    Policy,
    Principal,
    Prose,
    Region,
    Service,
    Text(&'static str),
    Token,
    /// A value of an enum.
    Word,
}

#[allow(clippy::too_many_lines)] // it is a table
/// The meaning of `member`; none if the model does not have it. The outermost value has no name.
pub(super) fn meaning(member: &str, way: Direction) -> Option<Meaning> {
    use Meaning::{
        Account, Alias, Arn, Blob, Code, Context, Grant, Key, Material, Plain, Policy, Principal,
        Prose, Region, Service, Text, Token, Word,
    };
    Some(match member {
        "KeyId" | "TargetKeyId" | "SourceKeyId" | "DestinationKeyId" => Key,
        "Arn" | "KeyArn" | "AliasArn" | "SourceArn" => Arn,
        "AliasName" => Alias,
        "GrantId" => Grant,
        "GrantToken" | "GrantTokens" => Token,
        "GranteePrincipal" | "RetiringPrincipal" | "IssuingAccount" => Principal,
        "GranteeServicePrincipal" | "RetiringServicePrincipal" => Service,
        "AWSAccountId" | "VpcEndpointServiceOwner" | "XksProxyVpcEndpointServiceOwner" => Account,
        "Region" | "PrimaryRegion" | "ReplicaRegion" => Region,
        "KeyMaterialId"
        | "CurrentKeyMaterialId"
        | "SourceKeyMaterialId"
        | "DestinationKeyMaterialId" => Material,
        "EncryptionContext"
        | "EncryptionContextEquals"
        | "EncryptionContextSubset"
        | "SourceEncryptionContext"
        | "DestinationEncryptionContext" => Context,
        "Policy" | "ReplicaPolicy" => Policy,
        "Marker" | "NextMarker" => Text("marker"),
        "Name" => Text("name"),
        "Description" | "KeyMaterialDescription" => Text("description"),
        "TagKey" | "TagKeys" => Text("tag-key"),
        "TagValue" => Text("tag-value"),
        // The private key of a pair is decrypted like everything else.
        "CiphertextBlob" | "PrivateKeyCiphertextBlob" => Blob("ciphertext"),
        "Plaintext" | "PrivateKeyPlaintext" => Blob("plaintext"),
        "Message" if way == Direction::Received => Prose,
        "message" => Prose,
        "Message" => Blob("message"),
        "Signature" => Blob("signature"),
        "Mac" => Blob("mac"),
        "PublicKey" => Blob("public-key"),
        "SharedSecret" => Blob("shared-secret"),
        "AttestationDocument"
        | "CiphertextForRecipient"
        | "EncryptedKeyMaterial"
        | "ImportToken"
        | "SharedSecretCiphertextBlob" => Blob("bytes"),
        "__type" | "code" => Code,
        "ConnectionErrorCode"
        | "ConnectionState"
        | "Connectivity"
        | "CustomKeyStoreType"
        | "CustomerMasterKeySpec"
        | "DestinationEncryptionAlgorithm"
        | "DryRunModifiers"
        | "EncapsulationAlgorithm"
        | "EncapsulationAlgorithms"
        | "EncryptionAlgorithm"
        | "EncryptionAlgorithms"
        | "ExpirationModel"
        | "ImportState"
        | "ImportType"
        | "IncludeKeyMaterial"
        | "KeyAgreementAlgorithm"
        | "KeyAgreementAlgorithms"
        | "KeyEncryptionAlgorithm"
        | "KeyManager"
        | "KeyMaterialState"
        | "KeyOrigin"
        | "KeyPairSpec"
        | "KeySpec"
        | "KeyState"
        | "KeyUsage"
        | "MacAlgorithm"
        | "MacAlgorithms"
        | "MessageType"
        | "MultiRegionKeyType"
        | "Operation"
        | "Operations"
        | "Origin"
        | "PolicyName"
        | "PolicyNames"
        | "ResourceOwners"
        | "RotationType"
        | "SigningAlgorithm"
        | "SigningAlgorithms"
        | "SourceEncryptionAlgorithm"
        | "WrappingAlgorithm"
        | "WrappingKeySpec"
        | "XksProxyConnectivity" => Word,
        "CustomKeyStoreId"
        | "CustomKeyStoreName"
        | "NewCustomKeyStoreName"
        | "CloudHsmClusterId"
        | "CloudTrailEventId"
        | "KmsRequestId"
        | "Id"
        | "XksKeyId"
        | "KeyStorePassword"
        | "TrustAnchorCertificate"
        | "AccessKeyId"
        | "RawSecretAccessKey"
        | "UriEndpoint"
        | "UriPath"
        | "VpcEndpointServiceName"
        | "XksProxyUriEndpoint"
        | "XksProxyUriPath"
        | "XksProxyVpcEndpointServiceName" => Text("text"),
        ""
        | "Aliases"
        | "BypassPolicyLockoutSafetyCheck"
        | "Constraints"
        | "CreationDate"
        | "CustomKeyStores"
        | "DeletionDate"
        | "DryRun"
        | "Enabled"
        | "Grants"
        | "KeyCreationDate"
        | "KeyLastUsage"
        | "KeyMetadata"
        | "KeyRotationEnabled"
        | "Keys"
        | "LastUpdatedDate"
        | "Limit"
        | "MacValid"
        | "MultiRegion"
        | "MultiRegionConfiguration"
        | "NextRotationDate"
        | "NumberOfBytes"
        | "OnDemandRotationStartDate"
        | "ParametersValidTo"
        | "PendingDeletionWindowInDays"
        | "PendingWindowInDays"
        | "PrimaryKey"
        | "Recipient"
        | "ReplicaKeyMetadata"
        | "ReplicaKeys"
        | "ReplicaTags"
        | "RotationDate"
        | "RotationPeriodInDays"
        | "Rotations"
        | "SignatureValid"
        | "Tags"
        | "Timestamp"
        | "TrackingStartDate"
        | "Truncated"
        | "ValidTo"
        | "XksKeyConfiguration"
        | "XksProxyAuthenticationCredential"
        | "XksProxyConfiguration" => Plain,
        _ => return None,
    })
}

/// Lists whose order means something: the model's own order of algorithms. AWS promises no order of anything else.
pub(crate) fn is_ordered(member: &str) -> bool {
    matches!(
        member,
        "EncryptionAlgorithms"
            | "SigningAlgorithms"
            | "MacAlgorithms"
            | "KeyAgreementAlgorithms"
            | "PolicyNames"
    )
}

/// Whether the numbers of a member are moments: when something happened, or will.
pub(crate) fn is_date(member: &str) -> bool {
    member.contains("Date") || matches!(member, "ValidTo" | "ParametersValidTo" | "Timestamp")
}

/// Whether a call of `operation` can change what a later call sees.
pub(crate) fn is_mutation(operation: &str) -> bool {
    const CHANGES: &[&str] = &[
        "Create",
        "Delete",
        "Update",
        "Put",
        "Enable",
        "Disable",
        "Schedule",
        "Cancel",
        "Tag",
        "Untag",
        "Retire",
        "Revoke",
        "Import",
        "Replicate",
        "Rotate",
        "Connect",
        "Disconnect",
    ];
    CHANGES.iter().any(|it| operation.starts_with(it))
}

/// Whether KMS has an operation of this name.
pub(crate) fn is_known_operation(name: &str) -> bool {
    OPERATIONS.contains(&name)
}

/// Whether `text` is a value of one of the model's enums, an operation, a member, or an error code.
pub(super) fn is_word(text: &str) -> bool {
    // Messages write members with a small letter in front.
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    let member: String = first.into_iter().chain(letters).collect();
    words::contains(text) || text.len() > 2 && meaning(&member, Direction::Received).is_some()
}

/// Whether `text` is the code of an error.
pub(super) fn is_code(text: &str) -> bool {
    CODES.contains(&text) || COMMON_CODES.contains(&text)
}

/// Whether `text` is an action that a policy may name: of KMS, or everything.
pub(super) fn is_action(text: &str) -> bool {
    let Some(name) = text.strip_prefix("kms:") else {
        return text == "*";
    };
    match name.split_once('*') {
        None => is_known_operation(name),
        Some((start, "")) => OPERATIONS.iter().any(|it| it.starts_with(start)),
        Some(_) => false,
    }
}

/// A word of the texts of errors, in whatever case.
pub(super) fn is_vocabulary(word: &str) -> bool {
    static VOCABULARY: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let words =
        VOCABULARY.get_or_init(|| include_str!("vocabulary.txt").split_whitespace().collect());
    words.contains(word) || words.contains(word.to_ascii_lowercase().as_str())
}

/// The words of a policy document's structure.
pub(super) fn is_policy_word(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "2008-10-17",
        "2012-10-17",
        "AWS",
        "Action",
        "Allow",
        "CanonicalUser",
        "Condition",
        "Deny",
        "Effect",
        "Federated",
        "Id",
        "NotAction",
        "NotPrincipal",
        "NotResource",
        "Principal",
        "Resource",
        "Service",
        "Sid",
        "Statement",
        "Version",
    ];
    WORDS.contains(&text)
}

/// Condition operators: `ForAnyValue:StringLikeIfExists`.
pub(super) fn is_condition_operator(text: &str) -> bool {
    const OPERATORS: &[&str] = &[
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
        "ArnNotLike",
        "BinaryEquals",
        "Bool",
        "DateEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateNotEquals",
        "IpAddress",
        "NotIpAddress",
        "Null",
        "NumericEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericNotEquals",
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "StringNotEquals",
        "StringNotEqualsIgnoreCase",
        "StringNotLike",
    ];
    let set = ["ForAnyValue:", "ForAllValues:"].iter().find_map(|it| text.strip_prefix(it));
    let bare = set.unwrap_or(text);
    OPERATORS.contains(&bare.strip_suffix("IfExists").unwrap_or(bare))
}

/// Condition keys of KMS, and those of AWS that policies of keys use.
pub(super) fn is_condition_key(text: &str) -> bool {
    const KEYS: &[&str] = &[
        "kms:BypassPolicyLockoutSafetyCheck",
        "kms:CallerAccount",
        "kms:CustomerMasterKeySpec",
        "kms:CustomerMasterKeyUsage",
        "kms:DataKeyPairSpec",
        "kms:EncryptionAlgorithm",
        "kms:EncryptionContextKeys",
        "kms:ExpirationModel",
        "kms:GrantConstraintType",
        "kms:GrantIsForAWSResource",
        "kms:GrantOperations",
        "kms:GranteePrincipal",
        "kms:KeyAgreementAlgorithm",
        "kms:KeyOrigin",
        "kms:KeySpec",
        "kms:KeyUsage",
        "kms:MacAlgorithm",
        "kms:MessageType",
        "kms:MultiRegion",
        "kms:MultiRegionKeyType",
        "kms:PrimaryRegion",
        "kms:ReEncryptOnSameKey",
        "kms:RecipientAttestation:ImageSha384",
        "kms:ReplicaRegion",
        "kms:RequestAlias",
        "kms:ResourceAliases",
        "kms:RetiringPrincipal",
        "kms:RotationPeriodInDays",
        "kms:ScheduleKeyDeletionPendingWindowInDays",
        "kms:SigningAlgorithm",
        "kms:ValidTo",
        "kms:ViaService",
        "kms:WrappingAlgorithm",
        "kms:WrappingKeySpec",
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalIsAWSService",
        "aws:PrincipalOrgID",
        "aws:RequestedRegion",
        "aws:SecureTransport",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceIp",
        "aws:TagKeys",
        "aws:userid",
        "aws:username",
    ];
    KEYS.iter().any(|it| it.eq_ignore_ascii_case(text))
}

/// What unnamed texts are called, before their numbers.
pub(super) const STEMS: &[&str] = &[
    "account",
    "action",
    "alias",
    "alias-name",
    "arn",
    "condition-key",
    "condition-operator",
    "context-key",
    "context-value",
    "description",
    "federated",
    "grant-id",
    "key-id",
    "marker",
    "material-id",
    "member",
    "name",
    "namespace",
    "no-base64",
    "partition",
    "policy",
    "policy-member",
    "policy-text",
    "principal",
    "region",
    "resource",
    "role",
    "service",
    "service-principal",
    "session",
    "statement",
    "tag-key",
    "tag-value",
    "text",
    "user",
    "word",
];

pub(super) const SERVICES: &[&str] = &["kms", "iam", "sts"];
/// Words of a service principal, beside Regions.
pub(super) const SERVICE_WORDS: &[&str] = &["kms", "iam", "sts", "amazonaws", "com", "cn"];
