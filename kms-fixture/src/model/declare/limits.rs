//! The values that AWS accepts in one option: names, Regions, tags, contexts and the like.
//!
//! Declarations are seeded without API calls, so nothing else would reject invalid values.

use super::Message;
use crate::model::{is_account_id, is_region, is_service_principal, is_source_arn, nearest_region};

/// The texts that an option accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Any text.
    None,
    Account,
    Region,
    /// `alias/..` (API model, `AliasNameType`).
    Alias,
    /// A grant's `Name` (API model, `GrantNameType`).
    GrantName,
    /// A role's name with its path (IAM API reference, `CreateRole`).
    RoleName,
    /// A user's name with its path (IAM API reference, `CreateUser`).
    UserName,
    /// A federated user's name (STS API reference, `GetFederationToken`).
    FederatedName,
    /// A session's name (STS API reference, `AssumeRole`).
    SessionName,
    /// A key's description (API model, `DescriptionType`).
    Description,
    /// The code of an error that a test makes up.
    ErrorCode,
    /// The constraint `SourceArn` (API model, `GrantConstraintSourceArnType`).
    SourceArn,
}

const ENTITY: &str = "use 1 to 64 ASCII letters, digits and `_+=,.@-`, with an optional path, as in `service/worker`";

impl Limit {
    /// Returns the mistake if this option does not accept the text.
    pub(crate) fn mistake(self, text: &str) -> Option<Message> {
        let is_right = match self {
            Self::None => true,
            Self::Account => is_account_id(text),
            Self::Region => is_region(text),
            Self::Alias => return alias(text),
            Self::GrantName => is_made_of(text, ":/_-") && text.len() <= 256,
            Self::RoleName | Self::UserName => is_entity_name(text),
            Self::FederatedName => is_iam_name(text) && (2..=32).contains(&text.len()),
            Self::SessionName => is_iam_name(text) && text.len() >= 2,
            Self::Description => text.chars().count() <= 8192,
            Self::ErrorCode => (1..=128).contains(&text.len()) && is_made_of(text, ".:_-"),
            Self::SourceArn => is_source_arn(text),
        };
        (!is_right).then(|| self.message(text))
    }

    fn message(self, text: &str) -> Message {
        let invalid = |what: &str| Message::new(format!("`{text}` is not a valid {what}"));
        match self {
            Self::None => Message::new("any text is accepted"),
            Self::Account => invalid("account id: expected 12 digits"),
            Self::Region => match nearest_region(text) {
                Some(near) => invalid("Region").help(format!("write `{near}`")),
                None => invalid("Region").help("write it like `us-east-1`"),
            },
            Self::Alias => invalid("alias"),
            Self::GrantName => {
                invalid("grant name").note("use 1 to 256 ASCII letters, digits and `:/_-`")
            }
            Self::RoleName => invalid("role name").note(ENTITY),
            Self::UserName => invalid("user name").note(ENTITY),
            Self::FederatedName => invalid("federated user name")
                .note("use 2 to 32 ASCII letters, digits and `_+=,.@-`, without a path"),
            Self::SessionName => {
                invalid("session name").note("use 2 to 64 ASCII letters, digits and `_+=,.@-`")
            }
            Self::Description => Message::new("a description can have at most 8192 characters"),
            Self::ErrorCode => {
                invalid("error code").note("use 1 to 128 ASCII letters, digits and `.:_-`")
            }
            Self::SourceArn => invalid("source ARN")
                .help("write it like `arn:aws:dynamodb:us-east-1:111122223333:table/orders`")
                .note("use 20 to 512 characters, with an account of 12 digits"),
        }
    }
}

fn alias(text: &str) -> Option<Message> {
    let message = || Limit::Alias.message(text);
    Some(match text.strip_prefix("alias/") {
        Some("") => Message::new(format!("`{text}` is not a complete alias")),
        Some(rest) if rest.starts_with("aws/") => {
            Message::new(format!("`{text}` is an alias that is reserved for AWS"))
        }
        Some(_) if is_made_of(text, "/_-") && text.len() <= 256 => return None,
        Some(_) => message().note("use at most 256 ASCII letters, digits and `/_-`"),
        None => message().help(format!("write `alias/{text}`")),
    })
}

/// Returns the mistake if a principal in quotes is not valid. The fixture checks at start that it exists.
pub(crate) fn principal(text: &str) -> Option<Message> {
    if text.contains(':') || is_unique_id(text) || is_service_principal(text) {
        return None;
    }
    let message = Message::new(format!("`{text}` is not a valid principal ARN"));
    Some(if text.contains('.') {
        message.note("a service principal looks like `dynamodb.us-east-1.amazonaws.com`")
    } else {
        message
    })
}

/// Returns whether a principal is written as the unique id of a role or user.
fn is_unique_id(text: &str) -> bool {
    text.len() == 21 && (text.starts_with("AROA") || text.starts_with("AIDA"))
}

/// The invalid half of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Key,
    Value,
}

/// Returns the mistakes of a key's tags, each with the number of its pair (API reference, `Tag`).
pub(crate) fn tags(pairs: &[(&str, &str)]) -> Vec<(usize, Part, Message)> {
    let mut found = twice(pairs);
    for (at, (key, value)) in pairs.iter().enumerate() {
        if key.is_empty() {
            found.push((at, Part::Key, Message::new("a tag key cannot be empty")));
        } else if key.chars().count() > 128 {
            let message = Message::new("a tag key can have at most 128 characters");
            found.push((at, Part::Key, message));
        } else if key.to_ascii_lowercase().starts_with("aws:") {
            let message = Message::new(format!("`{key}` is a tag that is reserved for AWS"));
            let note = "tag keys that begin with `aws:`, in any case, are reserved";
            found.push((at, Part::Key, message.note(note)));
        }
        if value.chars().count() > 256 {
            let message = Message::new("a tag value can have at most 256 characters");
            found.push((at, Part::Value, message));
        }
    }
    if pairs.len() > 50 {
        found.push((50, Part::Key, Message::new("a key can have at most 50 tags")));
    }
    found
}

/// Returns the mistakes of a context constraint (API reference, `GrantConstraints`).
pub(crate) fn context(pairs: &[(&str, &str)]) -> Vec<(usize, Part, Message)> {
    let mut found = twice(pairs);
    for (at, (_, value)) in pairs.iter().enumerate() {
        if value.chars().count() > 384 {
            let message = Message::new("a constraint value can have at most 384 characters");
            found.push((at, Part::Value, message));
        }
    }
    if pairs.len() > 8 {
        found.push((8, Part::Key, Message::new("a constraint can have at most 8 pairs")));
    }
    found
}

fn twice(pairs: &[(&str, &str)]) -> Vec<(usize, Part, Message)> {
    let again =
        |(at, (key, _)): &(usize, &(&str, &str))| pairs[..*at].iter().any(|it| it.0 == *key);
    let pairs = pairs.iter().enumerate().filter(again);
    let message = |key: &str| Message::new(format!("`{key}` is given twice"));
    pairs.map(|(at, (key, _))| (at, Part::Key, message(key))).collect()
}

/// Returns the name of a role or a user without its path.
pub(crate) fn bare_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Returns whether `text` is a name with an optional path.
fn is_entity_name(text: &str) -> bool {
    let name = bare_name(text);
    let path = text.trim_start_matches('/').strip_suffix(name);
    let is_path =
        |path: &str| path.bytes().all(|byte| byte.is_ascii_graphic()) && !path.contains("//");
    is_iam_name(name) && path.is_none_or(is_path)
}

fn is_iam_name(text: &str) -> bool {
    is_made_of(text, "_+=,.@-") && text.len() <= 64
}

/// Returns whether `text` consists of ASCII letters, digits and `others`, and is not empty.
fn is_made_of(text: &str, others: &str) -> bool {
    let fits = |it: char| it.is_ascii_alphanumeric() || others.contains(it);
    !text.is_empty() && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::{Limit, is_entity_name};

    #[test]
    fn a_name_can_have_a_path() {
        for name in ["worker", "service/worker", "/a/b/worker", "w", "a+b=c,d.e@f-g_h"] {
            assert!(is_entity_name(name), "{name}");
        }
        for other in ["", "a b", "service/", "größe", "a//b", "a b/worker", "a:b"] {
            assert!(!is_entity_name(other), "{other}");
        }
        assert!(is_entity_name(&"a".repeat(64)));
        assert!(!is_entity_name(&"a".repeat(65)));
    }

    #[test]
    fn a_description_has_at_most_8192_characters() {
        assert!(Limit::Description.mistake(&"ü".repeat(8192)).is_none());
        assert!(Limit::Description.mistake(&"ü".repeat(8193)).is_some());
    }

    #[test]
    fn a_colon_in_an_alias_is_rejected() {
        assert!(Limit::Alias.mistake("alias/a-b_c/d").is_none());
        assert!(Limit::Alias.mistake("alias/a:b").is_some());
        assert!(Limit::Alias.mistake(&format!("alias/{}", "a".repeat(251))).is_some());
    }
}
