//! The pseudonyms of one kind of text, a one-to-one table.

use std::collections::{HashMap, HashSet};

use super::kind::{Kind, literal};

/// Live texts of one kind and their pseudonyms.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// The pseudonym of each live text.
    pseudonyms: HashMap<String, String>,
    /// The live text of each pseudonym.
    live: HashMap<String, String>,
    /// The clients' own texts for what the cassette already names, by its pseudonym.
    renamed: HashMap<String, String>,
    /// Pseudonyms that clients know from answers.
    handed_out: HashSet<String>,
    /// The number of numbered pseudonyms.
    pub(super) count: u64,
}

impl Table {
    /// Returns the pseudonym of `live`.
    pub(super) fn pseudonym(&self, live: &str) -> Option<&str> {
        self.pseudonyms.get(live).map(String::as_str)
    }

    /// Returns the live text of `pseudonym`; the client's own text takes precedence.
    pub(super) fn live(&self, pseudonym: &str) -> Option<&str> {
        self.renamed(pseudonym).or_else(|| self.named(pseudonym))
    }

    /// Returns the live text of `pseudonym` without the client's own text.
    pub(super) fn named(&self, pseudonym: &str) -> Option<&str> {
        self.live.get(pseudonym).map(String::as_str)
    }

    /// Returns the client's own text for the cassette's `pseudonym`.
    pub(super) fn renamed(&self, pseudonym: &str) -> Option<&str> {
        self.renamed.get(pseudonym).map(String::as_str)
    }

    /// Returns whether `pseudonym` has a live text.
    pub(super) fn is_taken(&self, pseudonym: &str) -> bool {
        self.live.contains_key(pseudonym)
    }

    /// Returns whether clients know `pseudonym` from an answer.
    pub(super) fn was_handed_out(&self, pseudonym: &str) -> bool {
        self.handed_out.contains(pseudonym)
    }

    /// Returns every live text with its pseudonym.
    #[cfg(feature = "record")]
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pseudonyms.iter().map(|(live, it)| (live.as_str(), it.as_str()))
    }

    /// Returns the next free number, as a name and as the pseudonym of `live`.
    pub(super) fn number(&mut self, kind: Kind, live: &str) -> (String, String) {
        loop {
            self.count += 1;
            let name = format!("{}-{}", kind.stem(), self.count);
            let pseudonym = literal(kind, &name, live);
            if !self.is_taken(&pseudonym) {
                return (name, pseudonym);
            }
        }
    }

    /// Adds `live` with its `pseudonym`.
    pub(super) fn enter(&mut self, live: &str, pseudonym: &str) {
        self.pseudonyms.insert(live.to_owned(), pseudonym.to_owned());
        self.live.insert(pseudonym.to_owned(), live.to_owned());
    }

    /// Makes `live` the client's own text for the cassette's `pseudonym`.
    pub(super) fn rename(&mut self, live: &str, pseudonym: &str) {
        self.pseudonyms.insert(live.to_owned(), pseudonym.to_owned());
        self.renamed.insert(pseudonym.to_owned(), live.to_owned());
    }

    /// Marks `pseudonym` as known from an answer.
    pub(super) fn hand_out(&mut self, pseudonym: &str) {
        self.handed_out.insert(pseudonym.to_owned());
    }

    /// Removes the pseudonym of `live`. Returns whether the pseudonym is free again: it is not if only a client's own
    /// text was removed.
    pub(super) fn remove(&mut self, live: &str, pseudonym: &str) -> bool {
        self.pseudonyms.remove(live);
        if self.renamed(pseudonym) == Some(live) {
            self.renamed.remove(pseudonym);
            return false;
        }
        self.live.remove(pseudonym);
        true
    }

    /// Removes a pseudonym but keeps its text as live, like a redactor with a hole.
    #[cfg(test)]
    pub(super) fn forget_but_remember(&mut self, live: &str) {
        self.pseudonyms.insert(live.to_owned(), String::new());
    }
}
