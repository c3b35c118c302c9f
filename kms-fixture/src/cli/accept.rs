//! `kms-fixture accept` and `kms-fixture reject`: the review of recordings.

use std::path::{Path, PathBuf};

use super::{Verdict, files};
use crate::error::Error;
use crate::fixture::shadow;
use crate::tape::cassette::{self, Accepted, Cassette, pending};

#[derive(Debug, clap::Args)]
pub(super) struct Accept {
    /// Cassettes, their recordings (`.new`), or folders. Default: `cassettes`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Accepts the differences between the recording and the fake; the cassette keeps this reason.
    #[arg(long, value_name = "REASON")]
    because: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Reject {
    /// Cassettes, their recordings (`.new`), or folders. Default: `cassettes`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Accept {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let mut accepted = 0;
        for cassette in cassettes(&self.paths)? {
            if cassette::promote(&cassette)? {
                println(&format!("accepted {}", cassette.display()));
                accepted += 1;
            }
            if let Some(reason) = &self.because {
                accepted += differences(&cassette, reason)?;
            }
        }
        if accepted == 0 {
            println("nothing to accept");
        }
        Ok(Verdict::Good)
    }
}

impl Reject {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let mut rejected = 0;
        for cassette in cassettes(&self.paths)? {
            if cassette::discard(&cassette)? {
                println(&format!("rejected {}", pending(&cassette).display()));
                rejected += 1;
            }
        }
        if rejected == 0 {
            println("nothing to reject");
        }
        Ok(Verdict::Good)
    }
}

/// Finds the cassettes that exist or have a recording.
fn cassettes(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    // After a first recording, the cassette does not exist yet.
    let existing: Vec<_> = paths
        .iter()
        .map(|path| {
            let new = pending(path);
            if !path.exists() && new.is_file() { new } else { path.clone() }
        })
        .collect();
    let found = files::find(&existing, |it| files::is_pending(it) || files::is_cassette(it))?;
    let mut cassettes: Vec<_> = found.iter().map(|it| files::cassette_of(it)).collect();
    cassettes.sort();
    cassettes.dedup();
    Ok(cassettes)
}

/// Writes the differences between a cassette and the fake into it, with their reason. Returns the number of new ones.
fn differences(path: &Path, reason: &str) -> Result<usize, Error> {
    if reason.trim().is_empty() {
        return Err(Error::new("an accepted difference needs a reason"));
    }
    let mut cassette = Cassette::load(path)?;
    let mut shadow = shadow(&cassette)?;
    shadow.follow_all(&cassette.interactions);
    let mut new: Vec<Accepted> = Vec::new();
    for drift in shadow.drifts() {
        let entry = Accepted::of(&drift.operation, &drift.difference, reason);
        if !new.contains(&entry) {
            new.push(entry);
        }
    }
    if new.is_empty() {
        return Ok(0);
    }
    for entry in &new {
        println(&format!(
            "accepted in {}: {} {} of {}",
            path.display(),
            entry.grade,
            entry.path,
            entry.operation
        ));
    }
    let count = new.len();
    cassette.accepted.extend(new);
    cassette::write(path, &cassette.to_text()?)?;
    Ok(count)
}

/// Prints a line to standard output.
pub(super) fn println(line: &str) {
    // The reader may have closed its end.
    let _ = super::announce::print(&format!("{line}\n"));
}
