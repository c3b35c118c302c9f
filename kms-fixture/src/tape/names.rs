//! Names for identifiers: declared things keep their declared names, others are numbered in the order of appearance.

use std::collections::HashMap;

use serde_json::Value;

use super::passing::Passing;
use crate::model::{is_grant_id, is_key_id};

/// A table of names for identifiers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    known: HashMap<String, String>,
    /// The names of sessions and federated users.
    passing: Passing,
    keys: usize,
    grants: usize,
}

impl Names {
    /// Names `identifier`, unless it has a name.
    pub(crate) fn learn(&mut self, identifier: impl Into<String>, name: impl Into<String>) {
        self.known.entry(identifier.into()).or_insert_with(|| name.into());
    }

    /// Adds the last of the names that pass.
    pub(crate) fn learn_passing(&mut self, passing: &Passing) {
        self.passing.learn_all(passing);
    }

    /// Names the identifiers of `more`, unless they have names.
    pub(crate) fn learn_all(&mut self, more: Self) {
        for (identifier, name) in more.known {
            self.learn(identifier, name);
        }
        self.passing.learn_all(&more.passing);
    }

    /// Returns the name of `identifier`; a key that is known by its id is also known by its ARN.
    fn name(&self, identifier: &str) -> Option<&str> {
        let known = |it: &str| self.known.get(it).map(String::as_str);
        known(identifier).or_else(|| self.passing.name(identifier)).or_else(|| {
            let (arn, id) = identifier.split_once(":key/")?;
            arn.starts_with("arn:").then(|| known(id))?
        })
    }

    /// Names every key and grant in `value` that has no name yet.
    pub(crate) fn discover(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (member, value) in members {
                    match (member.as_str(), value) {
                        ("GrantId", Value::String(id)) => {
                            self.discover_grant(id, members.get("GrantToken"));
                        }
                        ("KeyId" | "TargetKeyId", Value::String(id)) => self.discover_key(id),
                        _ => self.discover(value),
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|it| self.discover(it)),
            _ => {}
        }
    }

    fn discover_grant(&mut self, id: &str, token: Option<&Value>) {
        if !is_grant_id(id) {
            return;
        }
        if self.name(id).is_none() {
            self.grants += 1;
            self.learn(id, format!("grant-{}", self.grants));
        }
        if let Some(Value::String(token)) = token {
            let name = self.rename(id);
            self.learn(token.as_str(), name);
        }
    }

    fn discover_key(&mut self, text: &str) {
        let id = text.rsplit('/').next().unwrap_or(text);
        if is_key_id(id) && self.name(id).is_none() {
            self.keys += 1;
            self.learn(id, format!("key-{}", self.keys));
        }
    }

    /// Returns `text` with names in place of identifiers.
    pub(crate) fn rename(&self, text: &str) -> String {
        if let Some(name) = self.name(text) {
            return name.to_owned();
        }
        // Within a text, identifiers are words of these characters, perhaps followed by punctuation.
        let part = |it: char| it.is_ascii_alphanumeric() || ":/_+=,.@-".contains(it);
        let mut renamed = String::with_capacity(text.len());
        for piece in text.split_inclusive(|it| !part(it)) {
            let word = piece.trim_end_matches(|it| !part(it));
            let bare = word.trim_end_matches(['.', ',', ':']);
            let name = self.name(word).map(|it| (word, it));
            let (found, name) =
                name.or_else(|| Some((bare, self.name(bare)?))).unwrap_or((word, word));
            renamed.push_str(name);
            renamed.push_str(&piece[found.len()..]);
        }
        renamed
    }

    /// Returns two values with names in place of identifiers; with the identifiers, if the names are equal.
    pub(crate) fn tell_apart(
        &self,
        one: Option<&Value>,
        other: Option<&Value>,
    ) -> (String, String) {
        let named = |it: Option<&Value>| match it {
            Some(value) => self.rename_all(value.clone()).to_string(),
            None => "(nothing)".to_owned(),
        };
        match (named(one), named(other), one, other) {
            (first, second, Some(one), Some(other)) if first == second => {
                (one.to_string(), other.to_string())
            }
            (first, second, ..) => (first, second),
        }
    }

    /// Returns `value` with names in place of identifiers.
    pub(crate) fn rename_all(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.rename(&text)),
            Value::Array(values) => values.into_iter().map(|it| self.rename_all(it)).collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(member, it)| (member, self.rename_all(it)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other,
        }
    }
}
