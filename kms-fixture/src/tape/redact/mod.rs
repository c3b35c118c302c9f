//! Redaction: what may be written down, and the pseudonyms that stand for everything else.
//!
//! Default-deny: only what is known to be harmless by the model of KMS is kept (names of operations and members, enum
//! values, error codes, booleans, numbers, and the words of error texts); every other text becomes a pseudonym that
//! has the same shape, is the same wherever the text occurs, and is that of no other text.
//! Redacting what is redacted changes nothing, which is how a file is checked without knowing what was live.

mod align;
mod arn;
#[cfg(feature = "record")]
mod audit;
mod blob;
mod known;
mod policy;
mod prose;
mod pseudonyms;
mod scenario;
mod walk;

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use align::{Difference, Grade};
#[cfg(feature = "record")]
pub(crate) use audit::search::{blot, search};
pub(crate) use pseudonyms::{Kind, literal, name_of};
#[cfg(feature = "record")]
pub(crate) use scenario::redact_with;
pub(crate) use scenario::{ACCOUNT, principal_names, redact_scenario};

pub(crate) use pseudonyms::Mark;
use pseudonyms::Pseudonyms;

/// A value in which nothing is live. Only redaction makes one, or a cassette that is read: whoever wrote that had
/// redacted it, and whoever writes it again audits it. Only such values reach a cassette.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Redacted(Value);

impl Redacted {
    /// Something that is no text of anybody's: the outline of a page, a marker that was redacted.
    pub(crate) fn outline(value: Value) -> Self {
        Self(value)
    }

    /// Whether there is nothing.
    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// The value.
    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// The same, taken out.
    pub(crate) fn into_value(self) -> Value {
        self.0
    }
}

/// Whether a value was sent or received: one name means two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// An input.
    Sent,
    /// An output, or an error.
    Received,
}

/// Redacts the calls of one test, with one table of pseudonyms.
#[derive(Clone, Debug)]
pub(crate) struct Redactor {
    names: Pseudonyms,
    /// The account of the test, which stands for the first live one.
    account: String,
    /// Members whose texts are kept, by the user's decision.
    keep: BTreeSet<String>,
    /// Lists whose order means something, by the user's decision.
    ordered: BTreeSet<String>,
    /// Whether pseudonyms are turned back.
    back: bool,
    /// Whether those that stand for nothing yet are entered when they are.
    hands_out: bool,
    /// Paths of roles and users, by their pseudonyms.
    paths: HashMap<String, String>,
    /// The texts that were kept for that reason.
    kept: BTreeSet<String>,
    /// A rule that is left out, to see that the audit notices.
    #[cfg(test)]
    pub(crate) broken: Option<Kind>,
}

impl Redactor {
    /// A redactor that calls the first account `account`, keeps the texts of the members `keep`, and minds the order
    /// of the lists `ordered`.
    pub(crate) fn new(account: &str, keep: &[String], ordered: &[String]) -> Self {
        Self {
            names: Pseudonyms::default(),
            account: account.to_owned(),
            keep: keep.iter().cloned().collect(),
            ordered: ordered.iter().cloned().collect(),
            back: false,
            hands_out: false,
            paths: HashMap::new(),
            kept: BTreeSet::new(),
            #[cfg(test)]
            broken: None,
        }
    }

    /// Says what a declared thing is called in life: the pseudonym of `live` is that of `name`.
    pub(crate) fn declare(&mut self, kind: Kind, live: &str, name: &str) {
        self.names.declare(kind, live, name);
    }

    /// Redacts an input.
    pub(crate) fn input(&mut self, input: &Value) -> Redacted {
        Redacted(self.value("", input, Direction::Sent))
    }

    /// Redacts an output, or the body of an error.
    pub(crate) fn output(&mut self, output: &Value) -> Redacted {
        Redacted(self.value("", output, Direction::Received))
    }

    /// `redacted` with what its pseudonyms stand for; those that stand for nothing yet stay.
    pub(crate) fn restore(&mut self, redacted: &Redacted, way: Direction) -> Value {
        self.back = true;
        let live = self.value("", redacted.value(), way);
        self.back = false;
        live
    }

    /// The same for an answer that a test gets: what it is given stands for itself from then on, unless it stands for
    /// something that the test has brought along.
    pub(crate) fn hand_out(&mut self, redacted: &Redacted, way: Direction) -> Value {
        self.hands_out = true;
        let live = self.restore(redacted, way);
        self.hands_out = false;
        live
    }

    /// The same for texts of a live service, in which nothing is a pseudonym, whatever it looks like.
    #[cfg(any(test, feature = "record"))]
    pub(crate) fn of_life(mut self) -> Self {
        self.names.is_live = true;
        self
    }

    /// Lets clients call what is declared by names of their own.
    pub(crate) fn bring_along(&mut self) {
        self.names.brings_along = true;
    }

    /// Remembers where the table stands.
    pub(crate) fn mark(&self) -> Mark {
        self.names.mark()
    }

    /// Forgets every pseudonym that was made since.
    pub(crate) fn rollback(&mut self, mark: &Mark) {
        self.names.rollback(mark);
    }

    /// The bytes in `value`: what they are, and their pseudonyms.
    pub(crate) fn bytes_in(value: &Redacted, way: Direction) -> Vec<(Kind, &str)> {
        let mut found = Vec::new();
        walk::bytes_in("", value.value(), way, &mut found);
        found
    }

    /// Whether something is called `pseudonym` by now.
    pub(crate) fn is_bound(&self, kind: Kind, pseudonym: &str) -> bool {
        self.names.is_taken(kind, pseudonym)
    }

    /// The text of a member, outside a message.
    pub(crate) fn of_member(&mut self, member: &str, text: &str) -> String {
        self.text(member, text, Direction::Sent)
    }

    fn is_ordered(&self, member: &str) -> bool {
        self.ordered.contains(member)
    }

    /// Whether the text is kept by the user's decision.
    #[cfg(feature = "record")]
    pub(crate) fn is_kept(&self, text: &str) -> bool {
        self.kept.contains(text)
    }

    /// What the pseudonyms stand for, as names: `orders`, `grant-1`.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.names()
    }

    /// The pseudonym of each live text that has one and is not one.
    #[cfg(feature = "record")]
    pub(crate) fn replaced(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.replaced()
    }

    /// `text` as a pseudonym of `kind`.
    fn pseudonym(&mut self, kind: Kind, text: &str) -> String {
        #[cfg(test)]
        if self.broken == Some(kind) {
            self.names.forget_but_remember(kind, text);
            return text.to_owned();
        }
        if self.back {
            if self.hands_out {
                self.names.hand_out(kind, text);
            }
            self.names.live(kind, text)
        } else {
            self.names.of(kind, text)
        }
    }
}
