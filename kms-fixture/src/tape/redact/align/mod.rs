//! Aligning two values with different pseudonyms: new ones on one side are bound to those at the same place on the
//! other; every mismatch is a difference.

mod binding;
mod overlay;
mod path;

use std::collections::HashMap;

use serde_json::Value;

use self::binding::Binding;
use self::overlay::Overlay;
use self::path::Path;
use super::kind::Kind;
use super::{Direction, Redacted, Redactor};

/// A kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// Another HTTP status.
    Status,
    /// Another error code.
    Code,
    /// A member or an element that the second side lacks.
    Missing,
    /// A member or an element that only the second side has.
    Extra,
    /// Another type of JSON.
    Type,
    /// Another value.
    Value,
    /// Equal elements in another order, where the order matters.
    Order,
}

impl Grade {
    /// Returns the word for the grade.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Code => "code",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Type => "type",
            Self::Value => "value",
            Self::Order => "order",
        }
    }
}

/// One difference between two redacted values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    /// `$.Grants[0].Name`.
    pub(crate) path: String,
    pub(crate) grade: Grade,
    /// The value of the first side, if present.
    pub(crate) first: Option<Value>,
    /// The value of the second side, if present.
    pub(crate) second: Option<Value>,
}

impl Redactor {
    /// Redacts `live`, aligns it with `tape`, a value of a cassette, and binds what is new in it to the cassette's
    /// values at the same places. Returns the differences.
    pub(crate) fn align(
        &mut self,
        tape: &Redacted,
        live: &Value,
        way: Direction,
    ) -> Vec<Difference> {
        let mark = self.names.mark();
        let redacted = self.redact().value("", live, way);
        let mut fresh: HashMap<String, Vec<Kind>> = HashMap::new();
        for (kind, it) in self.names.since(&mark) {
            fresh.entry(it.to_owned()).or_default().push(kind);
        }
        let (differences, bound) = self.overlay(fresh, tape.value(), &redacted);
        self.names.rebind(bound);
        differences
    }

    /// Compares two redacted values without binding anything.
    pub(crate) fn compare(first: &Redacted, second: &Redacted) -> Vec<Difference> {
        let mut redactor = Self::new("", &[], &[]);
        redactor.overlay(HashMap::new(), first.value(), second.value()).0
    }

    /// Returns the differences of two values, and the bindings of the pseudonyms `fresh`.
    fn overlay(
        &mut self,
        fresh: HashMap<String, Vec<Kind>>,
        first: &Value,
        second: &Value,
    ) -> (Vec<Difference>, Vec<(Kind, String, String)>) {
        let binding = Binding::new(self, fresh);
        let mut overlay = Overlay { binding, differences: Vec::new() };
        overlay.value("", &Path::Root, first, second);
        let bound = overlay.binding.bound.into_iter();
        let bound = bound.map(|((kind, fresh), tape)| (kind, fresh, tape)).collect();
        (overlay.differences, bound)
    }
}

#[cfg(test)]
mod tests;
