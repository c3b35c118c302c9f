//! Redaction: the texts that may be written, and the pseudonyms for all others.
//!
//! Default-deny: only texts that are harmless by the API model are kept (names of operations and members, enum
//! values, error codes, booleans, the numbers of numeric members, and the words of error messages). Every other text
//! becomes a pseudonym of the same shape, one for all its occurrences, and for no other text; every other number becomes
//! 0. Redacting a redacted value changes nothing, so a file is checked without knowledge of the live texts.

mod align;
mod arn;
#[cfg(feature = "record")]
mod audit;
mod blob;
mod kind;
mod known;
mod lexicon;
mod memo;
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

/// A value without live texts. Only redaction makes one, or the reader of a cassette, which was redacted when it was
/// written. Only redacted values reach a cassette.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Redacted(Value);

impl Redacted {
    /// Returns a value that contains no live text: the outline of a page, a marker that was redacted.
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

    /// Returns the value, consuming `self`.
    pub(crate) fn into_value(self) -> Value {
        self.0
    }
}

/// The direction of a value. Some members have different meanings in inputs and outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// An input.
    Sent,
    /// An output, or an error.
    Received,
}

/// The source of the texts to redact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// A test with the fixture's handles, the fake, a cassette. A text that looks like a pseudonym is one.
    #[default]
    Fixture,
    /// Clients without handles. A text that looks like a pseudonym is one, and clients may use their own names for
    /// declared things.
    Clients,
    /// A live service. A text that looks like a pseudonym is not one.
    Service,
}

/// The table between live texts and pseudonyms, with the user's decisions.
#[derive(Clone, Debug)]
pub(crate) struct Redactor {
    names: Pseudonyms,
    /// The account of the test, the pseudonym of the first live one.
    account: String,
    /// Members whose texts are kept, by the user's decision.
    keep: BTreeSet<String>,
    /// Lists whose order matters, by the user's decision.
    ordered: BTreeSet<String>,
    /// Paths of roles and users, by their pseudonyms.
    paths: HashMap<String, String>,
    /// The texts that were kept.
    kept: BTreeSet<String>,
    /// Whether only identifiers and bytes are replaced: nothing is secret in the answers of the fake.
    shows_texts: bool,
    /// A rule to leave out, for a test of the audit.
    #[cfg(test)]
    pub(crate) broken: Option<Kind>,
}

impl Redactor {
    /// Returns a redactor that renames the first account to `account`, keeps the texts of the members `keep`, and the
    /// order of the lists `ordered`.
    pub(crate) fn new(account: &str, keep: &[String], ordered: &[String]) -> Self {
        Self {
            names: Pseudonyms::default(),
            account: account.to_owned(),
            keep: keep.iter().cloned().collect(),
            ordered: ordered.iter().cloned().collect(),
            paths: HashMap::new(),
            kept: BTreeSet::new(),
            shows_texts: false,
            #[cfg(test)]
            broken: None,
        }
    }

    /// Shows names, contexts, tags, descriptions and aliases as they are.
    pub(crate) fn showing_texts(mut self) -> Self {
        self.shows_texts = true;
        self.names.change();
        self
    }

    /// Sets the source of texts. Default: the fixture.
    pub(crate) fn reading(mut self, source: Source) -> Self {
        self.names.source = source;
        self.names.change();
        self
    }

    /// Returns a redactor for the cassette itself, in which every known text is its own pseudonym.
    pub(crate) fn of_cassette(&self) -> Self {
        Self {
            names: self.names.of_cassette(),
            paths: self.paths.keys().map(|it| (it.clone(), String::new())).collect(),
            ..self.clone()
        }
    }

    /// Declares that `live` is the declared thing `name`.
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

    /// Returns `redacted` with live texts in place of pseudonyms; unbound pseudonyms stay.
    pub(crate) fn restore(&mut self, redacted: &Redacted, way: Direction) -> Value {
        Walk(Restore::new(self)).value("", redacted.value(), way)
    }

    /// Restores an input for the fake. A text that its client chose is its own live text from then on.
    pub(crate) fn send(&mut self, redacted: &Redacted) -> Value {
        let mut walk = Walk(Restore::new(self));
        let live = walk.value("", redacted.value(), Direction::Sent);
        walk.0.settle();
        live
    }

    /// Restores an answer for a client. An unbound pseudonym in it is its own live text from then on, unless the
    /// client uses it for another thing.
    pub(crate) fn hand_out(&mut self, redacted: &Redacted, way: Direction) -> Value {
        let mut walk = Walk(Restore::handing_out(self));
        let live = walk.value("", redacted.value(), way);
        walk.0.hand_out();
        live
    }

    fn redact(&mut self) -> Walk<Redact<'_>> {
        Walk(Redact(self))
    }

    /// Returns the current state of the table.
    pub(crate) fn mark(&self) -> Mark {
        self.names.mark()
    }

    /// Removes every pseudonym that was made since `mark`.
    pub(crate) fn rollback(&mut self, mark: &Mark) {
        self.names.rollback(mark);
    }

    /// Returns the bytes in `value`: their kinds and their pseudonyms.
    pub(crate) fn bytes_in(value: &Redacted, way: Direction) -> Vec<(Kind, &str)> {
        let mut found = Vec::new();
        walk::bytes_in("", value.value(), way, &mut found);
        found
    }

    /// Returns whether `pseudonym` has a live text.
    pub(crate) fn is_bound(&self, kind: Kind, pseudonym: &str) -> bool {
        self.names.is_taken(kind, pseudonym)
    }

    fn is_ordered(&self, member: &str) -> bool {
        self.ordered.contains(member)
    }

    fn keeps(&self, member: &str) -> bool {
        self.keep.contains(member)
    }

    /// Returns every pseudonym that was made since `mark`, with its name.
    pub(crate) fn names_since(&self, mark: &Mark) -> impl Iterator<Item = (&str, &str)> {
        let made = self.names.since(mark);
        made.filter_map(|(_, pseudonym)| Some((pseudonym, self.names.name(pseudonym)?)))
    }

    /// Returns every pseudonym with its name: `orders`, `grant-1`.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.names()
    }
}
