//! The attempts of calls, as a client sees them.

use serde_json::Value;

use crate::steps::Who;

/// One attempt of a call.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) who: Who,
    pub(crate) operation: String,
    pub(crate) input: Value,
    /// The id that the attempts of one call share.
    pub(crate) invocation: Option<String>,
    /// The status; 0 without an answer.
    pub(crate) status: u16,
    pub(crate) output: Value,
}

impl Attempt {
    pub(crate) fn code(&self) -> &str {
        self.output["__type"].as_str().unwrap_or("")
    }

    /// Returns whether the live service gave this answer, and not the recorder.
    pub(crate) fn is_live(&self) -> bool {
        self.status != 0 && !self.code().starts_with("KmsFixture")
    }
}
