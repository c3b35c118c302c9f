//! References in the data of an experiment: `{orders}` is a key's ARN, `{1.GrantId}` a member of the first answer.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fixture::Kms;
use crate::model::partition;

/// The values that references name.
#[derive(Clone, Debug, Default)]
pub(super) struct References {
    texts: BTreeMap<String, String>,
    /// The answers so far, by the numbers of their calls.
    answers: BTreeMap<String, Value>,
}

impl References {
    /// Returns the references to a fixture: `{orders}` and `{orders.id}`, `{worker}` and `{worker.session}`,
    /// `{access}` and `{access.token}`, `{account}`, `{region}`, `{partition}`, and `{unique}`, a name that no other run has.
    pub(super) fn of(kms: &Kms) -> Self {
        let mut texts = BTreeMap::from([
            ("account".to_owned(), kms.account().to_owned()),
            ("region".to_owned(), kms.region().to_owned()),
            ("partition".to_owned(), partition(kms.region()).to_owned()),
            ("unique".to_owned(), kms.unique_name("probe")),
        ]);
        for (name, key) in kms.declared_keys() {
            texts.insert(format!("{name}.id"), key.id().to_owned());
            texts.insert(name, key.arn().to_owned());
        }
        for (name, caller) in kms.callers() {
            texts.insert(format!("{name}.session"), caller.caller_arn().to_owned());
            texts.insert(name, caller.arn().to_owned());
        }
        for (name, grant) in kms.declared_grants() {
            texts.insert(format!("{name}.token"), grant.token().to_owned());
            texts.insert(name, grant.id().to_owned());
        }
        Self { texts, answers: BTreeMap::new() }
    }

    /// Adds the answer to a call, for `{number.Member}`.
    pub(super) fn answered(&mut self, number: usize, answer: Value) {
        self.answers.insert(number.to_string(), answer);
    }

    /// Sets a text.
    pub(super) fn set(&mut self, name: &str, text: String) {
        self.texts.insert(name.to_owned(), text);
    }

    /// Returns `value` with the values of its references.
    ///
    /// # Errors
    ///
    /// The first reference that names nothing.
    pub(super) fn fill(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => self.text(text)?,
            Value::Array(values) => {
                values.iter().map(|it| self.fill(it)).collect::<Result<Vec<_>, _>>()?.into()
            }
            Value::Object(members) => {
                let mut filled = serde_json::Map::new();
                for (member, it) in members {
                    let member = self.in_text(member)?;
                    filled.insert(member, self.fill(it)?);
                }
                filled.into()
            }
            other => other.clone(),
        })
    }

    /// Returns a text with its references, or the value of the one reference that it consists of.
    fn text(&self, text: &str) -> Result<Value, String> {
        match next(text) {
            Some(("", name, "")) => self.named(name),
            _ => self.in_text(text).map(Value::String),
        }
    }

    /// Returns a text with its references.
    ///
    /// # Errors
    ///
    /// The first reference that names nothing.
    pub(super) fn in_text(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, name, after)) = next(rest) {
            filled += before;
            match self.named(name)? {
                Value::String(text) => filled += &text,
                other => filled += &other.to_string(),
            }
            rest = after;
        }
        Ok(filled + rest)
    }

    fn named(&self, name: &str) -> Result<Value, String> {
        if let Some(text) = self.texts.get(name) {
            return Ok(text.as_str().into());
        }
        // `{a*64}` is 64 times `a`.
        if let Some((text, times)) = name.split_once('*')
            && let Ok(times) = times.parse()
        {
            return Ok(text.repeat(times).into());
        }
        let mut path = name.split('.');
        let mut found = path.next().and_then(|it| self.answers.get(it));
        for member in path {
            found = found.and_then(|it| match member.parse::<usize>() {
                Ok(at) => it.get(at),
                Err(_) => it.get(member),
            });
        }
        found.cloned().ok_or_else(|| format!("{{{name}}}"))
    }
}

/// Returns the first reference of a text: what is before it, its name, what is after it. Other braces are text.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || ".*-_".contains(it);
    let mut from = 0;
    loop {
        let start = from + text[from..].find('{')?;
        let inner = &text[start + 1..];
        let end = inner.find(|it| !is_part(it))?;
        if end > 0 && inner[end..].starts_with('}') {
            return Some((&text[..start], &inner[..end], &inner[end + 1..]));
        }
        from = start + 1;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_filled_and_other_braces_are_kept() {
        let mut references = References::default();
        references.set("orders", "arn:1".to_owned());
        references.answered(2, json!({"Grants": [{"CreationDate": 7}]}));
        for (value, filled) in [
            (json!("{orders}"), json!("arn:1")),
            (json!(["a {orders} b {x*3}"]), json!(["a arn:1 b xxx"])),
            (json!("{2.Grants.0.CreationDate}"), json!(7)),
            (json!({"k{orders}": "{\"Version\": {}}"}), json!({"karn:1": "{\"Version\": {}}"})),
            (json!("{"), json!("{")),
            (json!(1), json!(1)),
        ] {
            assert_eq!(references.fill(&value), Ok(filled));
        }
        assert_eq!(references.fill(&json!("{1.GrantId}")), Err("{1.GrantId}".to_owned()));
        assert_eq!(references.fill(&json!("{2.Grants.1.X}")), Err("{2.Grants.1.X}".to_owned()));
    }
}
