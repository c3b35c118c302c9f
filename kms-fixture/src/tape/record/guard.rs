//! The guard: a recording never ends a grant that it did not make.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The grants that this recording made: their ids with their keys, and their tokens.
#[derive(Debug, Default)]
pub(super) struct Guard {
    grants: BTreeMap<String, String>,
    tokens: Vec<String>,
    /// Grants that existed before.
    foreign: BTreeSet<String>,
    /// Whether any grant may be ended, by the user's decision.
    pub(super) open: bool,
}

impl Guard {
    /// Remembers grants that existed before. A CreateGrant with the name of one returns it (fact 3.1.4).
    pub(super) fn were_there(&mut self, ids: impl IntoIterator<Item = String>) {
        let ours = |it: &String| self.grants.contains_key(it);
        let foreign: Vec<_> = ids.into_iter().filter(|it| !ours(it)).collect();
        self.foreign.extend(foreign);
    }

    /// Remembers a grant that was made on `key`, unless it existed before.
    pub(super) fn made(&mut self, key: &str, id: &str, token: Option<&str>) {
        if self.foreign.contains(id) {
            return;
        }
        self.grants.insert(id.to_owned(), key.to_owned());
        self.tokens.extend(token.map(str::to_owned));
    }

    /// Learns from a successful exchange.
    pub(super) fn learn(&mut self, operation: &str, input: &Value, output: &Value) {
        let text = |value: &Value, member: &str| value[member].as_str().map(str::to_owned);
        if operation == "CreateGrant"
            && let (Some(key), Some(id)) = (text(input, "KeyId"), text(output, "GrantId"))
        {
            self.made(&key, &id, text(output, "GrantToken").as_deref());
        }
    }

    /// Returns why a call is not allowed, or nothing.
    pub(super) fn refuses(&self, operation: &str, input: &Value) -> Option<String> {
        if !matches!(operation, "RetireGrant" | "RevokeGrant")
            || self.open
            || input["DryRun"] == true
        {
            return None;
        }
        let id = input["GrantId"].as_str();
        let token = input["GrantToken"].as_str();
        // Both the id and the token must be from this recording; the service itself refuses a call with neither.
        let known = id.is_none_or(|it| self.grants.contains_key(it))
            && token.is_none_or(|it| self.tokens.iter().any(|known| known == it));
        let what = if id.is_some() { "GrantId" } else { "GrantToken" };
        (!known).then(|| {
            format!(
                "{operation} was not sent: this recording did not make the grant of this `{what}`, and an ended grant \
                 cannot be restored. Make the grant in the test, or declare it."
            )
        })
    }

    /// Returns the grants to clean up: ids and keys.
    pub(super) fn grants(&self) -> impl Iterator<Item = (&str, &str)> {
        self.grants.iter().map(|(id, key)| (id.as_str(), key.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_grants_of_the_recording_are_ended() {
        let mut guard = Guard::default();
        guard.learn(
            "CreateGrant",
            &json!({"KeyId": "k"}),
            &json!({"GrantId": "mine", "GrantToken": "token"}),
        );
        for (input, refused) in [
            (json!({"KeyId": "k", "GrantId": "mine"}), false),
            (json!({"KeyId": "k", "GrantId": "theirs"}), true),
            (json!({"GrantToken": "token"}), false),
            (json!({"GrantToken": "another"}), true),
            (json!({"KeyId": "k", "GrantId": "theirs", "DryRun": true}), false),
            (json!({}), false),
        ] {
            for operation in ["RetireGrant", "RevokeGrant"] {
                assert_eq!(
                    guard.refuses(operation, &input).is_some(),
                    refused,
                    "{operation} {input}"
                );
            }
            assert_eq!(guard.refuses("ListGrants", &input), None);
        }
        assert_eq!(guard.grants().collect::<Vec<_>>(), [("mine", "k")]);
    }

    #[test]
    fn a_grant_that_existed_before_is_foreign_although_create_grant_returns_it() {
        let mut guard = Guard::default();
        guard.were_there(["theirs".to_owned()]);
        let output = json!({"GrantId": "theirs", "GrantToken": "token"});
        guard.learn("CreateGrant", &json!({"KeyId": "k", "Name": "nightly"}), &output);
        assert!(
            guard.refuses("RevokeGrant", &json!({"KeyId": "k", "GrantId": "theirs"})).is_some()
        );
        assert!(guard.refuses("RetireGrant", &json!({"GrantToken": "token"})).is_some());
        assert_eq!(guard.grants().count(), 0);
    }
}
