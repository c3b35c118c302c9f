//! The end of a recording that was killed: its journal tells its grants, which are then revoked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::clean_up::TRIES;
use super::guard::{Guard, key_id};
use super::keys::Keys;
use super::ledger::{LostCalls, Prints, Remains, alias_hash, grant_hash, key_hash};
use super::live::Settings;
use super::lost::Terms;
use super::prepare::{Plan, Prepared};
use super::service::{Service, id};
use crate::error::Error;
use crate::tape::cassette::left_behind;

/// The outcome of a recovery.
#[derive(Debug, Default)]
pub(crate) struct Recovered {
    pub(crate) told: Vec<String>,
    /// Whether something may be left.
    pub(crate) is_left: bool,
}

/// Ends the grants of the killed recordings of `cassette`, and deletes their journals if nothing is left.
///
/// # Errors
///
/// A journal that cannot be read; another service than that of the recording; an account that is not the named one.
pub(crate) async fn recover(mut plan: Plan, cassette: &Path) -> Result<Recovered, Error> {
    let mut recovered = Recovered::default();
    for (file, text) in left_behind(cassette)? {
        let path = file.path().display().to_string();
        let remains = Remains::read(&text)
            .map_err(|it| Error::new(format!("{path} cannot be read: {it}")))?;
        if remains.is_harmless() {
            file.delete()?;
            recovered.told.push("the killed recording made nothing".to_owned());
            continue;
        }
        plan.scenario.region.clone_from(&remains.region);
        let prepared = plan.stop.unless(Box::pin(Prepared::connect(&plan))).await??;
        let service = prepared.service;
        if service.is_aws != remains.aws {
            let (was, is) = if remains.aws { ("AWS", "not AWS") } else { ("not AWS", "AWS") };
            return Err(Error::new(format!(
                "the killed recording was of {was}, but this service is {is}"
            ))
            .help("give the `--upstream` of the recording"));
        }
        let ended = plan.stop.unless(Box::pin(end(&service, &plan.settings, &remains))).await?;
        match ended {
            Ok(told) => {
                file.delete()?;
                recovered.told.extend(told);
            }
            Err(error) => {
                recovered.told.push(format!("{error}\n{path} is kept"));
                recovered.is_left = true;
            }
        }
    }
    if recovered.told.is_empty() {
        let cassette = cassette.display();
        recovered
            .told
            .push(format!("no recording of {cassette} was killed and has left a journal"));
    }
    Ok(recovered)
}

/// Ends the things of a killed recording. Returns a report.
///
/// # Errors
///
/// Things that may be left.
async fn end(
    service: &Service,
    settings: &Settings,
    remains: &Remains,
) -> Result<Vec<String>, Error> {
    let mut search = Search { service, remains, keys: BTreeMap::new(), listed: BTreeMap::new() };
    search.find_keys(settings).await?;
    let mut lost = search.missing();
    let mut told = Vec::new();
    if !service.is_aws {
        // An emulator forgets its keys, and their grants with them.
        told.append(&mut lost);
    }
    let (mut guard, unsure) = search.find_grants().await?;
    lost.extend(unsure);
    guard.keys = search.find_made(settings).await?;
    let ended = guard.grants().count();
    told.push(format!("grants of the killed recording that were ended: {ended}"));
    match service.end_grants(guard).await {
        Ok(notes) => told.extend(notes),
        Err(error) => lost.push(error.to_string()),
    }
    if lost.is_empty() {
        Ok(told)
    } else {
        Err(Error::new(format!("{}\n{}", told.join("\n"), lost.join("\n"))))
    }
}

/// The search for the things of a killed recording.
struct Search<'a> {
    service: &'a Service,
    remains: &'a Remains,
    /// The live keys by their hashes: names, as calls had them, and ARNs.
    keys: BTreeMap<String, (String, String)>,
    /// The grants of each key that the recording used, by ARN.
    listed: BTreeMap<String, Vec<Value>>,
}

impl Search<'_> {
    /// Finds the keys of the journal: by their bindings, else in the list of the account's keys.
    async fn find_keys(&mut self, settings: &Settings) -> Result<(), Error> {
        for name in self.remains.keys.values().flatten() {
            let Some(bound) = settings.key(name) else { continue };
            if let Some(arn) = self.service.key(&bound).await? {
                self.add(key_id(&arn), &arn);
            }
        }
        if !self.missing().is_empty() || !self.remains.made_keys.is_empty() {
            for key in self.service.all("ListKeys", "Keys").await? {
                let text = |member: &str| key[member].as_str().unwrap_or_default();
                self.add(text("KeyId"), text("KeyArn"));
            }
        }
        // An emulator may accept aliases.
        if !self.missing().is_empty() && !self.service.is_aws {
            for alias in self.service.all("ListAliases", "Aliases").await? {
                let text = |member: &str| alias[member].as_str().unwrap_or_default();
                self.add(text("AliasName"), text("TargetKeyId"));
                self.add(text("AliasArn"), text("TargetKeyId"));
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, arn: &str) {
        let hash = key_hash(name, self.service.is_aws);
        self.keys.entry(hash).or_insert_with(|| (name.to_owned(), arn.to_owned()));
    }

    /// Returns a sentence for each key that has grants of the recording and is not found.
    fn missing(&self) -> Vec<String> {
        let keys = self.remains.keys_with_grants();
        let missing = keys.into_iter().filter(|it| !self.keys.contains_key(*it));
        let name = |it: &String| match self.remains.keys.get(it) {
            Some(Some(name)) => format!("the key that was bound to `{name}`"),
            _ => "a key".to_owned(),
        };
        missing
            .map(|it| {
                format!("{} is not there, and the killed recording made a grant on it", name(it))
            })
            .collect()
    }

    /// Finds the grants of the recording. Lists may lag behind, so they are asked for again if grants are missing.
    /// Returns a guard that has them, and what may be left otherwise.
    async fn find_grants(&mut self) -> Result<(Guard, BTreeSet<String>), Error> {
        let mut tries = TRIES;
        loop {
            for key in self.remains.keys_with_grants() {
                if let Some((_, arn)) = self.keys.get(key) {
                    let grants = self.service.grants_on(arn).await?;
                    self.listed.insert(arn.clone(), grants);
                }
            }
            let (guard, unsure, is_whole) = self.judge();
            tries -= 1;
            if is_whole || tries == 0 {
                return Ok((guard, unsure));
            }
            // A call of the killed process may still be under way.
            tokio::time::sleep(self.service.pause().max(Duration::from_millis(50))).await;
        }
    }

    /// Compares the lists with the journal. Returns also whether all grants are there that should be.
    fn judge(&self) -> (Guard, BTreeSet<String>, bool) {
        let mut guard = Guard::new(self.service.is_aws, false, None);
        let mut unsure = BTreeSet::new();
        let mut expected: BTreeSet<_> = self.remains.made.keys().collect();
        expected.retain(|it| !self.remains.ended.contains(*it));
        for (arn, grants) in &self.listed {
            for id in grants.iter().filter_map(id) {
                let hash = grant_hash(id);
                if self.remains.made.contains_key(&hash) && !self.remains.was_there(&hash) {
                    guard.made(arn, id, None);
                    expected.remove(&hash);
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
        (guard, unsure, is_whole)
    }

    /// Returns the grants that calls without an answer may have made: those with all their terms, and those with other
    /// names of principals.
    fn candidates(&self, lost: &LostCalls, name: &str, arn: &str) -> (Vec<String>, Vec<String>) {
        let has_before = self.remains.before.get(&lost.key).is_some_and(Option::is_some);
        let (mut whole, mut perhaps) = (Vec::new(), Vec::new());
        for grant in self.listed.get(arn).into_iter().flatten() {
            let Some(id) = id(grant) else { continue };
            let hash = grant_hash(id);
            if self.remains.was_there(&hash) || self.remains.made.contains_key(&hash) {
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
    async fn find_made(&self, settings: &Settings) -> Result<Keys, Error> {
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

impl Service {
    /// Returns the state of a key; nothing if there is none.
    async fn key_state(&self, key: &str) -> Result<Option<String>, Error> {
        if self.key(key).await?.is_none() {
            return Ok(Some("PendingDeletion".to_owned()));
        }
        let output = self.admin_call("DescribeKey", &json!({ "KeyId": key })).await?;
        Ok(output["KeyMetadata"]["KeyState"].as_str().map(str::to_owned))
    }

    /// Returns all entries of a list of the account.
    async fn all(&self, operation: &str, member: &str) -> Result<Vec<Value>, Error> {
        let mut input = json!({"Limit": 100});
        let mut entries = Vec::new();
        for _ in 0..10_000 {
            let mut output = self.admin_call(operation, &input).await?;
            if let Value::Array(page) = output[member].take() {
                entries.extend(page);
            }
            match output["NextMarker"].as_str() {
                Some(marker) => input["Marker"] = marker.into(),
                None => return Ok(entries),
            }
        }
        Err(Error::new(format!("{operation} does not end")))
    }
}
