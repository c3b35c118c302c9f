//! `kms-fixture accept` and `kms-fixture reject`: the review of what was recorded.

use std::path::{Path, PathBuf};

use super::{Verdict, files};
use crate::error::Error;
use crate::fixture::shadow;
use crate::tape::cassette::{self, Accepted, Cassette, pending};

#[derive(Debug, clap::Args)]
pub(super) struct Accept {
    /// Cassettes, what was recorded for them (`.new`), or folders; `cassettes` if not said.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Accepts the differences between the recording and the fake, for this reason, which goes into the file.
    #[arg(long, value_name = "REASON")]
    because: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Reject {
    /// Cassettes, what was recorded for them (`.new`), or folders; `cassettes` if not said.
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

/// Cassettes that exist or were recorded.
fn cassettes(said: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    // A cassette that was recorded for the first time is not there yet.
    let there: Vec<_> = said
        .iter()
        .map(|it| {
            let new = pending(it);
            if !it.exists() && new.is_file() { new } else { it.clone() }
        })
        .collect();
    let found = files::find(&there, |it| files::is_pending(it) || files::is_cassette(it))?;
    let mut cassettes: Vec<_> = found.iter().map(|it| files::cassette_of(it)).collect();
    cassettes.sort();
    cassettes.dedup();
    Ok(cassettes)
}

/// Writes the differences between a cassette and the fake into it, with their reason. Gives how many were new.
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
    for it in &new {
        println(&format!(
            "accepted in {}: {} {} of {}",
            path.display(),
            it.grade,
            it.path,
            it.operation
        ));
    }
    let count = new.len();
    cassette.accepted.extend(new);
    cassette::write(path, &cassette.to_text()?)?;
    Ok(count)
}

/// A line for whoever called.
pub(super) fn println(line: &str) {
    // Whoever reads may have gone.
    let _ = super::announce::print(&format!("{line}\n"));
}
