//! The meaning of members, and the texts that are kept: words of the API, of error messages and of policies.

use std::collections::HashSet;
use std::sync::{LazyLock, OnceLock};

use super::Direction;
use crate::api::{self, CODES, Meaning, OPERATIONS};
use crate::model::declare::actions_of;
pub(super) use crate::model::is_region;

/// Returns the meaning of `member`, or nothing if it is neither the API's nor an error's. The outermost value has no
/// name.
pub(super) fn meaning(member: &str, way: Direction) -> Option<Meaning> {
    match member {
        "" => Some(Meaning::Plain),
        "__type" | "code" => Some(Meaning::Code),
        "message" => Some(Meaning::Prose),
        // No output has this member, but errors of some services do.
        "Message" if way == Direction::Received => Some(Meaning::Prose),
        _ => api::meaning(member),
    }
}

/// The name of every key policy, which is not in an enum.
const POLICY_NAME: &str = "default";

/// Errors of all AWS services, of emulators' frameworks, and of this library.
#[rustfmt::skip] // one word a line would be too long
const COMMON_CODES: &[&str] = &[
    "AccessDenied", "AccessDeniedException", "ExpiredTokenException", "IncompleteSignature",
    "IncompleteSignatureException", "InternalError", "InternalFailure", "InternalServerError",
    "InvalidClientTokenId", "InvalidSignatureException", "KmsFixtureNotImplementedException",
    "KmsFixtureRecordingRefusedException", "KmsFixtureReplayMismatchException", "MalformedQueryString",
    "MissingAuthenticationToken", "MissingAuthenticationTokenException", "NotAuthorizedException",
    "NotImplemented", "OptInRequired", "RequestExpired", "RequestLimitExceeded", "RequestTimeout",
    "SerializationException", "ServiceUnavailable", "ServiceUnavailableException", "ThrottledException",
    "Throttling", "ThrottlingException", "TooManyRequestsException", "UnknownOperationException",
    "UnrecognizedClientException", "ValidationError", "ValidationException",
];

/// Returns every word of the API.
fn words() -> &'static HashSet<&'static str> {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let operations = OPERATIONS.iter().map(|it| it.name);
        let codes = CODES.iter().chain(COMMON_CODES).copied();
        operations.chain(codes).chain(api::words()).chain([POLICY_NAME]).collect()
    });
    &WORDS
}

/// Returns the patterns in messages of failed validation, each before those that it contains.
pub(super) fn patterns() -> &'static [&'static str] {
    static PATTERNS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let mut patterns: Vec<_> = api::patterns().map(|it| it.text).collect();
        patterns.sort_by_key(|it| (std::cmp::Reverse(it.len()), *it));
        patterns.dedup();
        patterns
    });
    &PATTERNS
}

/// Returns whether `text` is a value of one of the API's enums, an operation, a member, or an error code.
pub(super) fn is_word(text: &str) -> bool {
    if words().contains(text) {
        return true;
    }
    // Messages write members with a lowercase first letter.
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    let member: String = first.into_iter().chain(letters).collect();
    text.len() > 2 && meaning(&member, Direction::Received).is_some()
}

/// Returns whether `text` is the code of an error.
pub(super) fn is_code(text: &str) -> bool {
    CODES.contains(&text) || COMMON_CODES.contains(&text)
}

/// Returns whether `text` is an action in a policy: of KMS, of STS, or `*`.
pub(super) fn is_action(text: &str) -> bool {
    let Some((prefix, name)) = text.split_once(':') else {
        return text == "*";
    };
    let Some(actions) = actions_of(prefix) else {
        return false;
    };
    match name.split_once('*') {
        None => actions.contains(&name) || text == "kms:ReEncrypt",
        Some((start, "")) => actions.iter().any(|it| it.starts_with(start)),
        Some(_) => false,
    }
}

/// Returns whether error messages contain this word, in any case.
pub(super) fn is_vocabulary(word: &str) -> bool {
    static VOCABULARY: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let words =
        VOCABULARY.get_or_init(|| include_str!("vocabulary.txt").split_whitespace().collect());
    words.contains(word) || words.contains(word.to_ascii_lowercase().as_str())
}

/// Returns whether `text` is a word of the policy grammar.
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

/// Returns whether `text` is a condition operator, such as `ForAnyValue:StringLikeIfExists`.
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

/// Returns whether `text` is a condition key that the documentation lists. A key that ends in a name of the policy's own,
/// such as a tag's, is not one.
pub(super) fn is_condition_key(text: &str) -> bool {
    static KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let rows = include_str!("../../docs/conditions.md").lines();
        let keys = rows.filter_map(|it| it.strip_prefix("| `")?.split('`').next());
        let keys = keys.filter(|it| !it.ends_with("<k>")).map(str::to_ascii_lowercase);
        keys.chain(["kms:recipientattestation:imagesha384".to_owned()]).collect()
    });
    KEYS.contains(&text.to_ascii_lowercase())
}

/// Returns whether the values of a condition key are numbers or moments.
pub(super) fn is_numeric_condition_key(text: &str) -> bool {
    const KEYS: &[&str] = &[
        "aws:EpochTime",
        "aws:MultiFactorAuthAge",
        "kms:RotationPeriodInDays",
        "kms:ScheduleKeyDeletionPendingWindowInDays",
        "kms:TrailingDaysWithoutKeyUsage",
        "kms:ValidTo",
    ];
    KEYS.iter().any(|it| it.eq_ignore_ascii_case(text))
}

/// The stems of pseudonyms, before their numbers.
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

/// Returns whether AWS has a service of this name, in ARNs or in service principals.
pub(super) fn is_service(word: &str) -> bool {
    static SERVICES: LazyLock<HashSet<&str>> =
        LazyLock::new(|| include_str!("services.txt").split_whitespace().collect());
    SERVICES.contains(word)
}

/// Returns whether `text` is a word of service principals: a service, or one of the words that follow it.
pub(super) fn is_service_word(text: &str) -> bool {
    ["amazonaws", "com", "cn"].contains(&text) || is_service(text) || is_region(text)
}

/// Returns whether `name` is the name of a role that a service of AWS assumes for itself: `aws:ec2-infrastructure`.
pub(super) fn is_role_of_service(name: &str) -> bool {
    let service = name.strip_prefix("aws:").and_then(|it| it.strip_suffix("-infrastructure"));
    service.is_some_and(is_service)
}
