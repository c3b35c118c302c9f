//! The translation of calls into redacted calls with names, which look the same in every mode.

use serde_json::Value;

use super::names::Names;
use crate::api::{is_date, is_ordered};
use crate::kms::journal::Raw;
use crate::scenario::Scenario;
use crate::tape::redact::{Kind, Redacted, Redactor};

/// A redactor with names for its pseudonyms.
#[derive(Clone, Debug)]
pub(crate) struct Translation {
    redactor: Redactor,
    names: Names,
    /// The number of calls that [`next`](Translation::next) redacted.
    #[cfg(test)]
    pub(crate) redactions: usize,
}

impl Translation {
    /// Returns a translation by `redactor`, with these names for pseudonyms.
    pub(crate) fn new(
        redactor: Redactor,
        names: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut known = Names::default();
        for (pseudonym, name) in names {
            known.learn(pseudonym, name);
        }
        Self {
            redactor,
            names: known,
            #[cfg(test)]
            redactions: 0,
        }
    }

    /// Shows names, contexts, tags, descriptions and aliases as they are.
    #[cfg(feature = "macros")]
    pub(crate) fn showing_texts(self) -> Self {
        Self { redactor: self.redactor.showing_texts(), ..self }
    }

    /// Learns what these calls returned, so that the order of the calls to redact does not matter.
    #[cfg(feature = "macros")]
    pub(crate) fn learn<'a>(&mut self, calls: impl Iterator<Item = &'a Raw>) {
        for call in calls {
            self.redactor.output(&call.output());
        }
    }

    /// Declares that `live` is the declared thing `name`.
    pub(crate) fn declare(&mut self, kind: Kind, live: &str, name: &str) {
        self.redactor.declare(kind, live, name);
    }

    /// Declares the ids of declared keys and grants, as a cassette has them.
    pub(crate) fn declare_ids(&mut self, scenario: &Scenario) {
        self.redactor.declare_ids(scenario);
    }

    /// Returns names for everything in the calls of a cassette.
    pub(crate) fn names_of_calls<'a>(
        &self,
        calls: impl Iterator<Item = (&'a Redacted, &'a Redacted)>,
    ) -> Names {
        let mut redactor = self.redactor.clone();
        for (input, output) in calls {
            redactor.input(input.value());
            redactor.output(output.value());
        }
        self.names_of(&redactor)
    }

    /// Returns the inputs and outputs of `calls`, redacted, and names for everything in them.
    pub(crate) fn redact<'a>(
        &self,
        calls: impl Iterator<Item = &'a Raw>,
    ) -> (Vec<(Value, Value)>, Names) {
        let mut redactor = self.redactor.clone();
        let redacted: Vec<_> = calls
            .map(|it| {
                let input = redactor.input(&it.input());
                let output = redactor.output(&it.output());
                (input.into_value(), output.into_value())
            })
            .collect();
        (redacted, self.names_of(&redactor))
    }

    /// Returns the translation with names for all that it knows, for [`next`](Self::next).
    pub(crate) fn naming_all(self) -> Self {
        Self { names: self.names_of(&self.redactor), ..self }
    }

    /// Returns the input and the output of the next call, redacted and with names. The work depends on this call alone.
    pub(crate) fn next(&mut self, call: &Raw) -> (Value, Value) {
        let before = self.redactor.mark();
        let input = self.redactor.input(&call.input());
        let output = self.redactor.output(&call.output());
        for (pseudonym, name) in self.redactor.names_since(&before) {
            self.names.learn(pseudonym, name);
        }
        #[cfg(test)]
        {
            self.redactions += 1;
        }
        (self.names.rename_all(input.into_value()), self.names.rename_all(output.into_value()))
    }

    fn names_of(&self, redactor: &Redactor) -> Names {
        let mut names = self.names.clone();
        for (pseudonym, name) in redactor.names() {
            names.learn(pseudonym, name);
        }
        names
    }
}

/// Returns `value` without what differs between runs: dates, and the order of unordered lists.
pub(crate) fn tidied(member: &str, value: Value) -> Value {
    match value {
        Value::Number(_) if is_date(member) => "date".into(),
        Value::Array(values) => {
            let mut values: Vec<_> = values.into_iter().map(|it| tidied(member, it)).collect();
            if !is_ordered(member) {
                values.sort_by_cached_key(Value::to_string);
            }
            values.into()
        }
        Value::Object(members) => {
            let members = members.into_iter().map(|(member, it)| {
                let it = tidied(&member, it);
                (member, it)
            });
            Value::Object(members.collect())
        }
        other => other,
    }
}
