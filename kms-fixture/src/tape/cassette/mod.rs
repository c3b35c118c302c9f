//! Cassettes: recorded exchanges in a file that is committed and reviewed.

mod accepted;
mod origin;
mod place;
mod read;
#[cfg(feature = "record")]
mod replace;
#[cfg(feature = "record")]
mod running;
mod upgrade;
mod verdict;
#[cfg(feature = "record")]
mod write;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use accepted::{Accepted, general};
pub(crate) use origin::{Origin, OriginKind};
pub(crate) use place::{Place, find, pending};
pub(crate) use read::text;
#[cfg(feature = "cli")]
pub(crate) use replace::{is_left_behind, is_temporary};
#[cfg(feature = "record")]
pub(crate) use running::{RunFile, left_behind};
#[cfg(feature = "cli")]
pub(crate) use running::{cassette_of_dead, is_run};
pub(crate) use upgrade::VERSION;
pub(crate) use verdict::Fault;
#[cfg(feature = "cli")]
pub(crate) use write::{amend, discard_reviewed, promote_reviewed};
#[cfg(feature = "record")]
pub(crate) use write::{discard, make_room, promote, write, write_elsewhere, write_pending};

use crate::api;
use crate::error::Error;
use crate::scenario::Scenario;
use crate::tape::redact::Redacted;
#[cfg(feature = "record")]
use crate::tape::redact::{Call, Draft, Redactor, Secret};

/// The first member of every cassette.
const FORMAT: &str = "kms-fixture cassette";

/// A redacted recording.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cassette {
    format: String,
    version: u64,
    /// The source of its exchanges.
    pub(crate) origin: Origin,
    /// The time of the recording, in UTC and whole seconds; the clock of a replay.
    recorded: String,
    /// The library that recorded it.
    recorder: String,
    /// The test that recorded it; none for a recording by the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) test: Option<String>,
    /// The seed of the unique names that the test used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<u64>,
    /// The reasons why the recording is not good. A good recording and an accepted cassette have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) verdict: Vec<Fault>,
    /// The members whose texts are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) keep: Vec<String>,
    /// The lists whose order matters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ordered: Vec<String>,
    /// The declarations.
    pub(crate) scenario: Scenario,
    /// The options of declared keys that the recording has filled in from the live keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) found: BTreeMap<String, Vec<String>>,
    /// The pseudonyms of declared keys and grants, for readers of the file.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    names: serde_json::Map<String, Value>,
    /// Differences from the fake that the user has accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) accepted: Vec<Accepted>,
    /// The calls, in their order.
    pub(crate) interactions: Vec<Interaction>,
}

/// A call and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Interaction {
    /// The declared name of the caller.
    pub(crate) caller: String,
    pub(crate) operation: String,
    /// Whether this call overlaps the one before it, so that their order is chance.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) concurrent: bool,
    input: Redacted,
    pub(crate) status: u16,
    #[serde(default, skip_serializing_if = "Redacted::is_null")]
    output: Redacted,
    /// The length of an answer that was not JSON, of which nothing else is known to be harmless.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) opaque: Option<usize>,
}

impl Interaction {
    /// Returns a call and its answer; `output` is null for an answer without a body.
    #[cfg(feature = "record")]
    pub(crate) fn new(
        caller: String,
        operation: String,
        input: Redacted,
        status: u16,
        output: Redacted,
    ) -> Self {
        Self { caller, operation, concurrent: false, input, status, output, opaque: None }
    }

    /// Returns the input.
    pub(crate) fn input(&self) -> &Redacted {
        &self.input
    }

    /// Returns the output, or the body of the error; null if there was none.
    pub(crate) fn output(&self) -> &Redacted {
        &self.output
    }

    /// Returns whether the answer had a body.
    pub(crate) fn has_body(&self) -> bool {
        !self.output.is_null()
    }

    /// Returns whether later calls may see the effects of this one.
    pub(crate) fn is_mutation(&self) -> bool {
        api::is_mutation(&self.operation)
    }
}

impl Cassette {
    /// Returns a cassette without calls.
    #[cfg(feature = "record")]
    pub(crate) fn new(origin: Origin, recorded: SystemTime, scenario: Scenario) -> Self {
        let whole = DateTime::from_secs(DateTime::from(recorded).secs());
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            origin,
            recorded: whole.fmt(Format::DateTime).unwrap_or_default(),
            recorder: concat!("kms-fixture ", env!("CARGO_PKG_VERSION")).to_owned(),
            test: None,
            seed: None,
            verdict: Vec::new(),
            keep: Vec::new(),
            ordered: Vec::new(),
            found: BTreeMap::new(),
            names: names(&scenario),
            scenario,
            accepted: Vec::new(),
            interactions: Vec::new(),
        }
    }

    /// Returns the time of the recording.
    pub(crate) fn recorded(&self) -> SystemTime {
        // `read` has checked the date.
        let date = DateTime::from_str(&self.recorded, Format::DateTime).ok();
        date.and_then(|it| SystemTime::try_from(it).ok()).unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// Returns the time of the recording as text.
    pub(crate) fn recorded_text(&self) -> &str {
        &self.recorded
    }

    /// Returns the library that recorded it.
    pub(crate) fn recorder(&self) -> &str {
        &self.recorder
    }

    /// Reads a cassette.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, is cut off, has conflict markers, is of a newer version, or is not a valid
    /// cassette: with file, line and reason.
    pub(crate) fn load(path: &Path) -> Result<Self, Error> {
        read::load(path)
    }

    /// Returns the operation, the input and the output of each call.
    #[cfg(feature = "record")]
    pub(crate) fn calls(&self) -> Vec<Call<'_>> {
        let calls = self.interactions.iter();
        calls.map(|it| (it.operation.as_str(), it.input(), it.output())).collect()
    }

    /// Proves that `text`, this cassette as it is about to be written, contains nothing live.
    ///
    /// # Errors
    ///
    /// Everything live that was found.
    #[cfg(feature = "record")]
    pub(crate) fn audit(
        &self,
        text: &str,
        redactor: &Redactor,
        secrets: &[Secret],
    ) -> Result<(), Error> {
        let draft = Draft {
            text,
            scenario: &self.scenario,
            calls: &self.calls(),
            test: self.test.as_deref().unwrap_or_default(),
            origin: &self.origin.to_string(),
        };
        redactor.audit(&draft, secrets)
    }

    /// Returns the text of the file: members in a fixed order, so that a new recording changes only what differs.
    #[cfg(feature = "record")]
    pub(crate) fn to_text(&self) -> Result<String, Error> {
        let value = serde_json::to_value(self)
            .map_err(|it| Error::new(format!("cannot write a cassette: {it}")))?;
        write::text(&value)
    }
}

/// Returns the pseudonyms of declared keys and grants.
#[cfg(feature = "record")]
fn names(scenario: &Scenario) -> serde_json::Map<String, Value> {
    use crate::tape::redact::{Kind, literal};
    let keys = scenario.keys.iter().map(|it| {
        let live = if it.multi_region { "mrk-" } else { "" };
        (it.declared.clone(), literal(Kind::Key, &it.declared, live).into())
    });
    let grants = scenario
        .grants
        .iter()
        .map(|it| (it.declared.clone(), literal(Kind::Grant, &it.declared, "").into()));
    keys.chain(grants).collect()
}
