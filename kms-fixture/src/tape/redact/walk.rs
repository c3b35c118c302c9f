//! Values, member by member: what a member means decides what its texts become.

use serde_json::{Map, Value};

use super::known;
use super::pseudonyms::Kind;
use super::{Direction, Redactor};
use crate::api::Meaning;
use crate::model::{is_grant_id, is_key_id};

impl Redactor {
    /// Redacts the value of `member`; the outermost has no name.
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
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn object(&mut self, members: &Map<String, Value>, way: Direction) -> Map<String, Value> {
        let mut redacted = Map::new();
        if !self.back {
            self.name_token(members);
        }
        for (member, value) in sorted(members) {
            if known::meaning(member, way).is_some()
                && !(self.back && Kind::Text("member").is_pseudonym(member))
            {
                redacted.insert(member.clone(), self.value(member, value, way));
            } else {
                // A member that the model does not have: its very name may be live.
                let name = self.pseudonym(Kind::Text("member"), member);
                redacted.insert(name, self.value("", value, way));
            }
        }
        redacted
    }

    /// A token that stands beside the id of its grant is called like the grant.
    fn name_token(&mut self, members: &Map<String, Value>) {
        let text = |member| members.get(member).and_then(Value::as_str);
        let (Some(id), Some(token)) = (text("GrantId"), text("GrantToken")) else {
            return;
        };
        if self.names.knows(Kind::Token, token) {
            return;
        }
        let grant = self.pseudonym(Kind::Grant, id);
        let name = self.names.name(&grant).unwrap_or("grant").to_owned();
        // Every CreateGrant gives another token. One that is a pseudonym already stands for itself.
        if Kind::Token.is_pseudonym(token) {
            return;
        }
        loop {
            let name = match self.names.next_token(&name) {
                1 => name.clone(),
                number => format!("{name}.{number}"),
            };
            if !self.names.is_taken(Kind::Token, &super::literal(Kind::Token, &name, token)) {
                self.names.declare(Kind::Token, token, &name);
                return;
            }
        }
    }

    /// An encryption context: keys and values are the user's.
    pub(super) fn context(
        &mut self,
        member: &str,
        members: &Map<String, Value>,
    ) -> Map<String, Value> {
        let mut redacted = Map::new();
        for (key, value) in sorted(members) {
            let (key, value) = if self.keeps(member) {
                self.kept.insert(key.clone());
                self.kept.extend(value.as_str().map(str::to_owned));
                (key.clone(), value.clone())
            } else {
                let key = self.pseudonym(Kind::Text("context-key"), key);
                let value = match value {
                    Value::String(text) if text.is_empty() => value.clone(),
                    Value::String(text) => self.pseudonym(Kind::Text("context-value"), text).into(),
                    other => self.value("", other, Direction::Sent),
                };
                (key, value)
            };
            redacted.insert(key, value);
        }
        redacted
    }

    fn keeps(&self, member: &str) -> bool {
        self.keep.contains(member)
    }

    pub(super) fn text(&mut self, member: &str, text: &str, way: Direction) -> String {
        if text.is_empty() {
            return String::new();
        }
        if self.keeps(member) {
            self.kept.insert(text.to_owned());
            return text.to_owned();
        }
        match known::meaning(member, way).unwrap_or(Meaning::Text("text")) {
            Meaning::Key => self.key_reference(text),
            Meaning::Alias => self.alias(text),
            // Emulators have ids of other forms. What a client makes up is no grant's.
            Meaning::Grant
                if is_grant_id(text)
                    || way == Direction::Received
                    || self.names.knows(Kind::Grant, text) =>
            {
                self.pseudonym(Kind::Grant, text)
            }
            Meaning::Grant => self.pseudonym(Kind::Text("grant-id"), text),
            Meaning::Token => self.pseudonym(Kind::Token, text),
            Meaning::Principal => self.principal(text),
            Meaning::Service => self.service_principal(text),
            Meaning::Account => self.account(text),
            Meaning::Region => self.region(text),
            Meaning::Arn => self.any_arn(text),
            Meaning::Material if is_grant_id(text) => self.pseudonym(Kind::Material, text),
            Meaning::Material => self.pseudonym(Kind::Text("material-id"), text),
            Meaning::Word if known::is_word(text) => text.to_owned(),
            Meaning::Word => self.pseudonym(Kind::Text("word"), text),
            Meaning::Code => self.code(text),
            Meaning::Prose => self.prose(text),
            Meaning::Policy => self.policy(text),
            Meaning::Blob(stem) => match base64::STANDARD.decode_to_vec(text) {
                Ok(_) => self.pseudonym(Kind::Blob(stem), text),
                Err(_) => self.pseudonym(Kind::Text("no-base64"), text),
            },
            // The service keeps some tags to itself.
            Meaning::Text("tag-key") if text.to_ascii_lowercase().starts_with("aws:") => {
                let (prefix, rest) = text.split_at(4);
                format!("{prefix}{}", self.pseudonym(Kind::Text("tag-key"), rest))
            }
            Meaning::Text("name") if !is_name(text) => {
                self.pseudonym(Kind::Text("invalid*name"), text)
            }
            Meaning::Text(stem) => self.pseudonym(Kind::Text(stem), text),
            Meaning::Context | Meaning::Plain => self.pseudonym(Kind::Text("text"), text),
        }
    }

    fn any_arn(&mut self, text: &str) -> String {
        if text.starts_with("arn:") {
            self.arn(text)
        } else if is_key_id(text) {
            self.pseudonym(Kind::Key, text)
        } else {
            self.pseudonym(Kind::Text("arn"), text)
        }
    }

    /// The code of an error, perhaps behind a namespace.
    fn code(&mut self, text: &str) -> String {
        let (space, code) = text.rsplit_once('#').unwrap_or(("", text));
        let code = if known::is_code(code) {
            code.to_owned()
        } else {
            self.pseudonym(Kind::Text("UnlistedException"), code)
        };
        match space {
            "" => code,
            "com.amazonaws.kms" | "com.amazon.trent" | "com.amazon.coral.service" => {
                format!("{space}#{code}")
            }
            other => format!("{}#{code}", self.pseudonym(Kind::Text("namespace"), other)),
        }
    }
}

/// Collects bytes, member by member.
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
            for (member, it) in sorted(members) {
                bytes_in(member, it, way, found);
            }
        }
        _ => {}
    }
}

/// What the model takes as the name of a grant or an alias. What it refuses has a pseudonym that it refuses.
pub(super) fn is_name(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || ":/_-".contains(it);
    text.chars().all(is_part)
}

/// The same order in every build, whatever map `serde_json` has.
fn sorted(members: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(member, _)| *member);
    sorted
}
