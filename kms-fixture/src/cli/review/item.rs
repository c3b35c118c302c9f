//! The items of a review.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::super::compare::{CallDifference, Side, compare, declarations_differ};
use super::super::findings::{FieldDifference, Findings, MAX_AGE};
use super::super::sources::Sources;
use crate::error::Error;
use crate::fixture::Calls;
use crate::tape::cassette::{self, Accepted, Cassette, general, pending};

/// Something to decide about.
pub(super) struct Item {
    /// The cassette. The recording is beside it.
    pub(super) cassette: PathBuf,
    /// The file that was read.
    pub(super) file: Rc<Read>,
    pub(super) matter: Matter,
}

/// A cassette, or a recording, as it was read.
pub(super) struct Read {
    pub(super) cassette: Cassette,
    pub(super) calls: Calls,
}

/// The decision that an item asks for.
pub(super) enum Matter {
    /// Whether a recording becomes the cassette.
    Recording(Box<Recording>),
    /// Whether differences of one kind are accepted.
    Difference(Vec<FieldDifference>),
    /// Whether an accepted difference that no longer occurs is dropped.
    Expired(Accepted),
}

/// A recording that is not accepted yet.
pub(super) struct Recording {
    /// The text of its file, by which it is known again.
    pub(super) text: String,
    pub(super) findings: Findings,
    /// The calls in which it differs from its cassette; none for a first recording.
    pub(super) changes: Option<Vec<CallDifference>>,
    pub(super) declarations_differ: bool,
}

/// Returns the items of a cassette: its recording, or else its differences from the fake.
///
/// # Errors
///
/// A file that is torn, newer, or not a cassette.
pub(super) fn items_of(cassette: &Path, sources: &mut Sources) -> Result<Vec<Item>, Error> {
    let new = pending(cassette);
    if new.is_file() {
        return recording(cassette, &new, sources).map(|it| vec![it]);
    }
    if !cassette.is_file() {
        return Ok(Vec::new());
    }
    let read = Cassette::load(cassette)?;
    // Neither its age nor its test is decided in a review.
    let findings = Findings::of(cassette, &read, 0, true, sources);
    let file = Rc::new(Read { calls: Calls::of_cassette(&read), cassette: read });
    let item = |matter| Item { cassette: cassette.to_owned(), file: Rc::clone(&file), matter };
    let mut kinds: Vec<Vec<FieldDifference>> = Vec::new();
    for it in findings.differences {
        match kinds.iter_mut().find(|kind| is_same_kind(&kind[0], &it)) {
            Some(kind) => kind.push(it),
            None => kinds.push(vec![it]),
        }
    }
    let differences = kinds.into_iter().map(|it| item(Matter::Difference(it)));
    let expired = findings.expired.into_iter().map(|it| item(Matter::Expired(it)));
    Ok(differences.chain(expired).collect())
}

fn recording(cassette: &Path, new: &Path, sources: &mut Sources) -> Result<Item, Error> {
    let text = cassette::text(new)
        .map_err(|it| Error::new(format!("cannot read {}: {it}", new.display())))?;
    let read = Cassette::load(new)?;
    let findings = Findings::of(new, &read, MAX_AGE, true, sources);
    let calls = Calls::of_cassette(&read);
    let second = Side::of(read);
    // A cassette that cannot be read is replaced by the recording.
    let first = if cassette.is_file() { Side::load(cassette).ok() } else { None };
    let changes = first.as_ref().map(|it| compare(it, &second));
    let declarations_differ = first.as_ref().is_some_and(|it| declarations_differ(it, &second));
    let matter = Recording { text, findings, changes, declarations_differ };
    Ok(Item {
        cassette: cassette.to_owned(),
        file: Rc::new(Read { cassette: second.cassette, calls }),
        matter: Matter::Recording(Box::new(matter)),
    })
}

fn is_same_kind(one: &FieldDifference, other: &FieldDifference) -> bool {
    (&one.operation, one.grade, general(&one.path))
        == (&other.operation, other.grade, general(&other.path))
}

/// Returns the entry that accepts differences of one kind, without a reason.
pub(super) fn accepting(kind: &[FieldDifference]) -> Option<Accepted> {
    let it = kind.first()?;
    Some(Accepted {
        operation: it.operation.clone(),
        grade: it.grade.to_owned(),
        path: general(&it.path),
        reason: String::new(),
    })
}

impl Item {
    /// Returns the file that is shown.
    pub(super) fn shown(&self) -> PathBuf {
        match self.matter {
            Matter::Recording(_) => pending(&self.cassette),
            _ => self.cassette.clone(),
        }
    }
}
