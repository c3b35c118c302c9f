//! The way to a value.

use std::fmt;

/// A way to a value, which becomes a text only where the value differs: `$.Grants[1].Name`.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Element(&'a Path<'a>, usize),
    /// An element that only the second side has.
    Extra(&'a Path<'a>),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => write!(f, "$"),
            Self::Member(path, member) => write!(f, "{path}.{member}"),
            Self::Element(path, at) => write!(f, "{path}[{at}]"),
            Self::Extra(path) => write!(f, "{path}[+]"),
        }
    }
}
