//! The guard: a recording never ends a grant that it did not make.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::keys::Keys;
use super::ledger::{Ledger, Line, Prints, alias_hash, grant_hash, key_hash};
use super::lost::{Fit, Found, Lost, Terms};
use super::service::id;
use crate::error::Error;

/// The grants that this recording made: their ids with their keys, and their tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    grants: BTreeMap<String, String>,
    /// The numbers of the calls that made grants, by their ids.
    calls: BTreeMap<String, u64>,
    /// Grants that CreateGrant returned for a name and that may have existed before, with their keys.
    doubtful: BTreeMap<String, String>,
    /// The tokens of the grants, with their ids.
    tokens: BTreeMap<String, String>,
    /// The grants whose end was accepted at the test's request.
    ended: BTreeSet<String>,
    /// The grants of each key before this recording made one there; nothing where an emulator does not list them.
    before: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The CreateGrants that were sent and have no answer yet, by number: their keys and terms.
    sent: BTreeMap<u64, (String, Terms)>,
    last_sent: u64,
    /// The journal.
    pub(super) ledger: Option<Arc<Ledger>>,
    /// The keys and aliases that may be changed.
    pub(super) keys: Keys,
    /// Whether the service is AWS, where `DryRun` is sure to have no effect.
    is_aws: bool,
    /// Whether any grant may be ended, by the user's decision.
    open: bool,
}

/// Whether a call may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Permit {
    Yes,
    /// It may not, for this reason.
    No(String),
    /// It may unless the list of `key` shows the grant `id`: the test wants to see how an unknown id is refused.
    UnlessListed {
        key: String,
        id: String,
    },
}

impl Guard {
    /// Returns the guard of a recording that begins.
    pub(super) fn new(is_aws: bool, open: bool, ledger: Option<Arc<Ledger>>) -> Self {
        Self { ledger, is_aws, open, ..Self::default() }
    }

    /// Returns whether the grants of `key` before this recording are known, or cannot be.
    pub(super) fn has_looked(&self, key: &str) -> bool {
        self.before.contains_key(key_id(key))
    }

    /// Returns whether the grants of `key` before this recording are known.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.before.get(key_id(key)).is_some_and(Option::is_some)
    }

    /// Remembers the grants of `key` before this recording. A CreateGrant with the name of one returns it (fact 3.1.4).
    pub(super) fn were_there(&mut self, key: &str, ids: Option<Vec<String>>) {
        // An emulator's alias may name a key on which this recording made grants by the key's id.
        let foreign = |ids: Vec<String>| {
            ids.into_iter().filter(|it| !self.grants.contains_key(it)).collect::<BTreeSet<_>>()
        };
        let ids = ids.map(foreign);
        if self.has_looked(key) {
            return;
        }
        self.tell(|it| {
            let (arn, own) = it.keys.find(key);
            Line::Key {
                key: key_hash(key_id(key), it.is_aws),
                name: it.keys.name(key).map(str::to_owned),
                before: ids.as_ref().map(|it| it.iter().map(|it| grant_hash(it)).collect()),
                own,
                arn: arn.filter(|_| !own && !it.is_aws).map(str::to_owned),
            }
        });
        self.before.insert(key_id(key).to_owned(), ids);
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
    ///
    /// # Errors
    ///
    /// The journal cannot be written, so the call must not be sent.
    pub(super) fn sends(&mut self, operation: &str, input: &Value) -> Result<Option<u64>, Error> {
        if is_maker(operation) {
            self.tell(|_| Line::Makes { operation: operation.to_owned() });
        }
        let key = input["KeyId"]
            .as_str()
            .filter(|_| operation == "CreateGrant" && !(self.is_aws && input["DryRun"] == true));
        let Some(key) = key else { return Ok(None) };
        let call = self.last_sent + 1;
        let terms = Terms::of(input);
        self.tell(|it| Line::Sends {
            call,
            key: key_hash(key_id(key), it.is_aws),
            terms: Prints::of(&terms, key_id(key)),
            operations: terms.operations(),
        });
        if let Some(ledger) = &self.ledger {
            ledger.flush()?;
        }
        self.last_sent = call;
        self.sent.insert(call, (key.to_owned(), terms));
        Ok(Some(call))
    }

    /// Writes into the journal which key or alias a call made.
    pub(super) fn made_thing(
        &self,
        operation: &str,
        input: &Value,
        (status, output): (u16, &Value),
    ) {
        if is_maker(operation) && status < 500 {
            self.tell(|_| Line::Made { operation: operation.to_owned() });
        }
        if status != 200 {
            return;
        }
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        match operation {
            "CreateKey" => {
                let id = text(&output["KeyMetadata"]["KeyId"]);
                self.tell(|it| Line::MadeKey { key: key_hash(&id, it.is_aws) });
            }
            "CreateAlias" => {
                let (key, alias) = (text(&input["TargetKeyId"]), text(&input["AliasName"]));
                self.tell(|_| Line::MadeAlias { alias: alias_hash(key_id(&key), &alias) });
            }
            _ => {}
        }
    }

    /// Writes a line of the journal, if there is one.
    fn tell(&self, line: impl FnOnce(&Self) -> Line) {
        if let Some(ledger) = &self.ledger {
            ledger.write(&line(self));
        }
    }

    /// Learns from the answer to a call that [`Guard::sends`] knows.
    pub(super) fn learn(&mut self, number: u64, status: u16, output: &Value) {
        let made = output["GrantId"].as_str().filter(|_| status == 200);
        // After another answer (an internal error, or one without an id) the grant may exist.
        if made.is_none() && !(400..500).contains(&status) {
            return;
        }
        let Some((key, terms)) = self.sent.remove(&number) else { return };
        let doubtful = terms.has_name() && !self.knows(&key);
        match made {
            Some(id) if doubtful && !self.grants.contains_key(id) => {
                self.doubtful.insert(id.to_owned(), key);
            }
            Some(id) => {
                self.made(&key, id, output["GrantToken"].as_str());
                self.calls.insert(id.to_owned(), number);
            }
            None => {}
        }
        let is_known = |it: &&str| self.grants.contains_key(*it) || self.doubtful.contains_key(*it);
        let made = made.filter(is_known).map(grant_hash);
        self.tell(|_| Line::Answered { call: number, made, doubtful });
    }

    /// Remembers that the service accepted a call, which may have ended a grant.
    pub(super) fn accepted(&mut self, operation: &str, input: &Value) {
        // An accepted DryRun is refused with a code of its own by a service that knows it; another has ended the grant.
        let is_dry = self.is_aws && input["DryRun"] == true;
        if !matches!(operation, "RetireGrant" | "RevokeGrant") || is_dry {
            return;
        }
        let by_token = input["GrantToken"].as_str().and_then(|it| self.tokens.get(it).cloned());
        if let Some(ended) = by_token.or_else(|| id(input).map(str::to_owned)) {
            self.tell(|_| Line::Ended { grant: grant_hash(&ended) });
            self.ended.insert(ended);
        }
    }

    /// Remembers the end of a grant by a killed recording.
    pub(super) fn was_ended(&mut self, id: &str) {
        self.ended.insert(id.to_owned());
    }

    /// Writes into the journal that the service accepted the recorder's own end of a grant.
    pub(super) fn tell_end(&self, id: &str) {
        self.tell(|_| Line::Ended { grant: grant_hash(id) });
    }

    /// Returns whether the service accepted the end of a grant.
    pub(super) fn has_ended(&self, id: &str) -> bool {
        self.ended.contains(id)
    }

    /// Returns the CreateGrants without an answer, those of one key with the same terms together.
    pub(super) fn lost(&self) -> Vec<Lost> {
        let mut lost: Vec<Lost> = Vec::new();
        for (last, (key, terms)) in &self.sent {
            match lost.iter_mut().find(|it| key_id(&it.key) == key_id(key) && it.terms == *terms) {
                Some(it) => (it.calls, it.last) = (it.calls + 1, *last),
                None => lost.push(Lost {
                    key: key.clone(),
                    terms: terms.clone(),
                    calls: 1,
                    last: *last,
                }),
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
            found.is_later |= self.calls.get(id).is_some_and(|it| *it > lost.last);
            let is_known = self.grants.contains_key(id)
                || self.doubtful.contains_key(id)
                || before.is_some_and(|it| it.contains(id));
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
            (Some(id), Some(key)) if !self.was_there(id) && !self.doubtful.contains_key(id) => {
                Permit::UnlessListed { key: key.to_owned(), id: id.to_owned() }
            }
            _ => Permit::No(foreign(operation, "GrantId")),
        }
    }

    /// Returns whether a grant existed before this recording, on any key whose grants were listed.
    fn was_there(&self, id: &str) -> bool {
        self.before.values().flatten().any(|it| it.contains(id))
    }

    /// Returns the grants that may be of the recording and were not ended: ids and keys.
    pub(super) fn doubtful(&self) -> impl Iterator<Item = (&str, &str)> {
        let left = self.doubtful.iter().filter(|(id, _)| !self.ended.contains(*id));
        left.map(|(id, key)| (id.as_str(), key.as_str()))
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

/// Returns whether an operation makes a key or an alias.
fn is_maker(operation: &str) -> bool {
    matches!(operation, "CreateAlias" | "CreateKey" | "ReplicateKey")
}

/// Returns the id of a key, which may be named by its ARN.
pub(super) fn key_id(key: &str) -> &str {
    key.rsplit_once(":key/").map_or(key, |(_, id)| id)
}

#[cfg(test)]
mod tests;
