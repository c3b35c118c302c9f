//! `kms-fixture check`: the checks of cassettes that need no test run.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::announce;
use super::findings::{FieldDifference, Finding, Findings, Kind, MAX_AGE};
use super::sources::Sources;
use super::terminal::{self, Painted};
use super::{Verdict, files, html};
use crate::error::Error;
use crate::tape::cassette::{
    Accepted, Cassette, cassette_of_dead, is_left_behind, is_run, is_temporary,
};
use crate::tape::words::count;

mod github;
mod json;

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

    /// The output format. All but `text` show all differences.
    #[arg(long, value_enum, default_value_t = As::Text)]
    format: As,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum As {
    /// Text for people.
    Text,
    /// JSON, with every difference field by field.
    Json,
    /// Annotations of a pull request, for GitHub Actions.
    Github,
    /// One page with findings, diagrams and calls, for a browser.
    Html,
}

/// A file that was checked.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) path: PathBuf,
    /// The cassette, if it can be read.
    pub(super) cassette: Option<Cassette>,
    pub(super) findings: Vec<Finding>,
    pub(super) differences: Vec<FieldDifference>,
    pub(super) expired: Vec<Accepted>,
    pub(super) note: Option<String>,
}

impl Check {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let wanted = |it: &Path| files::is_cassette(it) || files::is_pending(it) || is_ours(it);
        let found = files::find(&self.paths, wanted)?;
        let (temporary, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|it| is_ours(it));
        let mut all = left_behind(temporary);
        let is_text = self.format == As::Text;
        if is_text {
            all.iter().for_each(Checked::print);
        }
        let mut sources = Sources::default();
        let bar = terminal::progress(found.len(), "checking cassettes");
        for path in &found {
            let checked = self.cassette(path, &mut sources);
            if is_text {
                bar.suspend(|| checked.print());
            }
            bar.inc(1);
            all.push(checked);
        }
        bar.finish_and_clear();
        let findings: usize = all.iter().map(|it| it.findings.len()).sum();
        let summary = format!("{}, {}", count(found.len(), "cassette"), count(findings, "finding"));
        match self.format {
            As::Text => terminal::note(&summary),
            As::Json => announce::print(&json::report(&all))?,
            As::Github => {
                announce::print(&github::annotations(&all))?;
                terminal::note(&summary);
            }
            As::Html => announce::print(&html::of_check(&all, &summary))?,
        }
        Ok(if findings == 0 { Verdict::Good } else { Verdict::Findings })
    }

    fn cassette(&self, path: &Path, sources: &mut Sources) -> Checked {
        let mut checked = Checked::new(path);
        let cassette = match Cassette::load(path) {
            Ok(cassette) => cassette,
            Err(error) => {
                checked.findings.push(Finding::new(Kind::Unreadable, error.to_string()));
                return checked;
            }
        };
        if files::is_pending(path) {
            checked.findings.push(Finding::new(
                Kind::Unreviewed,
                "not reviewed yet: run `kms-fixture review`, `accept` or `reject`",
            ));
        }
        let all = self.all || self.format != As::Text;
        let mut findings = Findings::of(path, &cassette, self.max_age, all, sources);
        checked.differences = std::mem::take(&mut findings.differences);
        checked.expired = std::mem::take(&mut findings.expired);
        checked.note = findings.note.take();
        checked.findings.extend(findings.into_list());
        checked.cassette = Some(cassette);
        checked
    }
}

impl Checked {
    fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            cassette: None,
            findings: Vec::new(),
            differences: Vec::new(),
            expired: Vec::new(),
            note: None,
        }
    }

    /// Examines a cassette by itself: without its age and its test.
    pub(super) fn of(path: &Path, cassette: Cassette) -> Self {
        let mut findings = Findings::of(path, &cassette, 0, true, &mut Sources::default());
        let mut checked = Self::new(path);
        checked.differences = std::mem::take(&mut findings.differences);
        checked.expired = std::mem::take(&mut findings.expired);
        checked.note = findings.note.take();
        checked.findings = findings.bad;
        checked.cassette = Some(cassette);
        checked
    }

    /// Returns the label of recorded values.
    pub(super) fn label(&self) -> &str {
        self.cassette.as_ref().map_or("recorded", |it| it.origin.label())
    }

    /// Prints the findings as text.
    fn print(&self) {
        let shown = self.path.display().to_string();
        if let Some(note) = &self.note {
            terminal::note(&format!("{shown}: {note}"));
        }
        for finding in &self.findings {
            let mut painted = Painted::default();
            // An error of reading names the file.
            if finding.kind != Kind::Unreadable {
                painted.styled(terminal::STRONG, &shown).plain(": ");
            }
            if finding.kind == Kind::Drift {
                painted.styled(terminal::BAD, "drift").end();
                painted.add(&terminal::paint_report(&finding.message, self.label()));
            } else {
                painted.plain(&finding.message);
            }
            painted.end().print();
        }
    }
}

/// Returns the findings about files of processes that were killed.
fn left_behind(files: Vec<PathBuf>) -> Vec<Checked> {
    let (runs, temporary): (Vec<_>, Vec<_>) = files.into_iter().partition(|it| is_run(it));
    let finding = |path: &Path, message: String| {
        let mut checked = Checked::new(path);
        checked.findings.push(Finding::new(Kind::LeftBehind, message));
        checked
    };
    let mut all = Vec::new();
    for path in temporary.iter().filter(|it| is_left_behind(it)) {
        let message = "left behind by a process that was killed: delete it; the next recording or \
                       `kms-fixture accept` in its folder deletes it, too";
        all.push(finding(path, message.to_owned()));
    }
    for (path, cassette) in runs.iter().filter_map(|it| Some((it, cassette_of_dead(it)?))) {
        let message = format!(
            "left behind by a recording that was killed, and perhaps grants, too: run `kms-fixture record --cassette \
             {} --recover`",
            cassette.display()
        );
        all.push(finding(path, message));
    }
    all
}

/// Returns whether a file is of a recording under way, or was left behind by one.
fn is_ours(path: &Path) -> bool {
    is_temporary(path) || is_run(path)
}
