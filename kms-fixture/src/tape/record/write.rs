//! The end of a recording on disk: redact, audit, write.

use std::path::PathBuf;
use std::sync::Arc;

use super::recorded::Recorded;
use super::recorder::Recorder;
use super::wait;
use crate::error::Error;
use crate::scenario::Scenario;
use crate::tape::cassette::{self, Accepted, Cassette, Fault, Origin};
use crate::tape::redact::Secret;

/// The destination of a recording, and its header.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) path: PathBuf,
    pub(crate) test: Option<String>,
    /// The seed of the unique names that the test used.
    pub(crate) seed: u64,
    pub(crate) origin: Origin,
    pub(crate) keep: Vec<String>,
    pub(crate) ordered: Vec<String>,
    pub(crate) accepted: Vec<Accepted>,
    /// The declarations, redacted.
    pub(crate) scenario: Scenario,
    /// The options of keys that the live service has filled in.
    pub(crate) found: std::collections::BTreeMap<String, Vec<String>>,
    pub(crate) recorded: std::time::SystemTime,
    /// Credentials that must not be in the file.
    pub(crate) secrets: Vec<Secret>,
}

impl Recorder {
    /// Returns why the recording must not be saved, so far.
    pub(crate) fn faults(&self) -> Vec<String> {
        let state = self.state();
        let mut faults = state.faults.clone();
        // A failed call counts, unless a retry of it succeeded.
        let unanswered =
            state.exchanges.seen().into_iter().filter(|it| !it.live && it.raw.status == 503);
        faults.extend(unanswered.map(|it| {
            let body = it.raw.output();
            let why = body["message"].as_str().unwrap_or_default();
            let caller = it.raw.caller.as_deref().unwrap_or("an unknown caller");
            format!("{} by {caller} was not answered: {why}", it.raw.operation)
        }));
        faults
    }

    /// Writes the recording, or else into a temporary folder: as the cassette if its test has `passed`, otherwise beside it as `.new`, with the `verdict`.
    /// `drew` is whether the test has asked for unique names.
    ///
    /// # Errors
    ///
    /// Something live in the file; a file that cannot be written.
    pub(crate) fn write(
        &self,
        destination: &Destination,
        passed: bool,
        verdict: Vec<Fault>,
        drew: bool,
    ) -> Result<(), Error> {
        let Recorded { interactions, redactor } = self.recorded();
        let mut cassette = Cassette::new(
            destination.origin.clone(),
            destination.recorded,
            destination.scenario.clone(),
        );
        cassette.found.clone_from(&destination.found);
        cassette.test.clone_from(&destination.test);
        cassette.seed = drew.then_some(destination.seed);
        cassette.verdict = verdict;
        cassette.keep.clone_from(&destination.keep);
        cassette.ordered.clone_from(&destination.ordered);
        cassette.accepted.clone_from(&destination.accepted);
        cassette.interactions = interactions;
        let text = cassette.to_text()?;
        // Credentials may have been refreshed during the recording. A recording is not lost if there are none any
        // more.
        let mut secrets = destination.secrets.clone();
        let service = Arc::clone(&self.service);
        if let Ok(Ok(fresh)) = wait(async move { service.secrets().await }) {
            secrets.extend(fresh);
        }
        cassette.audit(&text, &redactor, &secrets)?;
        // If two processes record the same test, neither promotes the other's recording.
        let path = &destination.path;
        let written = if passed {
            cassette::write(path, &text).and_then(|()| cassette::discard(path)).map(drop)
        } else {
            cassette::write_pending(path, &text)
        };
        // Its grants are gone, but the recording need not be lost.
        written.map_err(|error| match cassette::write_elsewhere(path, &text) {
            Ok(other) => Error::new(format!("{error}\nthe recording is in {}", other.display())),
            Err(other) => Error::new(format!("{error}\n{other}")),
        })
    }
}
