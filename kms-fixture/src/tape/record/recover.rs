//! The end of a recording that was killed: its journal tells its grants, which are then revoked.

mod search;

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::ledger::Remains;
use super::live::Settings;
use super::prepare::{Plan, Prepared};
use super::service::Service;
use crate::error::Error;
use crate::tape::cassette::left_behind;
use search::{Search, Seen};

/// The longest time that AWS's lists lag behind.
const LAG: Duration = Duration::from_mins(5);

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
        let is_new = file.age().is_none_or(|it| it < LAG);
        let ended = end(&service, &plan.settings, &remains, is_new);
        let ended = plan.stop.unless(Box::pin(ended)).await?;
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

/// Ends the things of a killed recording. Returns a report. The journal `is_new` if lists may not show its grants yet.
///
/// # Errors
///
/// Things that may be left.
async fn end(
    service: &Service,
    settings: &Settings,
    remains: &Remains,
    is_new: bool,
) -> Result<Vec<String>, Error> {
    let mut search = Search::new(service, remains);
    search.find_keys(settings).await?;
    // An emulator forgets its keys, and their grants with them.
    let (mut told, mut lost) = search.missing();
    let Seen { mut guard, unsure, is_whole } = search.find_grants().await;
    lost.extend(unsure);
    if !is_whole && is_new && service.is_aws {
        lost.push(
            "grants of the killed recording are in no list, and lists may lag behind: recover again in five minutes"
                .to_owned(),
        );
    }
    guard.keys = search.find_made(settings).await?;
    let unanswered = remains.unanswered.iter().filter(|(_, calls)| **calls > 0);
    told.extend(unanswered.map(|(operation, calls)| {
        format!("perhaps the killed recording left what {calls} {operation} without an answer made")
    }));
    let ended = guard.grants().count();
    told.push(format!("grants of the killed recording that were ended: {ended}"));
    match service.end_grants(guard, true).await {
        Ok(notes) => told.extend(notes),
        Err(error) => lost.push(error.to_string()),
    }
    if lost.is_empty() {
        Ok(told)
    } else {
        Err(Error::new(format!("{}\n{}", told.join("\n"), lost.join("\n"))))
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
            let output = self.admin_call(operation, &input).await?;
            let Some(page) = output[member].as_array() else {
                return Err(Error::new(format!("the answer to {operation} has no `{member}`")));
            };
            entries.extend(page.iter().cloned());
            match output["NextMarker"].as_str().filter(|it| !it.is_empty()) {
                Some(marker) => input["Marker"] = marker.into(),
                None => return Ok(entries),
            }
        }
        Err(Error::new(format!("{operation} does not end")))
    }
}
