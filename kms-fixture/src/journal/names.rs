//! Names for identifiers: what was declared keeps its declared name, what the API made is numbered as it appears.

use serde_json::Value;

use crate::model::is_key_id;

/// Turns identifiers into names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Identifier and name; the longest identifiers first.
    known: Vec<(String, String)>,
    keys: usize,
    grants: usize,
}

impl Names {
    /// Gives `identifier` a name.
    pub(crate) fn learn(&mut self, identifier: impl Into<String>, name: impl Into<String>) {
        let identifier = identifier.into();
        if identifier.is_empty() || self.known.iter().any(|(it, _)| *it == identifier) {
            return;
        }
        let at = self
            .known
            .partition_point(|(it, _)| it.len() >= identifier.len());
        self.known.insert(at, (identifier, name.into()));
    }

    fn knows(&self, text: &str) -> bool {
        self.known.iter().any(|(it, _)| it == text)
    }

    /// Names every key and grant in `value` that has no name yet.
    pub(super) fn discover(&mut self, value: &Value) {
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
        if id.len() != 64 {
            return;
        }
        if !self.knows(id) {
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
        if is_key_id(id) && !self.knows(id) {
            self.keys += 1;
            self.learn(id, format!("key-{}", self.keys));
        }
    }

    /// `text` with names in place of identifiers.
    pub(super) fn rename(&self, text: &str) -> String {
        let mut renamed = text.to_owned();
        for (identifier, name) in &self.known {
            if renamed.contains(identifier.as_str()) {
                renamed = renamed.replace(identifier.as_str(), name);
            }
        }
        // What is left of the ARN of a key that was known by its id alone.
        if renamed.len() != text.len()
            && let Some((_, name)) = renamed.rsplit_once(":key/")
            && renamed.starts_with("arn:")
        {
            return name.to_owned();
        }
        renamed
    }

    /// `value` with names in place of identifiers.
    pub(super) fn rename_all(&self, value: Value) -> Value {
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
