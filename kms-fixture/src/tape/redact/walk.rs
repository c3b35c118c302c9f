//! The walk over a value, member by member: the meaning of a member determines the kind of its texts.

use serde_json::{Map, Number, Value};

use super::Direction;
use super::kind::Kind;
use super::known;
use super::substitute::Substitute;
use crate::api::{self, Meaning};
use crate::model::{is_grant_id, is_key_id};

/// A walk over a value, in which `T` substitutes the texts.
pub(super) struct Walk<T>(pub(super) T);

impl<T: Substitute> Walk<T> {
    /// Translates a text of a known kind.
    pub(super) fn of_kind(&mut self, kind: Kind, text: &str) -> String {
        self.0.text(kind, text)
    }

    /// Translates the value of `member`; the outermost value has no name.
    pub(super) fn value(&mut self, member: &str, value: &Value, way: Direction) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(member, text, way)),
            Value::Array(values) => {
                let values = values.iter().map(|it| self.value(member, it, way));
                Value::Array(values.collect())
            }
            Value::Object(members) if known::meaning(member, way) == Some(Meaning::Context) => {
                Value::Object(self.context(member, members))
            }
            Value::Object(members) => Value::Object(self.object(members, way)),
            Value::Number(number) => self.number(member, number),
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }

    /// Translates a number: 0 takes the place of one where the API has no number, such as an account without quotes.
    /// It stays a number, because a service refuses one there.
    fn number(&mut self, member: &str, number: &Number) -> Value {
        if self.0.redactor().keeps(member) {
            self.0.redactor().kept.insert(number.to_string());
            return number.clone().into();
        }
        if api::is_number(member) { number.clone().into() } else { 0.into() }
    }

    fn object(&mut self, members: &Map<String, Value>, way: Direction) -> Map<String, Value> {
        let mut translated = Map::with_capacity(members.len());
        self.0.see_object(members);
        in_order(members, |member, value| {
            if known::meaning(member, way).is_some() {
                translated.insert(member.clone(), self.value(member, value, way));
            } else {
                // A member that the API model does not have: even its name may be live.
                let name = self.of_kind(Kind::Text("member"), member);
                translated.insert(name, self.value("", value, way));
            }
        });
        translated
    }

    /// Translates an encryption context, whose keys and values belong to the user.
    pub(super) fn context(
        &mut self,
        member: &str,
        members: &Map<String, Value>,
    ) -> Map<String, Value> {
        let mut translated = Map::new();
        in_order(members, |key, value| {
            let (key, value) = if self.0.redactor().keeps(member) {
                let kept = &mut self.0.redactor().kept;
                kept.insert(key.clone());
                kept.extend(value.as_str().map(str::to_owned));
                (key.clone(), value.clone())
            } else {
                let key = self.of_kind(Kind::Text("context-key"), key);
                let value = match value {
                    Value::String(text) if text.is_empty() => value.clone(),
                    Value::String(text) => self.of_kind(Kind::Text("context-value"), text).into(),
                    other => self.value("", other, Direction::Sent),
                };
                (key, value)
            };
            translated.insert(key, value);
        });
        translated
    }

    /// Translates the text of a member.
    pub(super) fn text(&mut self, member: &str, text: &str, way: Direction) -> String {
        if text.is_empty() {
            return String::new();
        }
        if self.0.redactor().keeps(member) {
            self.0.redactor().kept.insert(text.to_owned());
            return text.to_owned();
        }
        match known::meaning(member, way).unwrap_or(Meaning::Text("text")) {
            it @ (Meaning::Key | Meaning::Principal | Meaning::Arn) => self.reference(it, text),
            Meaning::Alias => self.alias(text),
            // Emulators have ids of other forms, but only ids from a service's answers are ids of grants.
            Meaning::Grant
                if is_grant_id(text)
                    || way == Direction::Received
                    || self.0.redactor().names.knows(Kind::Grant, text) =>
            {
                self.of_kind(Kind::Grant, text)
            }
            Meaning::Grant => self.of_kind(Kind::Text("grant-id"), text),
            Meaning::Token => self.of_kind(Kind::Token, text),
            Meaning::Service => self.service_principal(text),
            Meaning::Account => self.account(text),
            Meaning::Region => self.region(text),
            Meaning::Material if is_grant_id(text) => self.of_kind(Kind::Material, text),
            Meaning::Material => self.of_kind(Kind::Text("material-id"), text),
            Meaning::Word if known::is_word(text) => text.to_owned(),
            Meaning::Word => self.of_kind(Kind::Text("word"), text),
            Meaning::Code => self.code(text),
            Meaning::Prose => self.prose(text),
            Meaning::Policy => self.policy(text),
            Meaning::Blob(stem) => match base64::STANDARD.decode_to_vec(text) {
                Ok(_) => self.of_kind(Kind::Blob(stem), text),
                Err(_) => self.of_kind(Kind::Text("no-base64"), text),
            },
            // The service reserves some tags.
            Meaning::Text("tag-key") if text.to_ascii_lowercase().starts_with("aws:") => {
                let (prefix, rest) = text.split_at(4);
                format!("{prefix}{}", self.of_kind(Kind::Text("tag-key"), rest))
            }
            Meaning::Text("name") if !is_name(text) => {
                self.of_kind(Kind::Text("invalid*name"), text)
            }
            Meaning::Text(stem) => self.of_kind(Kind::Text(stem), text),
            Meaning::Context | Meaning::Plain => self.of_kind(Kind::Text("text"), text),
        }
    }

    /// Translates a reference to a key, a principal or another thing with an ARN.
    fn reference(&mut self, meaning: Meaning, text: &str) -> String {
        let changes = self.0.redactor().names.changes();
        if let Some(known) = self.0.memo().and_then(|it| it.get(changes, meaning, text)) {
            return known.to_owned();
        }
        let translated = match meaning {
            Meaning::Key => self.key_reference(text),
            Meaning::Principal => self.principal(text),
            _ => self.any_arn(text),
        };
        if self.0.redactor().names.changes() == changes
            && let Some(memo) = self.0.memo()
        {
            memo.keep(changes, meaning, text, &translated);
        }
        translated
    }

    fn any_arn(&mut self, text: &str) -> String {
        if text.starts_with("arn:") {
            self.arn(text)
        } else if is_key_id(text) {
            self.of_kind(Kind::Key, text)
        } else {
            self.of_kind(Kind::Text("arn"), text)
        }
    }

    /// Translates the code of an error, perhaps behind a namespace.
    fn code(&mut self, text: &str) -> String {
        let (space, code) = text.rsplit_once('#').unwrap_or(("", text));
        let code = if known::is_code(code) {
            code.to_owned()
        } else {
            self.of_kind(Kind::Text("UnlistedException"), code)
        };
        match space {
            "" => code,
            "com.amazonaws.kms" | "com.amazon.trent" | "com.amazon.coral.service" => {
                format!("{space}#{code}")
            }
            other => format!("{}#{code}", self.of_kind(Kind::Text("namespace"), other)),
        }
    }
}

/// Collects the bytes in a value, member by member.
pub(super) fn bytes_in<'a>(
    member: &str,
    value: &'a Value,
    way: Direction,
    found: &mut Vec<(Kind, &'a str)>,
) {
    match value {
        Value::String(text) if !text.is_empty() => {
            if let Some(Meaning::Blob(stem)) = known::meaning(member, way) {
                found.push((Kind::Blob(stem), text));
            }
        }
        Value::Array(values) => {
            for it in values {
                bytes_in(member, it, way, found);
            }
        }
        Value::Object(members) => {
            in_order(members, |member, it| bytes_in(member, it, way, found));
        }
        _ => {}
    }
}

/// Returns whether the API model allows this name for a grant or an alias. A name that it refuses has a pseudonym
/// that it refuses as well.
pub(super) fn is_name(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || ":/_-".contains(it);
    text.chars().all(is_part)
}

/// Visits the members in an order that is independent of `serde_json`'s map.
fn in_order<'a>(members: &'a Map<String, Value>, mut visit: impl FnMut(&'a String, &'a Value)) {
    if members.keys().is_sorted() {
        for (member, value) in members {
            visit(member, value);
        }
        return;
    }
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(member, _)| *member);
    for (member, value) in sorted {
        visit(member, value);
    }
}
