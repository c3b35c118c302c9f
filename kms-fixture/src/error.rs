//! `Error`: what goes wrong with the fixture itself, as opposed to what the service answers.

use std::fmt;

/// The fixture could not do what it was asked to: a scenario that makes no sense, a file that cannot be read, a
/// socket that cannot be bound.
///
/// Its text says what was wrong, where, and what to do next.
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

    /// Adds a line that says what to do about it.
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
