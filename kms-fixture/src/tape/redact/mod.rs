//! Redaction: the texts that may be written down, and the pseudonyms for all others.
//!
//! Default-deny: only texts that are harmless by the model of KMS are kept (names of operations and members, enum values,
//! error codes, booleans, numbers, and the words of error texts). Every other text becomes a pseudonym, which has the same
//! shape, is the same wherever the text occurs, and belongs to no other text.
//! Redacting a redacted value changes nothing: so a file is checked without knowing what was live.

mod align;
mod arn;
#[cfg(feature = "record")]
mod audit;
mod blob;
mod kind;
mod known;
mod lexicon;
mod numbered;
mod policy;
mod prose;
mod pseudonyms;
mod scenario;
mod substitute;
mod table;
mod walk;

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use align::{Difference, Grade};
#[cfg(feature = "record")]
pub(crate) use audit::{Call, Draft, Secret};
pub(crate) use kind::{Kind, literal, name_of};
#[cfg(feature = "record")]
pub(crate) use scenario::redact_with;
pub(crate) use scenario::{ACCOUNT, principal_names, redact_scenario};

pub(crate) use pseudonyms::Mark;
use pseudonyms::Pseudonyms;
use substitute::{Redact, Restore};
use walk::Walk;

/// A value in which nothing is live. Only redaction makes one, or the reader of a cassette, which was redacted when it was
/// written. Only such values reach a cassette.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Redacted(Value);

impl Redacted {
    /// Returns a value that holds no live text: the outline of a page, a marker that was redacted.
    pub(crate) fn outline(value: Value) -> Self {
        Self(value)
    }

    /// Returns whether there is no value.
    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// Returns the value.
    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// Returns the value, taken out.
    pub(crate) fn into_value(self) -> Value {
        self.0
    }
}

/// The way of a value. Some members mean one thing in an input, another in an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// An input.
    Sent,
    /// An output, or an error.
    Received,
}

/// Where the texts come from that are redacted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// A test with the fixture's handles, the fake, a cassette. A text that looks like a pseudonym is one.
    #[default]
    Fixture,
    /// Clients without handles. A text that looks like a pseudonym is one, and clients may call what is declared by names
    /// of their own.
    Clients,
    /// A live service. A text that looks like a pseudonym is not one.
    Service,
}

/// The table between two languages, with what the user has decided: what is live on one side, pseudonyms on the other.
#[derive(Clone, Debug)]
pub(crate) struct Redactor {
    names: Pseudonyms,
    /// The account of the test, which stands for the first live one.
    account: String,
    /// Members whose texts are kept, by the user's decision.
    keep: BTreeSet<String>,
    /// Lists whose order means something, by the user's decision.
    ordered: BTreeSet<String>,
    /// Paths of roles and users, by their pseudonyms.
    paths: HashMap<String, String>,
    /// The texts that were kept.
    kept: BTreeSet<String>,
    /// A rule that is left out, to see that the audit notices.
    #[cfg(test)]
    pub(crate) broken: Option<Kind>,
}

impl Redactor {
    /// Returns a redactor that calls the first account `account`, keeps the texts of the members `keep`, and respects the
    /// order of the lists `ordered`.
    pub(crate) fn new(account: &str, keep: &[String], ordered: &[String]) -> Self {
        Self {
            names: Pseudonyms::default(),
            account: account.to_owned(),
            keep: keep.iter().cloned().collect(),
            ordered: ordered.iter().cloned().collect(),
            paths: HashMap::new(),
            kept: BTreeSet::new(),
            #[cfg(test)]
            broken: None,
        }
    }

    /// Sets where texts come from. Default: the fixture.
    pub(crate) fn reading(mut self, source: Source) -> Self {
        self.names.source = source;
        self
    }

    /// Returns a redactor of the cassette itself, in which all that is known so far stands for itself.
    pub(crate) fn of_cassette(&self) -> Self {
        Self {
            names: self.names.of_cassette(),
            paths: self.paths.keys().map(|it| (it.clone(), String::new())).collect(),
            ..self.clone()
        }
    }

    /// Makes the pseudonym of `live`, which is a declared thing, that of `name`.
    pub(crate) fn declare(&mut self, kind: Kind, live: &str, name: &str) {
        self.names.declare(kind, live, name);
    }

    /// Redacts an input.
    pub(crate) fn input(&mut self, input: &Value) -> Redacted {
        Redacted(self.redact().value("", input, Direction::Sent))
    }

    /// Redacts an output, or the body of an error.
    pub(crate) fn output(&mut self, output: &Value) -> Redacted {
        Redacted(self.redact().value("", output, Direction::Received))
    }

    /// Returns `redacted` with what its pseudonyms stand for; those that stand for nothing yet stay.
    pub(crate) fn restore(&mut self, redacted: &Redacted, way: Direction) -> Value {
        Walk(Restore::new(self)).value("", redacted.value(), way)
    }

    /// Restores an answer that a client gets. A pseudonym in it that stands for nothing stands for itself from then on,
    /// unless the client calls something else by it.
    pub(crate) fn hand_out(&mut self, redacted: &Redacted, way: Direction) -> Value {
        let mut walk = Walk(Restore::new(self));
        let live = walk.value("", redacted.value(), way);
        walk.0.hand_out();
        live
    }

    fn redact(&mut self) -> Walk<Redact<'_>> {
        Walk(Redact(self))
    }

    /// Remembers where the table stands.
    pub(crate) fn mark(&self) -> Mark {
        self.names.mark()
    }

    /// Forgets every pseudonym that was made since.
    pub(crate) fn rollback(&mut self, mark: &Mark) {
        self.names.rollback(mark);
    }

    /// Returns the bytes in `value`: their kinds and their pseudonyms.
    pub(crate) fn bytes_in(value: &Redacted, way: Direction) -> Vec<(Kind, &str)> {
        let mut found = Vec::new();
        walk::bytes_in("", value.value(), way, &mut found);
        found
    }

    /// Returns whether `pseudonym` stands for something by now.
    pub(crate) fn is_bound(&self, kind: Kind, pseudonym: &str) -> bool {
        self.names.is_taken(kind, pseudonym)
    }

    fn is_ordered(&self, member: &str) -> bool {
        self.ordered.contains(member)
    }

    fn keeps(&self, member: &str) -> bool {
        self.keep.contains(member)
    }

    /// Returns every pseudonym with its name: `orders`, `grant-1`.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.names()
    }
}
