//! The journal of a recording, from which a later process ends the grants of a killed one.
//!
//! It has no value of the recorded account: random ids are there as hashes, and the terms of a grant as a hash that takes
//! the id of its key to compute. With a service that is not AWS, it has the ARNs of keys that are not known to be of that
//! account: no list would show them. It is written before a call is sent, and deleted once everything is cleaned up.

mod read;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::lost::Terms;
use crate::error::Error;
use crate::model::is_key_id;
use crate::tape::cassette::RunFile;

pub(super) use read::{LostCalls, Remains};

/// The version of the format.
const VERSION: u32 = 1;

/// A line of the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line.
    Run { version: u32, region: String, aws: bool },
    /// A key, and the hashes of its grants before the recording; nothing if they could not be listed.
    Key {
        key: String,
        name: Option<String>,
        before: Option<Vec<String>>,
        /// Whether the list of the account's keys shows it as long as it exists.
        #[serde(default)]
        own: bool,
        /// The ARN of another key of an emulator: nothing else would find it.
        arn: Option<String>,
    },
    /// A CreateGrant that is about to be sent.
    Sends { call: u64, key: String, terms: Prints, operations: Vec<String> },
    /// Its answer, with the hash of the grant that it made; a doubtful one may have existed before.
    Answered {
        call: u64,
        made: Option<String>,
        #[serde(default)]
        doubtful: bool,
    },
    /// An end of a grant that the service accepted.
    Ended { grant: String },
    /// A call that makes a key or an alias and is about to be sent.
    Makes { operation: String },
    /// Its answer.
    Made { operation: String },
    /// A key that the recording made.
    MadeKey { key: String },
    /// An alias that the recording made; the hash takes the id of its key to compute.
    MadeAlias { alias: String },
}

/// The terms of a grant, as hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Prints {
    /// Of all terms.
    pub(super) whole: String,
    /// Of all terms but the principals.
    pub(super) rest: String,
    /// Whether a principal is there by its unique id.
    pub(super) by_id: bool,
}

impl Prints {
    pub(super) fn of(terms: &Terms, key: &str) -> Self {
        let (principals, rest) = terms.canonical();
        Self {
            whole: hash(&["terms", key, &principals, &rest]),
            rest: hash(&["rest", key, &rest]),
            by_id: terms.is_by_id(),
        }
    }
}

/// The journal of a recording.
#[derive(Debug)]
pub(super) struct Ledger {
    cassette: PathBuf,
    book: Mutex<Book>,
}

#[derive(Debug)]
struct Book {
    /// Nothing once it is deleted.
    file: Option<RunFile>,
    /// Why a line is missing.
    broken: Option<String>,
    /// Whether something may have been made.
    is_needed: bool,
}

impl Ledger {
    /// Opens the journal of a recording of `cassette`.
    ///
    /// # Errors
    ///
    /// The journal of a killed recording is there; a file that cannot be written.
    pub(super) fn open(cassette: &Path) -> Result<Arc<Self>, Error> {
        let is_harmless = |text: &str| Remains::read(text).is_ok_and(|it| it.is_harmless());
        let file = RunFile::create(cassette, is_harmless, &command(cassette))?;
        let book = Book { file: Some(file), broken: None, is_needed: false };
        Ok(Arc::new(Self { cassette: cassette.to_owned(), book: Mutex::new(book) }))
    }

    /// Writes the first line.
    pub(super) fn begin(&self, region: &str, aws: bool) {
        self.write(&Line::Run { version: VERSION, region: region.to_owned(), aws });
    }

    /// Writes a line. A failure is the error of [`Ledger::flush`].
    pub(super) fn write(&self, line: &Line) {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let text = serde_json::to_string(line).unwrap_or_default();
        book.is_needed |= !matches!(line, Line::Run { .. } | Line::Key { .. });
        // After a part of a line, no other can be read.
        if book.broken.is_some() {
            return;
        }
        let written = book.file.as_mut().map(|it| it.append(&text));
        book.broken = written.and_then(Result::err).map(|it| it.to_string());
    }

    /// Waits until all lines are on the disk.
    ///
    /// # Errors
    ///
    /// A line could not be written.
    pub(super) fn flush(&self) -> Result<(), Error> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        if let (None, Some(file)) = (&book.broken, &book.file) {
            book.broken = file.sync().err().map(|it| it.to_string());
        }
        match (&book.broken, &book.file) {
            (Some(why), Some(file)) => Err(Error::new(format!(
                "the journal of the recording cannot be written: {}: {why}",
                file.path().display()
            ))),
            _ => Ok(()),
        }
    }

    /// Deletes the journal: nothing is left.
    pub(super) fn finish(&self) {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = book.file.take() {
            // A journal that stays costs a run of `--recover`, which finds nothing.
            let _ = file.delete();
        }
    }

    /// Returns the command that ends the grants of this recording.
    pub(super) fn recovery(&self) -> String {
        command(&self.cassette)
    }
}

impl Drop for Ledger {
    /// Deletes a journal that no one needs: nothing was made.
    fn drop(&mut self) {
        let is_needed = self.book.get_mut().is_ok_and(|it| it.is_needed);
        if !is_needed {
            self.finish();
        }
    }
}

fn command(cassette: &Path) -> String {
    format!("kms-fixture record --cassette {} --recover", cassette.display())
}

/// Returns the hash of a key. Only random ids have one of their own: other names could be guessed.
pub(super) fn key_hash(id: &str, aws: bool) -> String {
    hash(&["key", if aws && !is_key_id(id) { "" } else { id }])
}

/// Returns the hash of a grant's id.
pub(super) fn grant_hash(id: &str) -> String {
    hash(&["grant", id])
}

/// Returns the hash of an alias of a key.
pub(super) fn alias_hash(key: &str, alias: &str) -> String {
    hash(&["alias", key, alias])
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
