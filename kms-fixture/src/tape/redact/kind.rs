//! The kinds of texts, and the forms of their pseudonyms.

use sha2::{Digest, Sha256};

use super::blob;
use super::numbered::numbered;
use crate::api::shapes;
use crate::kms::ids::hex;

/// A kind of text, which determines the form of its pseudonyms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Twelve digits.
    Account,
    /// The id of a key.
    Key,
    /// The id of a grant.
    Grant,
    /// A grant token.
    Token,
    /// The id of key material.
    Material,
    /// The name of a role, without its path.
    Role,
    /// The name of a user.
    User,
    /// The name of a session.
    Session,
    /// The name of a federated user.
    Federated,
    /// A unique id of IAM.
    UniqueId,
    /// The name of an alias, after `alias/`.
    Alias,
    /// Bytes in base64.
    Blob(&'static str),
    /// Any other text.
    Text(&'static str),
}

impl Kind {
    /// Returns the prefix of the numbered names of this kind.
    pub(crate) fn stem(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Key => "key",
            Self::Grant => "grant",
            Self::Token => "token",
            Self::Material => "material",
            Self::Role => "role",
            Self::User => "user",
            Self::Session => "session",
            Self::Federated => "federated",
            Self::UniqueId => "unique-id",
            Self::Alias => "alias",
            Self::Blob(stem) | Self::Text(stem) => stem,
        }
    }

    /// Returns whether `text` has the form of a pseudonym of this kind.
    pub(crate) fn is_pseudonym(self, text: &str) -> bool {
        self.read(text).is_some()
    }

    /// Returns the number of a pseudonym of this kind; 0 for the pseudonym of a declared thing.
    pub(super) fn read(self, text: &str) -> Option<u64> {
        // A hash follows an 8; a number begins with 1.
        let digits = |it: &str| match it.strip_prefix('8') {
            Some(hash) if it.len() > 11 => {
                let is_hash = hash.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
                is_hash.then_some(0)
            }
            _ => it.parse().ok().filter(|number| *number > 0),
        };
        match self {
            Self::Account => digits(text.strip_prefix("000000000")?),
            Self::Key => {
                digits(text.strip_prefix(UUID).or_else(|| text.strip_prefix(MULTI_REGION))?)
            }
            Self::Grant => digits(text.strip_prefix(&ZEROS[..48])?),
            Self::Material => digits(text.strip_prefix('1')?.strip_prefix(&ZEROS[..47])?),
            Self::UniqueId => text.get(4..)?.strip_prefix("000000000")?.parse().ok(),
            Self::Token => {
                let bytes = base64::URL_SAFE_NO_PAD.decode_to_vec(text).ok()?;
                let name = String::from_utf8(bytes).ok()?;
                let name = name.strip_prefix(TOKEN)?;
                Some(numbered(self.stem(), name).unwrap_or(0))
            }
            Self::Blob(stem) => blob::read(stem, text),
            _ => numbered(self.stem(), text.trim_end_matches('_')),
        }
    }
}

const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const UUID: &str = "00000000-0000-4000-8000-";
const MULTI_REGION: &str = "mrk-00000000000000000000";
const TOKEN: &str = "kms-fixture grant token of ";

/// Returns the pseudonym of the thing named `name`. The replaced text, `live`, determines lengths and prefixes.
pub(crate) fn literal(kind: Kind, name: &str, live: &str) -> String {
    // A number stays readable; the name of a declared thing is hashed into digits after an 8.
    let digits = |length: usize| match numbered(kind.stem(), name) {
        Some(number) => format!("{number:0length$}"),
        None => format!("8{}", &hex(&Sha256::digest(name.as_bytes()))[1..length]),
    };
    match kind {
        Kind::Account => format!("{:0>12}", numbered(kind.stem(), name).unwrap_or(1)),
        Kind::Key if live.starts_with("mrk-") => format!("{MULTI_REGION}{}", digits(12)),
        Kind::Key => format!("{UUID}{}", digits(12)),
        Kind::Grant => format!("{}{}", &ZEROS[..48], digits(16)),
        Kind::Material => format!("1{}{}", &ZEROS[..47], digits(16)),
        Kind::UniqueId => {
            let prefix = live.get(..4).unwrap_or("AROA");
            format!("{prefix}{:017}", numbered(kind.stem(), name).unwrap_or(0))
        }
        Kind::Token => base64::URL_SAFE_NO_PAD.encode_to_string(format!("{TOKEN}{name}")),
        Kind::Blob(stem) => {
            let bytes = base64::STANDARD.decode_to_vec(live);
            blob::literal(stem, name, bytes.map_or(0, |it| it.len()))
        }
        // A text that is too long for the service has a pseudonym that is too long as well.
        Kind::Text(stem) if longest(stem).is_some_and(|it| live.chars().count() > it) => {
            padded(name, longest(stem).unwrap_or_default() + 1)
        }
        _ => name.to_owned(),
    }
}

/// Returns `name`, padded with underscores.
fn padded(name: &str, length: usize) -> String {
    let missing = length.saturating_sub(name.len());
    name.chars().chain(std::iter::repeat_n('_', missing)).collect()
}

/// Returns the greatest length that the API model allows for a text.
fn longest(stem: &str) -> Option<usize> {
    let shape = match stem {
        "description" => &shapes::DescriptionType,
        "grant-id" => &shapes::GrantIdType,
        "key-id" => &shapes::KeyIdType,
        "marker" => &shapes::MarkerType,
        "name" => &shapes::GrantNameType,
        "tag-key" => &shapes::TagKeyType,
        "tag-value" => &shapes::TagValueType,
        _ => return None,
    };
    shape.longest()
}

/// Returns the name of a numbered pseudonym: `key-1`.
pub(crate) fn name_of(kind: Kind, pseudonym: &str) -> Option<String> {
    let number = kind.read(pseudonym).filter(|it| *it > 0)?;
    Some(format!("{}-{number}", kind.stem()))
}

/// Returns the name in a pseudonym: its number, or the name that it contains. A hash contains none: then the name is
/// the pseudonym itself.
pub(super) fn own_name(kind: Kind, pseudonym: &str, number: u64) -> String {
    if number > 0 {
        return format!("{}-{number}", kind.stem());
    }
    let bytes = match kind {
        Kind::Token => base64::URL_SAFE_NO_PAD.decode_to_vec(pseudonym).ok(),
        _ => None,
    };
    let text = bytes.and_then(|it| String::from_utf8(it).ok());
    let name = text.and_then(|it| it.strip_prefix(TOKEN).map(str::to_owned));
    name.unwrap_or_else(|| pseudonym.to_owned())
}
