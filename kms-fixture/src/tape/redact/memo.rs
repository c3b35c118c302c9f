//! The translations of ARNs and other references, which most values repeat, while no pseudonym changes.

use crate::api::Meaning;

/// The largest number of translations: those of one page.
const KEPT: usize = 8;

/// The last translations in one direction.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    /// The number of changes of the tables before these translations.
    changes: u64,
    /// The meaning of a text, the text, and its translation.
    entries: Vec<(Meaning, String, String)>,
    /// The next entry to be replaced.
    next: usize,
}

impl Memo {
    /// Returns the translation of a text, if it is known and the tables have not changed since.
    pub(super) fn get(&self, changes: u64, meaning: Meaning, text: &str) -> Option<&str> {
        if self.changes != changes {
            return None;
        }
        let mut entries = self.entries.iter();
        entries.find(|it| it.0 == meaning && it.1 == text).map(|it| it.2.as_str())
    }

    /// Keeps a translation that changed nothing in the tables.
    pub(super) fn keep(&mut self, changes: u64, meaning: Meaning, text: &str, translated: &str) {
        if self.changes != changes {
            *self = Self { changes, ..Self::default() };
        }
        let entry = (meaning, text.to_owned(), translated.to_owned());
        if self.entries.len() < KEPT {
            self.entries.push(entry);
        } else {
            self.entries[self.next] = entry;
            self.next = (self.next + 1) % KEPT;
        }
    }
}
