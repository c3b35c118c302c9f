//! The guard: a recording never ends a grant that it did not make.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::keys::Keys;
use super::lost::{Fit, Found, Lost, Terms};
use super::service::id;

/// The grants that this recording made: their ids with their keys, and their tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    grants: BTreeMap<String, String>,
    /// The tokens of the grants, with their ids.
    tokens: BTreeMap<String, String>,
    /// The grants whose end was accepted at the test's request.
    ended: BTreeSet<String>,
    /// The grants of each key before this recording made one there; nothing where an emulator does not list them.
    before: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The CreateGrants that were sent and have no answer yet, by number: their keys and terms.
    sent: BTreeMap<u64, (String, Terms)>,
    last_sent: u64,
    /// The keys and aliases that may be changed.
    pub(super) keys: Keys,
    /// Whether the service is AWS, where `DryRun` is sure to have no effect.
    pub(super) is_aws: bool,
    /// Whether any grant may be ended, by the user's decision.
    pub(super) open: bool,
}

/// Whether a call may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Permit {
    Yes,
    /// It may not, for this reason.
    No(String),
    /// It may unless the list of `key` shows the grant `id`: the test wants to see how an unknown id is refused.
    UnlessListed { key: String, id: String },
}

impl Guard {
    /// Returns whether the grants of `key` before this recording are known, or cannot be.
    pub(super) fn has_looked(&self, key: &str) -> bool {
        self.before.contains_key(key_id(key))
    }

    /// Remembers the grants of `key` before this recording. A CreateGrant with the name of one returns it (fact 3.1.4).
    pub(super) fn were_there(&mut self, key: &str, ids: Option<Vec<String>>) {
        // An emulator's alias may name a key on which this recording made grants by the key's id.
        let foreign = |ids: Vec<String>| {
            ids.into_iter().filter(|it| !self.grants.contains_key(it)).collect::<BTreeSet<_>>()
        };
        let ids = ids.map(foreign);
        self.before.entry(key_id(key).to_owned()).or_insert(ids);
    }

    /// Remembers a grant that was made on `key`, unless it existed before.
    pub(super) fn made(&mut self, key: &str, id: &str, token: Option<&str>) {
        if self.was_there(id) {
            return;
        }
        self.grants.insert(id.to_owned(), key.to_owned());
        self.ended.remove(id);
        self.tokens.extend(token.map(|it| (it.to_owned(), id.to_owned())));
    }

    /// Remembers a call that is about to be sent, if it may make a grant. Returns its number.
    pub(super) fn sends(&mut self, operation: &str, input: &Value) -> Option<u64> {
        let key = input["KeyId"].as_str()?;
        if operation != "CreateGrant" || (self.is_aws && input["DryRun"] == true) {
            return None;
        }
        self.last_sent += 1;
        self.sent.insert(self.last_sent, (key.to_owned(), Terms::of(input)));
        Some(self.last_sent)
    }

    /// Learns from the answer to a call that [`Guard::sends`] knows.
    pub(super) fn learn(&mut self, number: u64, status: u16, output: &Value) {
        let made = output["GrantId"].as_str().filter(|_| status == 200);
        // After another answer (an internal error, or one without an id) the grant may exist.
        if made.is_none() && !(400..500).contains(&status) {
            return;
        }
        if let (Some((key, _)), Some(id)) = (self.sent.remove(&number), made) {
            self.made(&key, id, output["GrantToken"].as_str());
        }
    }

    /// Remembers that the service accepted a call, which may have ended a grant.
    pub(super) fn accepted(&mut self, operation: &str, input: &Value) {
        if !matches!(operation, "RetireGrant" | "RevokeGrant") || input["DryRun"] == true {
            return;
        }
        let by_token = input["GrantToken"].as_str().and_then(|it| self.tokens.get(it).cloned());
        self.ended.extend(by_token.or_else(|| id(input).map(str::to_owned)));
    }

    /// Returns whether the service accepted the end of a grant.
    pub(super) fn has_ended(&self, id: &str) -> bool {
        self.ended.contains(id)
    }

    /// Returns the CreateGrants without an answer, those of one key with the same terms together.
    pub(super) fn lost(&self) -> Vec<Lost> {
        let mut lost: Vec<Lost> = Vec::new();
        for (key, terms) in self.sent.values() {
            match lost.iter_mut().find(|it| key_id(&it.key) == key_id(key) && it.terms == *terms) {
                Some(it) => it.calls += 1,
                None => lost.push(Lost { key: key.clone(), terms: terms.clone(), calls: 1 }),
            }
        }
        lost
    }

    /// Returns which of a key's grants may be of `lost` calls: those that did not exist before and that no answer
    /// names.
    pub(super) fn found(&self, lost: &Lost, listed: &[Value]) -> Found {
        let before = self.before.get(key_id(&lost.key)).and_then(Option::as_ref);
        let mut found = Found::default();
        for grant in listed {
            let Some(id) = id(grant) else { continue };
            let is_known = self.grants.contains_key(id) || before.is_some_and(|it| it.contains(id));
            match lost.terms.fit(&Terms::of(grant)) {
                Fit::No => {}
                _ if is_known => {}
                Fit::Whole if before.is_some() => found.whole.push(id.to_owned()),
                // Without the list of before, it may be another one's.
                _ => found.perhaps.push(id.to_owned()),
            }
        }
        found
    }

    /// Returns whether a call may end grants of this recording only.
    pub(super) fn permits(&self, operation: &str, input: &Value) -> Permit {
        if !matches!(operation, "RetireGrant" | "RevokeGrant")
            || self.open
            // Another service may not know `DryRun` and end the grant.
            || (self.is_aws && input["DryRun"] == true)
        {
            return Permit::Yes;
        }
        // Both the id and the token must be from this recording; the service itself refuses a call with neither.
        if input["GrantToken"].as_str().is_some_and(|it| !self.tokens.contains_key(it)) {
            return Permit::No(foreign(operation, "GrantToken"));
        }
        match (input["GrantId"].as_str(), input["KeyId"].as_str()) {
            (None, _) => Permit::Yes,
            (Some(id), _) if self.grants.contains_key(id) => Permit::Yes,
            (Some(id), Some(key)) if !self.was_there(id) => {
                Permit::UnlessListed { key: key.to_owned(), id: id.to_owned() }
            }
            _ => Permit::No(foreign(operation, "GrantId")),
        }
    }

    /// Returns whether a grant existed before this recording, on any key whose grants were listed.
    fn was_there(&self, id: &str) -> bool {
        self.before.values().flatten().any(|it| it.contains(id))
    }

    /// Returns the grants to clean up: ids and keys.
    pub(super) fn grants(&self) -> impl Iterator<Item = (&str, &str)> {
        self.grants.iter().map(|(id, key)| (id.as_str(), key.as_str()))
    }
}

/// Returns why a call for a grant that this recording did not make is refused; `what` names it.
pub(super) fn foreign(operation: &str, what: &str) -> String {
    format!(
        "{operation} was not sent: this recording did not make the grant of this `{what}`, and an ended grant cannot be \
         restored. Make the grant in the test, or declare it."
    )
}

/// Returns the id of a key, which may be named by its ARN.
pub(super) fn key_id(key: &str) -> &str {
    key.rsplit_once(":key/").map_or(key, |(_, id)| id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_grants_of_the_recording_are_ended() {
        let mut guard = Guard::default();
        let number = guard.sends("CreateGrant", &json!({"KeyId": "k"})).unwrap();
        guard.learn(number, 200, &json!({"GrantId": "mine", "GrantToken": "token"}));
        let unless = |id: &str| Permit::UnlessListed { key: "k".to_owned(), id: id.to_owned() };
        let no = |operation: &str, what: &str| Permit::No(foreign(operation, what));
        for operation in ["RetireGrant", "RevokeGrant"] {
            for (input, permit) in [
                (json!({"KeyId": "k", "GrantId": "mine"}), Permit::Yes),
                (json!({"KeyId": "k", "GrantId": "unknown"}), unless("unknown")),
                (json!({"KeyId": "k", "GrantId": "unknown", "DryRun": true}), unless("unknown")),
                (json!({"KeyId": "k", "GrantId": "mine", "DryRun": true}), Permit::Yes),
                (json!({"GrantId": "unknown"}), no(operation, "GrantId")),
                (json!({"GrantToken": "token"}), Permit::Yes),
                (json!({"GrantToken": "another"}), no(operation, "GrantToken")),
                (
                    json!({"KeyId": "k", "GrantId": "unknown", "GrantToken": "another"}),
                    no(operation, "GrantToken"),
                ),
                (json!({}), Permit::Yes),
            ] {
                assert_eq!(guard.permits(operation, &input), permit, "{operation} {input}");
                assert_eq!(guard.permits("ListGrants", &input), Permit::Yes);
            }
        }
        assert_eq!(guard.grants().collect::<Vec<_>>(), [("mine", "k")]);
        guard.is_aws = true;
        let dry = json!({"KeyId": "k", "GrantId": "unknown", "DryRun": true});
        assert_eq!(guard.permits("RevokeGrant", &dry), Permit::Yes);
        let wet = json!({"KeyId": "k", "GrantId": "unknown"});
        assert_eq!(guard.permits("RevokeGrant", &wet), unless("unknown"));
    }

    #[test]
    fn a_grant_that_existed_before_is_foreign_although_create_grant_returns_it() {
        let mut guard = Guard::default();
        guard.were_there(
            "arn:aws:kms:us-east-1:111122223333:key/k",
            Some(vec!["theirs".to_owned()]),
        );
        assert!(guard.has_looked("k") && !guard.has_looked("another"));
        // Only the first list shows what existed before.
        guard.were_there("k", Some(vec!["theirs".to_owned(), "mine".to_owned()]));
        let output = json!({"GrantId": "theirs", "GrantToken": "token"});
        let input = json!({"KeyId": "k", "Name": "nightly"});
        let number = guard.sends("CreateGrant", &input).unwrap();
        guard.learn(number, 200, &output);
        let by_id = json!({"KeyId": "another", "GrantId": "theirs"});
        let refused = Permit::No(foreign("RevokeGrant", "GrantId"));
        assert_eq!(guard.permits("RevokeGrant", &by_id), refused);
        let refused = Permit::No(foreign("RetireGrant", "GrantToken"));
        assert_eq!(guard.permits("RetireGrant", &json!({"GrantToken": "token"})), refused);
        let number = guard.sends("CreateGrant", &json!({"KeyId": "k"})).unwrap();
        guard.learn(number, 200, &json!({"GrantId": "mine"}));
        assert_eq!(guard.grants().collect::<Vec<_>>(), [("mine", "k")]);
    }

    #[test]
    fn a_call_is_lost_unless_its_answer_shows_what_became_of_it() {
        let mut guard = Guard::default();
        let input = json!({"KeyId": "k", "Operations": ["Decrypt"]});
        let mut lost = Vec::new();
        for (status, output, is_lost) in [
            (200, json!({"GrantId": "mine"}), false),
            (400, json!({"__type": "AccessDeniedException"}), false),
            (500, json!({"__type": "KMSInternalException"}), true),
            (200, json!(null), true),
        ] {
            let number = guard.sends("CreateGrant", &input).unwrap();
            let before = guard.sent.len();
            guard.learn(number, status, &output);
            lost.push((guard.sent.len() == before, is_lost));
        }
        assert!(lost.iter().all(|(left, right)| left == right), "{lost:?}");
        assert_eq!(guard.sends("ListGrants", &input), None);
        let dry = json!({"KeyId": "k", "DryRun": true});
        assert!(guard.sends("CreateGrant", &dry).is_some());
        guard.is_aws = true;
        assert_eq!(guard.sends("CreateGrant", &dry), None);
    }

    #[test]
    fn only_new_grants_may_be_of_a_lost_call() {
        let mut guard = Guard::default();
        let grant = |id: &str| json!({"GrantId": id, "Operations": ["Decrypt"]});
        let listed = [grant("theirs"), grant("mine"), grant("new")];
        guard.sends("CreateGrant", &json!({"KeyId": "k", "Operations": ["Decrypt"]}));
        guard.made("k", "mine", None);
        let [lost] = guard.lost().try_into().unwrap();
        assert_eq!(lost.calls, 1);
        assert_eq!(guard.found(&lost, &listed).perhaps, ["theirs", "new"]);
        guard.were_there("k", Some(vec!["theirs".to_owned()]));
        let found = guard.found(&lost, &listed);
        assert_eq!((found.whole, found.perhaps), (vec!["new".to_owned()], vec![]));
    }
}
