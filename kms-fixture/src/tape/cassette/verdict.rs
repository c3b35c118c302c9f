//! The verdict on a recording that is not good.

use serde::{Deserialize, Serialize};

/// A reason why a recording is not good. Only a recording that is not accepted has reasons; they contain no text of the
/// live service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// A call was refused by the recorder, or the live service did not answer it.
    Calls,
    /// The live account was not cleaned up.
    CleanUp,
    /// The test that made the calls has failed.
    Test,
}

impl Fault {
    /// Returns a sentence for people.
    #[cfg(feature = "cli")]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Calls => "a call was refused by the recorder, or was not answered",
            Self::CleanUp => "the live account was not cleaned up",
            Self::Test => "its test failed",
        }
    }
}
