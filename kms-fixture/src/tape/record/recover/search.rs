//! The search for the things of a killed recording, which its journal has as hashes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use crate::error::Error;
use crate::tape::record::ends::TRIES;
use crate::tape::record::guard::{Guard, key_id};
use crate::tape::record::keys::Keys;
use crate::tape::record::ledger::{LostCalls, Prints, Remains, alias_hash, grant_hash, key_hash};
use crate::tape::record::live::Settings;
use crate::tape::record::lost::Terms;
use crate::tape::record::service::{Service, id};

/// The search for the things of a killed recording.
pub(super) struct Search<'a> {
    service: &'a Service,
    remains: &'a Remains,
    /// The live keys by their hashes: names, as calls had them, and ARNs.
    keys: BTreeMap<String, (String, String)>,
    /// The hashes of keys that the service does not know.
    gone: BTreeSet<String>,
    /// The grants of each key that the recording used, by ARN.
    listed: BTreeMap<String, Vec<Value>>,
    /// Why keys or grants were not found.
    failed: BTreeSet<String>,
}

/// The grants that a search has found.
pub(super) struct Seen {
    /// The guard of those that the recording made.
    pub(super) guard: Guard,
    /// Those that may be left otherwise.
    pub(super) unsure: BTreeSet<String>,
    /// Whether all are there that should be.
    pub(super) is_whole: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(service: &'a Service, remains: &'a Remains) -> Self {
        Self {
            service,
            remains,
            keys: BTreeMap::new(),
            gone: BTreeSet::new(),
            listed: BTreeMap::new(),
            failed: BTreeSet::new(),
        }
    }

    /// Finds the keys of the journal: by their bindings and ARNs, else in the list of the account's keys.
    pub(super) async fn find_keys(&mut self, settings: &Settings) -> Result<(), Error> {
        let remains = self.remains;
        for name in remains.keys.values().flatten() {
            if let Some(bound) = settings.key(name) {
                self.find_key(&bound).await;
            }
        }
        for (hash, arn) in &remains.arns {
            if self.find_key(arn).await == Some(false) {
                self.gone.insert(hash.clone());
            }
        }
        if self.is_key_missing() || !remains.made_keys.is_empty() {
            for key in self.service.all("ListKeys", "Keys").await? {
                let text = |member: &str| key[member].as_str().unwrap_or_default();
                self.add(text("KeyId"), text("KeyArn"));
            }
        }
        // An emulator may accept aliases.
        if self.is_key_missing() && !self.service.is_aws {
            for alias in self.service.all("ListAliases", "Aliases").await? {
                let text = |member: &str| alias[member].as_str().unwrap_or_default();
                self.add(text("AliasName"), text("TargetKeyId"));
                self.add(text("AliasArn"), text("TargetKeyId"));
            }
        }
        // The key may have been bound since, so that it is found.
        if self.is_key_missing() {
            for bound in settings.bound_keys() {
                self.find_key(bound).await;
            }
        }
        Ok(())
    }

    /// Finds a key by a name. Returns whether it exists, if that is known.
    async fn find_key(&mut self, name: &str) -> Option<bool> {
        match self.service.key(name).await {
            Ok(Some(arn)) => {
                self.add(key_id(&arn), &arn);
                Some(true)
            }
            Ok(None) => Some(false),
            Err(error) => {
                self.failed.insert(error.to_string());
                None
            }
        }
    }

    fn add(&mut self, name: &str, arn: &str) {
        let hash = key_hash(name, self.service.is_aws);
        self.keys.entry(hash).or_insert_with(|| (name.to_owned(), arn.to_owned()));
    }

    fn is_key_missing(&self) -> bool {
        let keys = self.remains.keys_with_grants();
        keys.into_iter().any(|it| !self.keys.contains_key(it) && !self.gone.contains(it))
    }

    /// Returns a sentence for each key that has grants of the recording and is not found: first for those that the
    /// service does not know, whose grants are gone, then for the others.
    pub(super) fn missing(&self) -> (Vec<String>, Vec<String>) {
        let (mut gone, mut lost) = (Vec::new(), Vec::new());
        let remains = self.remains;
        let keys = remains.keys_with_grants();
        for key in keys.into_iter().filter(|it| !self.keys.contains_key(*it)) {
            let which = match remains.keys.get(key) {
                Some(Some(name)) => format!("the key that was bound to `{name}`"),
                _ => "a key".to_owned(),
            };
            if !self.service.is_aws && (remains.own.contains(key) || self.gone.contains(key)) {
                gone.push(format!(
                    "{which} is not there, and the killed recording made a grant on it"
                ));
            } else {
                lost.push(format!(
                    "{which} is not found, and the killed recording made a grant on it, which may be left: if the key \
                     belongs to another account, bind it below `[keys]` in kms-fixture.toml and recover again, or \
                     revoke the grant and delete the journal"
                ));
            }
        }
        (gone, lost)
    }

    /// Finds the grants of the recording. Lists may lag behind, so they are asked for again if grants are missing.
    pub(super) async fn find_grants(&mut self) -> Seen {
        let mut tries = TRIES;
        let failed = self.failed.clone();
        loop {
            self.failed.clone_from(&failed);
            for key in self.remains.keys_with_grants() {
                if let Some((_, arn)) = self.keys.get(key) {
                    match self.service.grants_on(arn).await {
                        Ok(grants) => drop(self.listed.insert(arn.clone(), grants)),
                        Err(error) => drop(self.failed.insert(error.to_string())),
                    }
                }
            }
            let seen = self.judge();
            tries -= 1;
            if seen.is_whole || tries == 0 {
                return seen;
            }
            // A call of the killed process may still be under way.
            tokio::time::sleep(self.service.pause().max(Duration::from_millis(50))).await;
        }
    }

    /// Compares the lists with the journal.
    fn judge(&self) -> Seen {
        let mut guard = Guard::new(self.service.is_aws, false, None);
        let mut unsure = self.failed.clone();
        let mut expected: BTreeSet<_> = self.remains.made.keys().collect();
        expected.retain(|it| !self.remains.ended.contains(*it));
        for (arn, grants) in &self.listed {
            for id in grants.iter().filter_map(id) {
                let hash = grant_hash(id);
                if self.remains.doubtful.contains_key(&hash) && !self.remains.ended.contains(&hash)
                {
                    unsure.insert(format!(
                        "the grant {id} on {arn} was not revoked: it may have existed before the recording, which could \
                         not list the grants of the key"
                    ));
                }
                if self.remains.made.contains_key(&hash) && !self.remains.was_there(&hash) {
                    guard.made(arn, id, None);
                    expected.remove(&hash);
                    if self.remains.ended.contains(&hash) {
                        guard.was_ended(id);
                    }
                }
            }
        }
        let mut is_whole = expected.is_empty();
        for lost in &self.remains.lost {
            let Some((name, arn)) = self.keys.get(&lost.key) else { continue };
            let (whole, mut perhaps) = self.candidates(lost, name, arn);
            let found = whole.len() + perhaps.len();
            is_whole &= found >= lost.calls;
            if found > lost.calls {
                perhaps.extend(whole);
            } else {
                for id in whole {
                    guard.made(arn, &id, None);
                }
            }
            if !perhaps.is_empty() {
                unsure.insert(format!(
                    "{} CreateGrant ({}) on {arn} without an answer: it may have made one of these grants, which were not \
                     revoked: {}",
                    lost.calls,
                    lost.operations.join(", "),
                    perhaps.join(", ")
                ));
            }
        }
        Seen { guard, unsure, is_whole }
    }

    /// Returns the grants that calls without an answer may have made: those with all their terms, and those with other
    /// names of principals.
    fn candidates(&self, lost: &LostCalls, name: &str, arn: &str) -> (Vec<String>, Vec<String>) {
        let has_before = self.remains.before.get(&lost.key).is_some_and(Option::is_some);
        let (mut whole, mut perhaps) = (Vec::new(), Vec::new());
        for grant in self.listed.get(arn).into_iter().flatten() {
            let Some(id) = id(grant) else { continue };
            let hash = grant_hash(id);
            if self.remains.was_there(&hash)
                || self.remains.made.contains_key(&hash)
                || self.remains.doubtful.contains_key(&hash)
            {
                continue;
            }
            let listed = Prints::of(&Terms::of(grant), name);
            let is_whole = listed.whole == lost.terms.whole;
            let is_by_id = listed.by_id || lost.terms.by_id;
            if is_whole && has_before {
                whole.push(id.to_owned());
            } else if is_whole || (is_by_id && listed.rest == lost.terms.rest) {
                perhaps.push(id.to_owned());
            }
        }
        (whole, perhaps)
    }

    /// Finds the keys and aliases that the recording made.
    pub(super) async fn find_made(&self, settings: &Settings) -> Result<Keys, Error> {
        let mut made = BTreeSet::new();
        for key in &self.remains.made_keys {
            if let Some((_, arn)) = self.keys.get(key)
                && self.service.key_state(arn).await?.as_deref() != Some("PendingDeletion")
            {
                made.insert(arn.clone());
            }
        }
        let mut aliases = BTreeMap::new();
        if !self.remains.made_aliases.is_empty() {
            for alias in self.service.all("ListAliases", "Aliases").await? {
                let text = |member: &str| alias[member].as_str().unwrap_or_default();
                let (name, key) = (text("AliasName"), text("TargetKeyId"));
                if self.remains.made_aliases.contains(&alias_hash(key_id(key), name))
                    && let Some(arn) = self.service.key(name).await?
                {
                    aliases.insert(name.to_owned(), arn);
                }
            }
        }
        Ok(Keys::of_killed(made, aliases, settings.rules.clone()))
    }
}
