//! The vocabulary of the table in `shapes`: what a member of an input may be.

use std::sync::OnceLock;

use regex_lite::Regex;

/// The input of an operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) members: &'static [Member],
}

/// A member of a structure.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) kind: Kind,
}

/// The type of a value, and its constraints.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text(Text),
    /// Bounds, inclusive.
    Integer(i64, i64),
    Boolean,
    /// The least and the largest length, and the type of the elements.
    List(usize, usize, &'static Kind),
    /// From text to text.
    Map,
    Structure(&'static [Member]),
}

/// The constraints of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    /// The least length, in characters.
    pub(super) min: usize,
    /// The largest length, in characters.
    pub(super) max: usize,
    pub(super) pattern: Option<&'static Pattern>,
    /// The enum's words.
    pub(super) words: Option<&'static [&'static str]>,
}

impl Text {
    pub(super) const fn length(min: usize, max: usize) -> Self {
        Self {
            min,
            max,
            pattern: None,
            words: None,
        }
    }

    pub(super) const fn like(self, pattern: &'static Pattern) -> Self {
        Self {
            pattern: Some(pattern),
            ..self
        }
    }

    pub(super) const fn one_of(words: &'static [&'static str]) -> Self {
        Self {
            words: Some(words),
            ..Self::length(0, usize::MAX)
        }
    }
}

/// A pattern of the model, which a whole value has to match.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) const fn new(text: &'static str) -> Self {
        Self {
            text,
            regex: OnceLock::new(),
        }
    }

    /// Whether the whole of `value` matches. A test makes sure that every pattern of the table compiles.
    pub(super) fn matches(&self, value: &str) -> bool {
        self.regex
            .get_or_init(|| Regex::new(&format!("^(?:{})$", self.text)).ok())
            .as_ref()
            .is_some_and(|it| it.is_match(value))
    }
}

/// A member that may be left out.
pub(super) const fn optional(name: &'static str, kind: Kind) -> Member {
    Member {
        name,
        required: false,
        kind,
    }
}

/// A member that must be there.
pub(super) const fn required(name: &'static str, kind: Kind) -> Member {
    Member {
        name,
        required: true,
        kind,
    }
}
