//! Cassettes: recorded exchanges, as they lie in a file that is committed and reviewed.

mod accepted;
mod origin;
mod place;
mod read;
mod upgrade;
#[cfg(feature = "record")]
mod write;

use std::path::Path;
use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use accepted::Accepted;
pub(crate) use origin::{Origin, OriginKind};
pub(crate) use place::{Place, find, pending};
pub(crate) use upgrade::VERSION;
#[cfg(feature = "record")]
pub(crate) use write::{discard, make_room, promote, write, write_pending};

use crate::api;
use crate::error::Error;
use crate::scenario::Scenario;
use crate::tape::redact::Redacted;

/// What the first member of every cassette says.
const FORMAT: &str = "kms-fixture cassette";

/// A recording, redacted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cassette {
    format: String,
    version: u64,
    /// What it was made of.
    pub(crate) origin: Origin,
    /// When, in UTC and whole seconds; the clock of a replay.
    recorded: String,
    /// The library that made it.
    recorder: String,
    /// The test that made it; none for a recording of the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) test: Option<String>,
    /// What names were drawn from that the test asked the fixture for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<u64>,
    /// Members whose texts are kept as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) keep: Vec<String>,
    /// Lists whose order means something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ordered: Vec<String>,
    /// What was declared.
    pub(crate) scenario: Scenario,
    /// What the pseudonyms of declared keys and grants are; for whoever reads the file.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    names: serde_json::Map<String, Value>,
    /// Differences from the fake that somebody has looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) accepted: Vec<Accepted>,
    /// The calls, in the order in which they were made.
    pub(crate) interactions: Vec<Interaction>,
}

/// A call and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Interaction {
    /// The declared name of who called.
    pub(crate) caller: String,
    pub(crate) operation: String,
    /// Whether it was under way together with the call before it, so that their order is chance.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) concurrent: bool,
    input: Redacted,
    pub(crate) status: u16,
    #[serde(default, skip_serializing_if = "Redacted::is_null")]
    output: Redacted,
    /// The length of an answer that was no JSON, of which nothing else is known to be harmless.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) opaque: Option<usize>,
}

impl Interaction {
    /// A call and its answer; `output` is null for an answer without a body.
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

    /// The input.
    pub(crate) fn input(&self) -> &Redacted {
        &self.input
    }

    /// The output, or the body of the error; null if there was none.
    pub(crate) fn output(&self) -> &Redacted {
        &self.output
    }

    /// The bytes of the output.
    pub(crate) fn has_body(&self) -> bool {
        !self.output.is_null()
    }

    /// Whether later calls may see what this one did.
    pub(crate) fn is_mutation(&self) -> bool {
        api::is_mutation(&self.operation)
    }
}

impl Cassette {
    /// An empty cassette of now.
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
            keep: Vec::new(),
            ordered: Vec::new(),
            names: names(&scenario),
            scenario,
            accepted: Vec::new(),
            interactions: Vec::new(),
        }
    }

    /// When it was recorded.
    pub(crate) fn recorded(&self) -> SystemTime {
        // `read` has seen that it is a date.
        let date = DateTime::from_str(&self.recorded, Format::DateTime).ok();
        date.and_then(|it| SystemTime::try_from(it).ok()).unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// The same, as it stands in the file.
    pub(crate) fn recorded_text(&self) -> &str {
        &self.recorded
    }

    /// Which library made it.
    pub(crate) fn recorder(&self) -> &str {
        &self.recorder
    }

    /// Reads a cassette.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, is torn, has conflict markers, is of a newer version, or says something that a
    /// cassette cannot say: with file, line and reason.
    pub(crate) fn load(path: &Path) -> Result<Self, Error> {
        read::load(path)
    }

    /// The text of the file: members in a fixed order, so that recording again changes only what has changed.
    #[cfg(feature = "record")]
    pub(crate) fn to_text(&self) -> Result<String, Error> {
        let value = serde_json::to_value(self)
            .map_err(|it| Error::new(format!("cannot write a cassette: {it}")))?;
        write::text(&value)
    }
}

/// The pseudonyms of declared keys and grants.
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
