//! Accepted differences between a cassette and the fake.

use std::path::Path;

use super::announce::println;
use crate::api;
use crate::error::Error;
use crate::fixture::shadow;
use crate::tape::cassette::{self, Accepted, Cassette, general};
use crate::tape::shadow::Shadow;

/// A choice of differences, with the reason for accepting them.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    reason: &'a str,
    /// The operations; all if there are none.
    operations: &'a [String],
    /// The paths, for all elements of a list; all if there are none.
    paths: Vec<String>,
}

impl<'a> Chosen<'a> {
    /// Returns a choice.
    ///
    /// # Errors
    ///
    /// A reason without words; an operation that KMS does not have.
    pub(super) fn new(
        reason: &'a str,
        operations: &'a [String],
        paths: &[String],
    ) -> Result<Self, Error> {
        if reason.trim().is_empty() {
            return Err(Error::new("an accepted difference needs a reason"));
        }
        if let Some(unknown) = operations.iter().find(|it| api::operation(it).is_none()) {
            return Err(Error::new(format!("`{unknown}` is not an operation of KMS")));
        }
        let paths = paths.iter().map(|it| general(it)).collect();
        Ok(Self { reason, operations, paths })
    }

    fn has(&self, entry: &Accepted) -> bool {
        (self.operations.is_empty() || self.operations.contains(&entry.operation))
            && (self.paths.is_empty() || self.paths.contains(&entry.path))
    }

    /// Writes the chosen differences between a cassette and the fake into the cassette. Returns the number of new ones.
    pub(super) fn accept(&self, path: &Path) -> Result<usize, Error> {
        let shadow = followed(path)?;
        let (mut new, mut count): (Vec<Accepted>, usize) = (Vec::new(), 0);
        for drift in shadow.drifts() {
            let entry = Accepted::of(&drift.operation, &drift.difference, self.reason);
            if self.has(&entry) && !new.contains(&entry) {
                new.push(entry);
            }
        }
        for entry in add(path, new)? {
            println(&format!("accepted in {}: {}", path.display(), summary(&entry)));
            count += 1;
        }
        Ok(count)
    }
}

/// Writes accepted differences into a cassette. Returns those that it did not have.
pub(super) fn add(path: &Path, entries: Vec<Accepted>) -> Result<Vec<Accepted>, Error> {
    let mut new = entries;
    if new.is_empty() {
        return Ok(new);
    }
    cassette::amend(path, |cassette| {
        let same = |one: &Accepted, other: &Accepted| {
            (&one.operation, &one.grade, &one.path) == (&other.operation, &other.grade, &other.path)
        };
        // Another process may have accepted them since.
        new.retain(|it| !cassette.accepted.iter().any(|known| same(known, it)));
        cassette.accepted.extend(new.iter().cloned());
    })?;
    Ok(new)
}

/// Removes accepted differences from a cassette.
pub(super) fn drop_from(path: &Path, expired: &[Accepted]) -> Result<(), Error> {
    cassette::amend(path, |cassette| cassette.accepted.retain(|it| !expired.contains(it)))
}

/// Removes the accepted differences of a cassette that no longer occur. Returns their number.
pub(super) fn prune(path: &Path) -> Result<usize, Error> {
    let expired: Vec<_> = followed(path)?.expired().cloned().collect();
    for entry in &expired {
        println(&format!("dropped from {}: {}", path.display(), summary(entry)));
    }
    if !expired.is_empty() {
        drop_from(path, &expired)?;
    }
    Ok(expired.len())
}

/// Reads a cassette, and lets the fake follow it.
fn followed(path: &Path) -> Result<Shadow, Error> {
    let cassette = Cassette::load(path)?;
    let mut shadow = shadow(&cassette)?;
    shadow.follow_all(&cassette.interactions);
    Ok(shadow)
}

/// Returns a line for an accepted difference.
pub(super) fn summary(entry: &Accepted) -> String {
    format!("{} {} of {}", entry.grade, entry.path, entry.operation)
}
