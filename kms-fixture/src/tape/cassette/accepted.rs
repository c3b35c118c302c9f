//! Differences between a recording and the fake that the user has accepted, with a reason.

use serde::{Deserialize, Serialize};

use crate::tape::redact::Difference;

/// An accepted difference. If it no longer occurs, that is a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    /// The operation whose answers differ.
    pub(crate) operation: String,
    /// The grade, such as `missing`.
    pub(crate) grade: String,
    /// The path, with `[]` for every element of a list.
    pub(crate) path: String,
    /// The reason for accepting it.
    pub(crate) reason: String,
}

impl Accepted {
    /// Returns whether this accepts a difference in an answer of `operation`.
    pub(crate) fn covers(&self, operation: &str, difference: &Difference) -> bool {
        self.operation == operation
            && self.grade == difference.grade.as_str()
            && self.path == general(&difference.path)
    }

    /// Returns the entry for a difference.
    #[cfg(feature = "record")]
    pub(crate) fn of(operation: &str, difference: &Difference, reason: &str) -> Self {
        Self {
            operation: operation.to_owned(),
            grade: difference.grade.as_str().to_owned(),
            path: general(&difference.path),
            reason: reason.to_owned(),
        }
    }
}

/// Returns the path for all elements of a list: `$.Grants[3].Name` becomes `$.Grants[].Name`.
pub(crate) fn general(path: &str) -> String {
    let mut general = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        inside = match character {
            '[' => true,
            ']' => false,
            _ => inside,
        };
        if !inside || character == '[' {
            general.push(character);
        }
    }
    general
}
