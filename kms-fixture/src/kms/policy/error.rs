//! The error for an invalid policy document.

use std::fmt;

/// The reason why a policy document is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PolicyError(String);

impl PolicyError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PolicyError {}
