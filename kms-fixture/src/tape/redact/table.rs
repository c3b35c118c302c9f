//! The pseudonyms of one kind of text: one for each live text, none for two.

use std::collections::{HashMap, HashSet};

use super::kind::{Kind, literal};

/// Live texts of one kind, and their pseudonyms.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// The pseudonym of each live text.
    pseudonyms: HashMap<String, String>,
    /// The live text of each pseudonym.
    live: HashMap<String, String>,
    /// The texts by which clients call what the cassette has named already, by its pseudonym.
    renamed: HashMap<String, String>,
    /// Pseudonyms that clients have from answers.
    handed_out: HashSet<String>,
    /// How many pseudonyms have been numbered.
    pub(super) count: u64,
}

impl Table {
    /// Returns the pseudonym of `live`.
    pub(super) fn pseudonym(&self, live: &str) -> Option<&str> {
        self.pseudonyms.get(live).map(String::as_str)
    }

    /// Returns the text that `pseudonym` stands for, first of all the client's own.
    pub(super) fn live(&self, pseudonym: &str) -> Option<&str> {
        self.renamed(pseudonym).or_else(|| self.named(pseudonym))
    }

    /// Returns the text that `pseudonym` stood for before any client had its own.
    pub(super) fn named(&self, pseudonym: &str) -> Option<&str> {
        self.live.get(pseudonym).map(String::as_str)
    }

    /// Returns the client's own text for what the cassette calls `pseudonym`.
    pub(super) fn renamed(&self, pseudonym: &str) -> Option<&str> {
        self.renamed.get(pseudonym).map(String::as_str)
    }

    /// Returns whether `pseudonym` stands for something.
    pub(super) fn is_taken(&self, pseudonym: &str) -> bool {
        self.live.contains_key(pseudonym)
    }

    /// Returns whether clients have `pseudonym` from an answer.
    pub(super) fn was_handed_out(&self, pseudonym: &str) -> bool {
        self.handed_out.contains(pseudonym)
    }

    /// Returns every live text with its pseudonym.
    #[cfg(feature = "record")]
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pseudonyms.iter().map(|(live, it)| (live.as_str(), it.as_str()))
    }

    /// Returns the next number that is free, as a name and as the pseudonym of `live`.
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

    /// Makes `pseudonym` stand for `live`.
    pub(super) fn enter(&mut self, live: &str, pseudonym: &str) {
        self.pseudonyms.insert(live.to_owned(), pseudonym.to_owned());
        self.live.insert(pseudonym.to_owned(), live.to_owned());
    }

    /// Makes `live` the client's own text for what the cassette calls `pseudonym`.
    pub(super) fn rename(&mut self, live: &str, pseudonym: &str) {
        self.pseudonyms.insert(live.to_owned(), pseudonym.to_owned());
        self.renamed.insert(pseudonym.to_owned(), live.to_owned());
    }

    /// Remembers that clients have `pseudonym` from an answer.
    pub(super) fn hand_out(&mut self, pseudonym: &str) {
        self.handed_out.insert(pseudonym.to_owned());
    }

    /// Forgets the pseudonym of `live`. Returns whether the pseudonym is free again: it is not if only a client's own text
    /// went.
    pub(super) fn remove(&mut self, live: &str, pseudonym: &str) -> bool {
        self.pseudonyms.remove(live);
        if self.renamed(pseudonym) == Some(live) {
            self.renamed.remove(pseudonym);
            return false;
        }
        self.live.remove(pseudonym);
        true
    }

    /// Lets a text through, as a redactor with a hole would, without forgetting that it is live.
    #[cfg(test)]
    pub(super) fn forget_but_remember(&mut self, live: &str) {
        self.pseudonyms.insert(live.to_owned(), String::new());
    }
}
