//! `Error`: the errors of the fixture itself, as opposed to the errors that the service returns.

use std::fmt;

/// An error of the fixture itself: an invalid scenario, an unreadable file, a socket that cannot be bound.
///
/// Its text names the mistake, the place, and the next step.
///
/// ```
/// use kms_fixture::Fixture;
/// use kms_fixture::scenario::GrantDeclaration;
///
/// let error = Fixture::builder().grant(GrantDeclaration::new("access").key("ordres")).start().unwrap_err();
/// assert!(error.to_string().contains("`ordres`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Adds a line with the next step.
    pub(crate) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.0 += "\nhelp: ";
        self.0 += help.as_ref();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
