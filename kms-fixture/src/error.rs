//! `Error`: the errors of the fixture itself, as opposed to the errors that the service returns.

use std::borrow::Cow;
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
        f.write_str(&printable(&self.0))
    }
}

/// Returns `text` with its control characters escaped as in JSON, but for line ends and tabs: in a terminal, those of an
/// untrusted file could hide or forge output.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    // Characters that reverse the direction of text forge output as well.
    let is_control = |it: char| {
        it.is_control() && it != '\n' && it != '\t'
            || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(is_control) {
        return text.into();
    }
    let escaped = text.chars().map(|it| match it {
        it if is_control(it) => format!("\\u{:04x}", u32::from(it)),
        it => it.to_string(),
    });
    escaped.collect::<String>().into()
}

/// Returns `text` as one line without control characters.
pub(crate) fn in_one_line(text: &str) -> String {
    printable(text).replace('\n', "\\n").replace('\t', "\\t")
}

impl std::error::Error for Error {}
