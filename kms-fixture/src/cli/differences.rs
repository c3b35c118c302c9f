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
        let (mut cassette, shadow) = followed(path)?;
        let mut new: Vec<Accepted> = Vec::new();
        for drift in shadow.drifts() {
            let entry = Accepted::of(&drift.operation, &drift.difference, self.reason);
            if self.has(&entry) && !new.contains(&entry) {
                new.push(entry);
            }
        }
        for entry in &new {
            println(&format!("accepted in {}: {}", path.display(), summary(entry)));
        }
        let count = new.len();
        if count > 0 {
            cassette.accepted.extend(new);
            cassette::write(path, &cassette.to_text()?)?;
        }
        Ok(count)
    }
}

/// Removes the accepted differences of a cassette that no longer occur. Returns their number.
pub(super) fn prune(path: &Path) -> Result<usize, Error> {
    let (mut cassette, shadow) = followed(path)?;
    let expired: Vec<_> = shadow.expired().cloned().collect();
    for entry in &expired {
        println(&format!("dropped from {}: {}", path.display(), summary(entry)));
    }
    if !expired.is_empty() {
        cassette.accepted.retain(|it| !expired.contains(it));
        cassette::write(path, &cassette.to_text()?)?;
    }
    Ok(expired.len())
}

/// Reads a cassette, and lets the fake follow it.
fn followed(path: &Path) -> Result<(Cassette, Shadow), Error> {
    let cassette = Cassette::load(path)?;
    let mut shadow = shadow(&cassette)?;
    shadow.follow_all(&cassette.interactions);
    Ok((cassette, shadow))
}

fn summary(entry: &Accepted) -> String {
    format!("{} {} of {}", entry.grade, entry.path, entry.operation)
}
