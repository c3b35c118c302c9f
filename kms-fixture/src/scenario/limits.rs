//! What the APIs of KMS, IAM and STS would refuse, of names, tags, contexts and the like.
//!
//! A scenario is seeded without calling the API, so that nobody else would notice.

use std::ops::RangeInclusive;

use super::Consistency;
use crate::model::{GrantOperation, is_source_arn};

/// IAM's characters for the names of roles, users and sessions.
fn is_name(text: &str) -> bool {
    let fits = |it: char| it.is_ascii_alphanumeric() || "_+=,.@-".contains(it);
    !text.is_empty() && text.len() <= 64 && text.chars().all(fits)
}

/// A Region's name, such as `us-east-1`.
pub(super) fn region(region: &str) -> Option<String> {
    let parts: Vec<_> = region.split('-').collect();
    let words = |it: &&str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_lowercase());
    let fits = parts.len() >= 3
        && parts[..parts.len() - 1].iter().all(words)
        && parts[0].len() >= 2
        && parts
            .last()
            .is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
    (!fits).then(|| format!("`{region}` is not the name of a Region"))
}

/// The name without the path in front of it.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A role's or a user's name, with its path (IAM API reference, `CreateRole`).
pub(super) fn entity_name(name: &str) -> Option<String> {
    let path = name.trim_start_matches('/').strip_suffix(bare(name)).unwrap_or_default();
    let fits = path.chars().all(|it| ('!'..='\u{7e}').contains(&it)) && !path.contains("//");
    (!(fits && is_name(bare(name)))).then(|| {
        format!("`{name}` is no name in IAM: 1 to 64 letters, digits and `_+=,.@-`, perhaps behind a path")
    })
}

/// A session's name (STS API reference, `AssumeRole`).
pub(super) fn session_name(name: &str) -> Option<String> {
    (!is_name(name) || name.len() < 2)
        .then(|| format!("`{name}` is no session name: 2 to 64 letters, digits and `_+=,.@-`"))
}

/// A federated user's name (STS API reference, `GetFederationToken`).
pub(super) fn federated_name(name: &str) -> Option<String> {
    (!is_name(name) || !(2..=32).contains(&name.len())).then(|| {
        format!("`{name}` is no name of a federated user: 2 to 32 letters, digits and `_+=,.@-`")
    })
}

/// How long credentials of a role may hold (STS API reference, `AssumeRole`).
pub(super) fn session_seconds(seconds: u32) -> Option<String> {
    seconds_within(seconds, 900..=43_200)
}

/// How long a change may take.
pub(super) fn delay_seconds(seconds: u32) -> Option<String> {
    seconds_within(seconds, 0..=Consistency::MAX_SECONDS)
}

fn seconds_within(seconds: u32, range: RangeInclusive<u32>) -> Option<String> {
    (!range.contains(&seconds))
        .then(|| format!("`{seconds}` are not {} to {} seconds", range.start(), range.end()))
}

/// The constraint `SourceArn` (API model).
pub(super) fn source_arn(arn: &str) -> Option<String> {
    (!is_source_arn(arn)).then(|| {
        format!(
            "`{arn}` is no ARN of a resource in an account, like `arn:aws:dynamodb:us-east-1:111122223333:table/orders`"
        )
    })
}

/// The characters of grant names and aliases (API model).
fn is_kms_name(text: &str) -> bool {
    let fits = |it: char| it.is_ascii_alphanumeric() || ":/_-".contains(it);
    !text.is_empty() && text.len() <= 256 && text.chars().all(fits)
}

/// An alias, `alias/..`.
pub(super) fn alias(alias: &str) -> Option<String> {
    let rest = alias.strip_prefix("alias/").unwrap_or_default();
    let fits =
        is_kms_name(rest) && alias.len() <= 256 && !rest.starts_with("aws/") && !rest.contains(':');
    (!fits).then(|| {
        format!("write `alias/<name>`, of letters, digits and `/_-`; `alias/aws/` is AWS's own: `{alias}`")
    })
}

/// A grant's `Name`.
pub(super) fn grant_name(name: &str) -> Option<String> {
    (!is_kms_name(name))
        .then(|| format!("`{name}` is no grant name: 1 to 256 letters, digits and `:/_-`"))
}

/// The tags of a key.
pub(super) fn tags(tags: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, (key, value)) in tags.iter().enumerate() {
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
            found.push(format!("`{key}`: a tag has 1 to 128 characters, its value at most 256"));
        }
        if key.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("aws:")) {
            found.push(format!("`{key}`: tags that begin with `aws:` are reserved"));
        }
        if tags[..at].iter().any(|(earlier, _)| earlier == key) {
            found.push(format!("`{key}` is there twice"));
        }
    }
    if tags.len() > 50 {
        found.push("a key has at most 50 tags".to_owned());
    }
    found
}

/// The operations of a grant, as a list.
pub(super) fn operations(operations: &[GrantOperation]) -> Option<String> {
    if operations.is_empty() {
        return Some("a grant needs `operations`".to_owned());
    }
    if operations == [GrantOperation::CreateGrant] {
        return Some("a grant cannot allow `CreateGrant` alone".to_owned());
    }
    let twice = operations.iter().enumerate().find(|(at, it)| operations[..*at].contains(it));
    twice.map(|(_, it)| format!("`{it}` is there twice"))
}

/// The pairs of a context constraint.
pub(super) fn context(pairs: &[(String, String)]) -> Option<String> {
    let fits = (1..=8).contains(&pairs.len())
        && pairs.iter().all(|(_, value)| value.chars().count() <= 384);
    (!fits).then(|| {
        "a context constraint has 1 to 8 pairs, with values of at most 384 characters".to_owned()
    })
}
