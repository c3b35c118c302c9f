//! Texts and pseudonyms of all kinds, for sentences, in which the kind of a word is unknown.

use std::collections::HashMap;

/// The words of sentences; if two texts have the same spelling, the first is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    /// The pseudonym of each live text.
    pseudonyms: HashMap<String, String>,
    /// The pseudonym of each live text of several words.
    phrases: HashMap<String, String>,
    /// The live text of each pseudonym.
    live: HashMap<String, String>,
}

impl Lexicon {
    /// Returns the pseudonym of a live text.
    pub(super) fn pseudonym(&self, live: &str) -> Option<&str> {
        self.pseudonyms.get(live).map(String::as_str)
    }

    /// Returns the live text of a pseudonym.
    pub(super) fn live(&self, pseudonym: &str) -> Option<&str> {
        self.live.get(pseudonym).map(String::as_str)
    }

    /// Returns the live texts of several words, with their pseudonyms.
    pub(super) fn phrases(&self) -> impl Iterator<Item = (&str, &str)> {
        self.phrases.iter().map(|(live, it)| (live.as_str(), it.as_str()))
    }

    /// Learns a text and its pseudonym.
    pub(super) fn learn(&mut self, live: &str, pseudonym: &str) {
        if live.contains(char::is_whitespace) {
            learn(&mut self.phrases, live, pseudonym);
        }
        learn(&mut self.live, pseudonym, live);
        learn(&mut self.pseudonyms, live, pseudonym);
    }

    /// Forgets a text and its pseudonym.
    pub(super) fn forget(&mut self, live: &str, pseudonym: &str) {
        if self.pseudonym(live) == Some(pseudonym) {
            self.pseudonyms.remove(live);
            self.phrases.remove(live);
        }
        if self.live(pseudonym) == Some(live) {
            self.live.remove(pseudonym);
        }
    }
}

fn learn(words: &mut HashMap<String, String>, word: &str, meaning: &str) {
    words.entry(word.to_owned()).or_insert_with(|| meaning.to_owned());
}
