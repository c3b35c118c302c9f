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
    /// Bytes, in base64; their own number counts. What is sensitive is not shown to anybody.
    Blob {
        min: usize,
        max: usize,
        sensitive: bool,
    },
    /// Seconds since 1970, perhaps with a fraction.
    Timestamp,
    Structure(&'static [Member]),
}

impl Kind {
    /// Whether the value is kept out of messages.
    pub(super) fn is_sensitive(&self) -> bool {
        matches!(self, Self::Blob { sensitive: true, .. })
    }
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
        Self { min, max, pattern: None, words: None }
    }

    pub(super) const fn like(self, pattern: &'static Pattern) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    pub(super) const fn one_of(words: &'static [&'static str]) -> Self {
        Self { words: Some(words), ..Self::length(0, usize::MAX) }
    }
}

/// A pattern of the model, which a whole value has to match.
#[derive(Debug)]
pub(super) struct Pattern {
    /// As the model has it, and error messages show it.
    pub(super) text: &'static str,
    matcher: Matcher,
}

/// Most patterns are one class of characters, repeated; a regular expression costs more than the call to compile.
#[derive(Debug)]
enum Matcher {
    Class(fn(char) -> bool),
    Regex(OnceLock<Option<Regex>>),
}

impl Pattern {
    /// A pattern that says `[class]+` or `[class]*`. A test compares the class with the expression.
    pub(super) const fn class(text: &'static str, class: fn(char) -> bool) -> Self {
        Self { text, matcher: Matcher::Class(class) }
    }

    /// Any other pattern.
    pub(super) const fn regex(text: &'static str) -> Self {
        Self { text, matcher: Matcher::Regex(OnceLock::new()) }
    }

    /// Whether the whole of `value` matches. The empty text matches no `+`.
    pub(super) fn matches(&self, value: &str) -> bool {
        match &self.matcher {
            Matcher::Class(class) => {
                (!value.is_empty() || self.text.ends_with('*')) && value.chars().all(class)
            }
            Matcher::Regex(regex) => regex
                .get_or_init(|| expression(self.text))
                .as_ref()
                .is_some_and(|it| it.is_match(value)),
        }
    }
}

/// The expression of a pattern, for whole values. A test makes sure that every pattern of the table has one.
pub(super) fn expression(text: &str) -> Option<Regex> {
    Regex::new(&format!("^(?:{text})$")).ok()
}

/// A member that may be left out.
pub(super) const fn optional(name: &'static str, kind: Kind) -> Member {
    Member { name, required: false, kind }
}

/// A member that must be there.
pub(super) const fn required(name: &'static str, kind: Kind) -> Member {
    Member { name, required: true, kind }
}

/// A row of the table.
pub(super) const fn operation(name: &'static str, members: &'static [Member]) -> Operation {
    Operation { name, members }
}
