//! `kms-fixture check`: the checks of cassettes that need no test run.

use std::path::{Path, PathBuf};

use super::announce::println;
use super::findings::{Findings, MAX_AGE};
use super::sources::Sources;
use super::{Verdict, files};
use crate::error::Error;
use crate::tape::cassette::{Cassette, cassette_of_dead, is_left_behind, is_run, is_temporary};
use crate::tape::words::count;

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Cassettes or folders. Default: `cassettes`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The age in days after which a recording is stale; 0 means never. Transcriptions do not age.
    #[arg(long, value_name = "DAYS", default_value_t = MAX_AGE)]
    max_age: u64,

    /// Shows all differences from the fake. Default: the first five of each cassette.
    #[arg(long)]
    all: bool,
}

impl Check {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let wanted = |it: &Path| files::is_cassette(it) || files::is_pending(it) || is_ours(it);
        let found = files::find(&self.paths, wanted)?;
        let (temporary, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|it| is_ours(it));
        let (runs, temporary): (Vec<_>, Vec<_>) = temporary.into_iter().partition(|it| is_run(it));
        let mut sources = Sources::default();
        let mut findings = 0;
        for path in temporary.iter().filter(|it| is_left_behind(it)) {
            println(&format!(
                "{}: left behind by a process that was killed: delete it; the next recording or `kms-fixture accept` in \
                 its folder deletes it, too",
                path.display()
            ));
            findings += 1;
        }
        for (path, cassette) in runs.iter().filter_map(|it| Some((it, cassette_of_dead(it)?))) {
            println(&format!(
                "{}: left behind by a recording that was killed, and perhaps grants, too: run `kms-fixture record \
                 --cassette {} --recover`",
                path.display(),
                cassette.display()
            ));
            findings += 1;
        }
        for path in &found {
            for finding in self.cassette(path, &mut sources) {
                println(&finding);
                findings += 1;
            }
        }
        println(&format!("{}, {}", count(found.len(), "cassette"), count(findings, "finding")));
        Ok(if findings == 0 { Verdict::Good } else { Verdict::Findings })
    }

    fn cassette(&self, path: &Path, sources: &mut Sources) -> Vec<String> {
        let shown = path.display();
        let cassette = match Cassette::load(path) {
            Ok(cassette) => cassette,
            Err(error) => return vec![error.to_string()],
        };
        let mut all = Vec::new();
        if files::is_pending(path) {
            all.push(
                "not reviewed yet: run `kms-fixture accept` or `kms-fixture reject`".to_owned(),
            );
        }
        let findings = Findings::of(path, &cassette, self.max_age, self.all, sources);
        all.extend(findings.bad);
        all.extend(findings.drift.map(|it| format!("drift\n{it}")));
        if let Some(note) = findings.note {
            println(&format!("{shown}: {note}"));
        }
        all.extend(findings.other);
        all.iter().map(|it| format!("{shown}: {it}")).collect()
    }
}

/// Returns whether a file is of a recording under way, or was left behind by one.
fn is_ours(path: &Path) -> bool {
    is_temporary(path) || is_run(path)
}
