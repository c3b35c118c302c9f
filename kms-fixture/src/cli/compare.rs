//! The calls in which two cassettes differ, for `diff` and `review`.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::pairs::{Step, steps};
use crate::error::Error;
use crate::tape::cassette::{Cassette, Interaction};
use crate::tape::names::Names;
use crate::tape::redact::{Difference, Redactor};
use crate::tape::replay::names;

/// One of the two cassettes.
pub(super) struct Side {
    pub(super) cassette: Cassette,
    /// Names for its contents.
    names: Names,
}

/// A call that differs, or that only one side has.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CallDifference {
    /// Its number in the first cassette, from 1.
    pub(super) first: Option<usize>,
    /// Its number in the second cassette, from 1.
    pub(super) second: Option<usize>,
    pub(super) operation: String,
    pub(super) caller: String,
    /// Empty for a call that only one side has.
    pub(super) differences: Vec<Field>,
}

/// A field that differs.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Field {
    /// `status`, `input` or `output`.
    pub(super) part: &'static str,
    pub(super) path: String,
    /// The grade; that of a status is `status`.
    pub(super) grade: &'static str,
    /// The values, with names.
    pub(super) first: String,
    pub(super) second: String,
}

impl Side {
    /// Reads a cassette.
    pub(super) fn load(path: &Path) -> Result<Self, Error> {
        Cassette::load(path).map(Self::of)
    }

    /// Returns the side of a cassette.
    pub(super) fn of(cassette: Cassette) -> Self {
        Self { names: names(&cassette), cassette }
    }

    /// Returns a value with names.
    fn named(&self, value: Option<&Value>) -> String {
        value.map_or_else(
            || "(nothing)".to_owned(),
            |it| self.names.rename_all(it.clone()).to_string(),
        )
    }
}

/// Returns whether the declarations of two cassettes differ.
pub(super) fn declarations_differ(first: &Side, second: &Side) -> bool {
    let value = |it: &Side| serde_json::to_value(&it.cassette.scenario).unwrap_or_default();
    value(first) != value(second)
}

/// Returns the calls in which two cassettes differ, in their order.
pub(super) fn compare(first: &Side, second: &Side) -> Vec<CallDifference> {
    let of = |call: &Interaction, first, second, differences| CallDifference {
        first,
        second,
        operation: call.operation.clone(),
        caller: call.caller.clone(),
        differences,
    };
    let mut all = Vec::new();
    for step in steps(&first.cassette.interactions, &second.cassette.interactions) {
        match step {
            Step::Both(one_at, one, other_at, other) => {
                let differences = differences((first, one), (second, other));
                if !differences.is_empty() {
                    all.push(of(one, Some(one_at + 1), Some(other_at + 1), differences));
                }
            }
            Step::First(at, call) => all.push(of(call, Some(at + 1), None, Vec::new())),
            Step::Second(at, call) => all.push(of(call, None, Some(at + 1), Vec::new())),
        }
    }
    all
}

/// Returns the differences between two calls of one operation.
fn differences(
    (first, one): (&Side, &Interaction),
    (second, other): (&Side, &Interaction),
) -> Vec<Field> {
    let mut fields = Vec::new();
    if one.status != other.status {
        fields.push(Field {
            part: "status",
            path: "$".to_owned(),
            grade: "status",
            first: one.status.to_string(),
            second: other.status.to_string(),
        });
    }
    let field = |part, it: &Difference| {
        let mut values = (first.named(it.first.as_ref()), second.named(it.second.as_ref()));
        // Two identifiers may have one name.
        if let (Some(one), Some(other), true) = (&it.first, &it.second, values.0 == values.1) {
            values = (one.to_string(), other.to_string());
        }
        let grade = it.grade.as_str();
        Field { part, path: it.path.clone(), grade, first: values.0, second: values.1 }
    };
    let inputs = Redactor::compare(one.input(), other.input());
    fields.extend(inputs.iter().map(|it| field("input", it)));
    let outputs = Redactor::compare(one.output(), other.output());
    fields.extend(outputs.iter().map(|it| field("output", it)));
    fields
}
