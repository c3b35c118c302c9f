//! Policy documents: the structure and the words of IAM are kept, everything else is translated.

use serde_json::{Map, Value};

use super::kind::Kind;
use super::known;
use super::substitute::Substitute;
use super::walk::Walk;

impl<T: Substitute> Walk<T> {
    /// Translates a policy in a text; a text that is not JSON is translated as a whole.
    pub(super) fn policy(&mut self, text: &str) -> String {
        match serde_json::from_str::<Value>(text) {
            Ok(document @ Value::Object(_)) => self.policy_document(&document).to_string(),
            _ => self.of_kind(Kind::Text("policy"), text),
        }
    }

    /// Translates a policy as JSON.
    pub(super) fn policy_document(&mut self, document: &Value) -> Value {
        self.part("", document)
    }

    fn part(&mut self, word: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.policy_text(word, text)),
            Value::Array(values) => values.iter().map(|it| self.part(word, it)).collect(),
            Value::Object(members) if word == "Condition" => {
                let members = self.members(members, |it, operator| {
                    if known::is_condition_operator(operator) {
                        return operator.to_owned();
                    }
                    it.of_kind(Kind::Text("condition-operator"), operator)
                });
                let members = members.into_iter().map(|(name, operator, value)| {
                    let value = match value {
                        Value::Object(keys) => self.condition(keys),
                        other => self.part(operator, other),
                    };
                    (name, value)
                });
                Value::Object(members.collect())
            }
            Value::Object(members) => {
                let members = self.members(members, |it, member| {
                    if known::is_policy_word(member) {
                        return member.to_owned();
                    }
                    it.of_kind(Kind::Text("policy-member"), member)
                });
                let members = members
                    .into_iter()
                    .map(|(name, member, value)| (name, self.part(member, value)));
                Value::Object(members.collect())
            }
            // A policy with a number outside its conditions is refused, whatever the number.
            Value::Number(_) => 0.into(),
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }

    fn members<'a>(
        &mut self,
        members: &'a Map<String, Value>,
        rename: impl Fn(&mut Self, &str) -> String,
    ) -> Vec<(String, &'a str, &'a Value)> {
        let mut sorted: Vec<_> = members.iter().collect();
        sorted.sort_by_key(|(member, _)| *member);
        sorted
            .into_iter()
            .map(|(member, value)| (rename(self, member), member.as_str(), value))
            .collect()
    }

    fn condition(&mut self, keys: &Map<String, Value>) -> Value {
        let keys = self.members(keys, Self::condition_key);
        let keys = keys.into_iter().map(|(name, key, value)| {
            let of_context = key.to_ascii_lowercase().starts_with("kms:encryptioncontext:");
            let word = if of_context { "kms:EncryptionContext" } else { key };
            (name, self.condition_value(word, value))
        });
        Value::Object(keys.collect())
    }

    /// Translates the value of a condition key. IAM reads a number there as its text: an account may lack its quotes.
    fn condition_value(&mut self, key: &str, value: &Value) -> Value {
        match value {
            Value::Array(values) => values.iter().map(|it| self.condition_value(key, it)).collect(),
            Value::Number(_) if known::is_numeric_condition_key(key) => value.clone(),
            Value::Number(number) => self.policy_text(key, &number.to_string()).into(),
            other => self.part(key, other),
        }
    }

    fn condition_key(&mut self, key: &str) -> String {
        if known::is_condition_key(key) {
            return key.to_owned();
        }
        match key.split_at_checked("kms:EncryptionContext:".len()) {
            Some((prefix, context)) if prefix.eq_ignore_ascii_case("kms:EncryptionContext:") => {
                format!("{prefix}{}", self.of_kind(Kind::Text("context-key"), context))
            }
            _ => self.of_kind(Kind::Text("condition-key"), key),
        }
    }

    /// Translates an action that KMS and STS do not have, and keeps its form. One of another service stays one.
    pub(super) fn action(&mut self, text: &str) -> String {
        let (prefix, bare) = match text.split_once(':') {
            Some(("other", bare)) => ("other", bare),
            Some(("kms", bare)) => ("kms", bare),
            Some(_) => ("other", text),
            None => ("kms", text),
        };
        format!("{prefix}:{}", self.of_kind(Kind::Text("action"), bare))
    }

    fn policy_text(&mut self, word: &str, text: &str) -> String {
        if text.is_empty()
            || text == "*"
            || known::is_word(text)
            || matches!(text, "true" | "false")
        {
            return text.to_owned();
        }
        match word {
            "Effect" | "Version" if known::is_policy_word(text) => text.to_owned(),
            "Action" | "NotAction" if known::is_action(text) => text.to_owned(),
            "Action" | "NotAction" => self.action(text),
            "Service" if known::is_vocabulary(text.trim_end_matches(".amazonaws.com")) => {
                text.to_owned()
            }
            "kms:EncryptionContext" => self.of_kind(Kind::Text("context-value"), text),
            "kms:EncryptionContextKeys" => self.of_kind(Kind::Text("context-key"), text),
            _ if text.starts_with("arn:") => self.arn(text),
            _ if crate::model::is_account_id(text) => self.account(text),
            "AWS" => self.principal(text),
            "Sid" | "Id" => self.of_kind(Kind::Text("statement"), text),
            _ => self.of_kind(Kind::Text("policy-text"), text),
        }
    }
}
