//! `kms-fixture accept` and `kms-fixture reject`: the review of recordings.

use std::path::{Path, PathBuf};

use super::announce::println;
use super::differences::{self, Chosen};
use super::findings::{Findings, MAX_AGE};
use super::sources::Sources;
use super::{Verdict, files, terminal};
use crate::error::Error;
use crate::tape::cassette::{self, Cassette, pending};
use crate::tape::words::{count, list};

#[derive(Debug, clap::Args)]
pub(super) struct Accept {
    /// Cassettes, their recordings (`.new`), or folders. Default: `cassettes`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Accepts the differences between the recording and the fake; the cassette keeps this reason. Needs a PATH or `--all`.
    #[arg(long, value_name = "REASON")]
    because: Option<String>,

    /// With `--because`: accepts the differences of every cassette in `cassettes`.
    #[arg(long, requires = "because", conflicts_with = "paths")]
    all: bool,

    /// With `--because`: accepts only differences in answers to this operation; may be repeated.
    #[arg(long, requires = "because", value_name = "NAME")]
    operation: Vec<String>,

    /// With `--because`: accepts only differences at this path, such as `$.Grants[].Name`; may be repeated.
    #[arg(long, requires = "because", value_name = "PATH")]
    at: Vec<String>,

    /// Drops accepted differences that no longer occur.
    #[arg(long)]
    prune: bool,

    /// Accepts recordings that are not good: without calls, with calls that failed, or with secrets.
    #[arg(long)]
    even_so: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Reject {
    /// Cassettes, their recordings (`.new`), or folders. Default: `cassettes`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Accept {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let chosen = self.chosen()?;
        let mut sources = Sources::default();
        let (mut accepted, mut refused) = (0, 0);
        for cassette in cassettes(&self.paths)? {
            match self.recording(&cassette, &mut sources)? {
                Recording::Missing => {}
                Recording::Accepted => accepted += 1,
                Recording::Refused => {
                    refused += 1;
                    continue;
                }
            }
            if self.prune {
                accepted += differences::prune(&cassette)?;
            }
            if let Some(chosen) = &chosen {
                accepted += chosen.accept(&cassette)?;
            }
        }
        if refused > 0 {
            println(&format!(
                "{} refused: record again, or accept with `--even-so`",
                count(refused, "recording")
            ));
            return Ok(Verdict::Findings);
        }
        if accepted == 0 {
            terminal::note("nothing to accept");
        }
        Ok(Verdict::Good)
    }

    /// Returns the choice of differences to accept, if there is one.
    fn chosen(&self) -> Result<Option<Chosen<'_>>, Error> {
        let Some(reason) = &self.because else {
            return Ok(None);
        };
        if self.paths.is_empty() && !self.all {
            return Err(Error::new("`--because` would accept every difference of every cassette")
                .help("name cassettes, or add `--all`"));
        }
        Chosen::new(reason, &self.operation, &self.at).map(Some)
    }

    /// Makes the recording for `cassette` the cassette, if it is good.
    fn recording(&self, cassette: &Path, sources: &mut Sources) -> Result<Recording, Error> {
        let new = pending(cassette);
        let loaded = new.is_file().then(|| Cassette::load(&new));
        // Another process may accept it at the same time.
        let Some(recording) = loaded.filter(|it| it.is_ok() || new.is_file()).transpose()? else {
            // Deletes what killed processes have left behind.
            cassette::promote(cassette)?;
            return Ok(Recording::Missing);
        };
        let findings = Findings::of(&new, &recording, MAX_AGE, false, sources);
        for finding in findings.bad.iter().chain(&findings.other) {
            println(&format!("{}: {}", new.display(), finding.message));
        }
        if !findings.bad.is_empty() && !self.even_so {
            return Ok(Recording::Refused);
        }
        if !cassette::promote(cassette)? {
            return Ok(Recording::Missing);
        }
        println(&format!(
            "accepted {}: {}",
            cassette.display(),
            contents(&recording, findings.differences.len())
        ));
        Ok(Recording::Accepted)
    }
}

/// The outcome for a recording.
enum Recording {
    Missing,
    Accepted,
    Refused,
}

/// Returns the contents of a recording: the calls, their callers, and the number of differences from the fake.
pub(super) fn contents(recording: &Cassette, differences: usize) -> String {
    let mut callers: Vec<&str> = Vec::new();
    for call in &recording.interactions {
        if !callers.contains(&call.caller.as_str()) {
            callers.push(&call.caller);
        }
    }
    let by = if callers.is_empty() { String::new() } else { format!(" by {}", list(&callers)) };
    let calls = count(recording.interactions.len(), "call");
    format!("{calls}{by}, {} from the fake", count(differences, "difference"))
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
            terminal::note("nothing to reject");
        }
        Ok(Verdict::Good)
    }
}

/// Finds the cassettes that exist or have a recording.
pub(super) fn cassettes(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
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
