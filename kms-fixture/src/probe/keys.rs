//! The keys that experiments share: made at the start of a run, and deleted at its end.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::catalogue::Catalogue;
use super::client::Client;
use super::live::Live;
use crate::error::Error;
use crate::fixture::{Ending, Kms};
use crate::scenario::{ADMIN, KeyDeclaration, PolicySource, Scenario};

/// The name of the cassette with the calls that make and delete them.
const CASSETTE: &str = "keys";

/// The description of every key that a run makes, by which its owner finds it.
pub(super) const DESCRIPTION: &str = "made by kms-fixture probe, which deletes it";
/// The time until a new key is seen everywhere in AWS.
const SETTLES: Duration = Duration::from_secs(5);

/// The shared keys of a run, which a recording of its own has made.
pub(crate) struct Keys {
    kms: Kms,
    client: Client,
    /// Ids.
    made: Vec<String>,
}

impl Keys {
    /// Returns the shared keys that `catalogue` needs and that the user has not bound.
    ///
    /// # Errors
    ///
    /// A scenario that is not valid.
    pub(crate) fn needed(live: &Live, catalogue: &Catalogue) -> Result<Vec<KeyDeclaration>, Error> {
        let mut needed = BTreeMap::new();
        for experiment in live.can_run(catalogue) {
            for key in catalogue.scenario(experiment)?.keys {
                if !live.has_key(&key.declared) {
                    needed.insert(key.declared.clone(), key);
                }
            }
        }
        let mut needed: Vec<_> = needed.into_values().collect();
        // The first answer shows the account, which policies name.
        needed.sort_by_key(|it| it.policy.is_some());
        Ok(needed)
    }

    /// Makes keys, and binds them.
    ///
    /// # Errors
    ///
    /// A key that cannot be made. Those before are scheduled for deletion.
    pub(crate) fn make(live: &mut Live, needed: Vec<KeyDeclaration>) -> Result<Self, Error> {
        let kms =
            live.start(Scenario { region: live.region.clone(), ..Scenario::default() }, CASSETTE)?;
        let client = Client::of(&kms)?;
        let mut keys = Self { kms, client, made: Vec::new() };
        for key in needed {
            let name = key.declared.clone();
            let scenario = Scenario { keys: vec![key], ..Scenario::default() };
            let input = live.scenario(scenario).keys.first().map(input).unwrap_or_default();
            let made = keys.client.call(ADMIN, "CreateKey", &input)?;
            let metadata = &made.body["KeyMetadata"];
            let (Some(id), Some(arn)) = (metadata["KeyId"].as_str(), metadata["Arn"].as_str())
            else {
                let why = format!("{} {}", made.code(), made.message());
                return Err(Error::new(format!("the key `{name}` cannot be made: {why}")));
            };
            keys.made.push(id.to_owned());
            live.bind_key(&name, arn)?;
            live.account =
                live.account.take().or(metadata["AWSAccountId"].as_str().map(str::to_owned));
        }
        if live.is_aws && !keys.made.is_empty() {
            std::thread::sleep(SETTLES);
        }
        Ok(keys)
    }

    /// Schedules the keys for deletion.
    ///
    /// # Errors
    ///
    /// The keys that are left.
    pub(crate) fn end(mut self) -> Result<(), Error> {
        let left = self.delete();
        let ending = Ending { is_complete: true, is_right: true, again: "" };
        let ended = self.kms.end(&ending);
        if left.is_empty() { ended } else { Err(Error::new(left.join("\n"))) }
    }

    /// Schedules the keys for deletion; returns those that are left.
    fn delete(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        for id in std::mem::take(&mut self.made) {
            let input = json!({"KeyId": id, "PendingWindowInDays": 7});
            left.extend(self.client.undo("ScheduleKeyDeletion", &input, &id));
        }
        left
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        for left in self.delete() {
            eprintln!("{left}");
        }
    }
}

/// Returns the input of CreateKey for a declaration.
fn input(key: &KeyDeclaration) -> Value {
    let mut input = json!({ "Description": DESCRIPTION });
    if let Some(spec) = key.spec {
        input["KeySpec"] = spec.as_str().into();
        if let Some(usage) = key.usage.or_else(|| spec.usages().first().copied()) {
            input["KeyUsage"] = usage.as_str().into();
        }
    }
    if let Some(PolicySource::Document(document)) = &key.policy {
        input["Policy"] = document.as_str().into();
    }
    input
}
