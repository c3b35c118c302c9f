//! The end of a recording: clean up, redact, audit, write.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::{Value, json};

use super::recorder::{Recorder, on_tape};
use super::wait;
use crate::cassette::{self, Accepted, Cassette, Interaction, Origin};
use crate::redact::{ACCOUNT, Direction, Redacted, Redactor, search};
use crate::report::Error;
use crate::scenario::Scenario;

/// Where a recording goes, and what its header says.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) path: PathBuf,
    pub(crate) test: Option<String>,
    pub(crate) origin: Origin,
    pub(crate) keep: Vec<String>,
    pub(crate) ordered: Vec<String>,
    pub(crate) accepted: Vec<Accepted>,
    /// What was declared, redacted.
    pub(crate) scenario: Scenario,
    pub(crate) recorded: std::time::SystemTime,
    /// A redactor that knows what is declared, and has seen nothing yet.
    pub(crate) redactor: Redactor,
    /// Credentials, as what they are.
    pub(crate) secrets: Vec<(&'static str, String)>,
}

impl Recorder {
    /// Why the recording is not good, so far.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.state().faults.clone()
    }

    /// Revokes what this run has made, and proves by a list that it is gone.
    ///
    /// # Errors
    ///
    /// Grants that are still there, by key and id.
    pub(crate) fn clean_up(&self) -> Result<(), Error> {
        let grants: Vec<_> = self
            .state()
            .guard
            .grants()
            .map(|(id, key)| (id.to_owned(), key.to_owned()))
            .collect();
        if grants.is_empty() {
            return Ok(());
        }
        let wire = std::sync::Arc::clone(&self.wire);
        let left = wait(async move {
            let mut left = Vec::new();
            for (id, key) in grants {
                let body = Bytes::from(json!({"KeyId": key, "GrantId": id}).to_string());
                // What the test has ended is not found; whether it is gone, the list tells.
                let revoked = wire.call(&wire.admin, "RevokeGrant", body).await;
                let is_there = match revoked {
                    Ok(_) => still_there(&wire, &key, &id).await,
                    Err(error) => Err(error),
                };
                match is_there {
                    Ok(false) => {}
                    Ok(true) => left.push(format!("{id} on {key}")),
                    Err(error) => left.push(format!("{id} on {key} ({error})")),
                }
            }
            left
        })?;
        if left.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!(
            "these grants were made by the recording and could not be revoked: {}\nhelp: `aws kms revoke-grant`",
            left.join(", ")
        )))
    }

    /// Writes what has been recorded beside the cassette, as `.new`.
    ///
    /// # Errors
    ///
    /// Something live would be in the file; a file that cannot be written.
    pub(crate) fn write(&self, destination: &Destination) -> Result<Cassette, Error> {
        let mut redactor = destination.redactor.clone();
        let mut cassette = Cassette::new(
            destination.origin.clone(),
            destination.recorded,
            destination.scenario.clone(),
        );
        cassette.test.clone_from(&destination.test);
        cassette.keep.clone_from(&destination.keep);
        cassette.ordered.clone_from(&destination.ordered);
        cassette.accepted.clone_from(&destination.accepted);
        for (taken, concurrent) in on_tape(&self.state()) {
            let raw = taken.raw;
            let input: Value = serde_json::from_slice(&raw.input).unwrap_or_else(|_| json!({}));
            let output = serde_json::from_slice::<Value>(&raw.output);
            let opaque = (output.is_err() && !raw.output.is_empty()).then_some(raw.output.len());
            let input = redactor.input(&input);
            let output = redactor.output(&output.unwrap_or_default());
            let caller = raw.caller.unwrap_or_default();
            let mut interaction =
                Interaction::new(caller, raw.operation, &input, raw.status, &output);
            interaction.concurrent = concurrent;
            interaction.opaque = opaque;
            cassette.interactions.push(interaction);
        }
        let text = cassette.to_text()?;
        audit(&cassette, &text, &redactor, destination)?;
        cassette::write_pending(&destination.path, &text)?;
        Ok(cassette)
    }
}

async fn still_there(wire: &super::recorder::Wire, key: &str, id: &str) -> Result<bool, Error> {
    let mut input = json!({"KeyId": key, "Limit": 100});
    // A key that has vanished has no grants.
    for _ in 0..1000 {
        let (status, output) = wire
            .call(&wire.admin, "ListGrants", Bytes::from(input.to_string()))
            .await?;
        let output: Value = serde_json::from_slice(&output).unwrap_or_default();
        if status != 200 {
            let code = output["__type"].as_str().unwrap_or_default();
            if code.ends_with("NotFoundException") {
                return Ok(false);
            }
            return Err(Error::new(format!("ListGrants: {status} {code}")));
        }
        let mut grants = output["Grants"].as_array().into_iter().flatten();
        if grants.any(|it| it["GrantId"] == id) {
            return Ok(true);
        }
        match output["NextMarker"].as_str() {
            Some(marker) => input["Marker"] = marker.into(),
            None => return Ok(false),
        }
    }
    Err(Error::new("ListGrants does not end"))
}

/// Proves that nothing live is left: every text of the calls is harmless or a pseudonym, and no live value occurs
/// anywhere in the file, in any encoding.
fn audit(
    cassette: &Cassette,
    text: &str,
    redactor: &Redactor,
    destination: &Destination,
) -> Result<(), Error> {
    let mut leaks = leaks(cassette, destination)?;
    let declared = declared(&cassette.scenario);
    let path = destination.test.as_deref().unwrap_or_default();
    let origin = destination.origin.to_string();
    let public = |it: &str| {
        it == ACCOUNT
            || declared.iter().any(|name| name == it)
            || path.split("::").any(|part| part == it)
            || redactor.is_kept(it)
            || origin.contains(it)
    };
    let secrets = destination
        .secrets
        .iter()
        .map(|(what, it)| (*what, it.as_str()));
    leaks.extend(
        search(text.as_bytes(), secrets, &|_| false)
            .into_iter()
            .map(|it| it.place),
    );
    let live = redactor.replaced().map(|(live, it)| (it, live));
    let found = search(text.as_bytes(), live, &public);
    leaks.extend(
        found
            .into_iter()
            .map(|it| format!("{} has survived as it was", it.place)),
    );
    if leaks.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!(
        "the recording is not written: something live would be in it\n  {}\n\
         help: if it may be public, add the member to `keep` in kms-fixture.toml",
        leaks.join("\n  ")
    )))
}

/// Texts of a cassette that are neither harmless nor pseudonyms.
fn leaks(cassette: &Cassette, destination: &Destination) -> Result<Vec<String>, Error> {
    let (_, redactor) = crate::redact::redact_scenario(
        &cassette.scenario,
        &destination.keep,
        &destination.ordered,
    )?;
    Ok(cassette_leaks(cassette, redactor))
}

/// The same with a redactor that knows what is declared.
pub(crate) fn cassette_leaks(cassette: &Cassette, mut redactor: Redactor) -> Vec<String> {
    redactor.declare_ids(&cassette.scenario);
    let mut leaks = Vec::new();
    for (at, call) in cassette.interactions.iter().enumerate() {
        let mut look = |value: Redacted, way, side: &str| {
            let found = redactor.leaks(&value, way).into_iter();
            leaks.extend(
                found.map(|it| format!("call {}, {} {side}: {}", at + 1, call.operation, it.place)),
            );
        };
        look(call.input(), Direction::Sent, "input");
        look(call.output(), Direction::Received, "output");
    }
    leaks
}

/// Every name that is declared.
fn declared(scenario: &Scenario) -> Vec<String> {
    let keys = scenario.keys.iter().map(|it| it.declared.clone());
    let roles = scenario.roles.iter().map(|it| it.declared.clone());
    let users = scenario.users.iter().map(|it| it.declared.clone());
    let grants = scenario.grants.iter().map(|it| it.declared.clone());
    keys.chain(roles).chain(users).chain(grants).collect()
}

/// Makes what was recorded for `path` the cassette.
pub(crate) fn promote(path: &Path) -> Result<bool, Error> {
    cassette::promote(path)
}
