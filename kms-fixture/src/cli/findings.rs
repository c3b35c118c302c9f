//! The findings in one cassette: for `check`, and for `accept` and `review`, which refuse bad recordings.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::secrets::secrets;
use super::sources::Sources;
use crate::fixture::shadow;
use crate::kms::clock::Time;
use crate::tape::cassette::{Accepted, Cassette, OriginKind};
use crate::tape::shadow::Repeated;
use crate::tape::words::count;

/// The default age in days after which a recording is stale.
pub(super) const MAX_AGE: u64 = 365;

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// The file cannot be read as a cassette.
    Unreadable,
    /// A recording that is not accepted yet.
    Unreviewed,
    /// A file of a process that was killed.
    LeftBehind,
    /// A recording that is not good: without calls, with calls that failed, with a scenario that cannot start.
    Bad,
    /// A text that is not a pseudonym.
    Secret,
    /// Differences from the fake, or accepted ones that no longer occur.
    Drift,
    /// An old recording.
    Stale,
    /// A cassette without its test.
    Orphan,
}

impl Kind {
    /// Returns the word for the kind.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Unreviewed => "unreviewed",
            Self::LeftBehind => "left behind",
            Self::Bad => "bad recording",
            Self::Secret => "secret",
            Self::Drift => "drift",
            Self::Stale => "stale",
            Self::Orphan => "orphan",
        }
    }
}

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    pub(super) message: String,
}

impl Finding {
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// A difference between recorded answers and the fake's.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FieldDifference {
    pub(super) operation: String,
    pub(super) grade: &'static str,
    /// The path; `[]` for every element of a list if several of them differ.
    pub(super) path: String,
    /// The recorded value, with names.
    pub(super) recorded: String,
    /// The fake's value, with names.
    pub(super) fake: String,
    /// The numbers of the calls, from 1.
    pub(super) calls: Vec<usize>,
    pub(super) callers: Vec<String>,
}

impl FieldDifference {
    fn of(it: &Repeated<'_>) -> Self {
        Self {
            operation: it.operation.to_owned(),
            grade: it.grade.as_str(),
            path: it.path.clone(),
            recorded: it.values.0.clone(),
            fake: it.values.1.clone(),
            calls: it.calls.clone(),
            callers: it.callers.iter().map(|it| (*it).to_owned()).collect(),
        }
    }
}

/// The findings in a cassette.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// The findings that keep a recording from being accepted.
    pub(super) bad: Vec<Finding>,
    /// The differences between the cassette and the fake, as a report.
    pub(super) drift: Option<String>,
    /// These differences.
    pub(super) differences: Vec<FieldDifference>,
    /// The accepted differences that no longer occur.
    pub(super) expired: Vec<Accepted>,
    /// All other findings.
    pub(super) other: Vec<Finding>,
    /// The calls that the fake could not judge; not a finding.
    pub(super) note: Option<String>,
}

impl Findings {
    /// Examines the cassette that was read from `path`; its report of differences shows the first ones, or `all`.
    pub(super) fn of(
        path: &Path,
        cassette: &Cassette,
        max_age: u64,
        all: bool,
        sources: &mut Sources,
    ) -> Self {
        let mut findings = Self::default();
        let mut bad = |kind, it| findings.bad.push(Finding::new(kind, it));
        for it in &cassette.verdict {
            bad(Kind::Bad, format!("not a good recording: {}", it.as_str()));
        }
        if cassette.interactions.is_empty() {
            bad(Kind::Bad, "it has no calls: record it again".to_owned());
        }
        for it in secrets(path, cassette) {
            bad(Kind::Secret, it);
        }
        findings.follow(cassette, all);
        let stale = stale(cassette, max_age);
        findings.other.extend(stale.map(|it| Finding::new(Kind::Stale, it)));
        if let Some(test) = &cassette.test
            && !sources.has_test(path, test)
        {
            let orphan = format!("an orphan: the sources contain no test `{test}`");
            findings.other.push(Finding::new(Kind::Orphan, orphan));
        }
        findings
    }

    /// Lets the fake follow the calls, and reports the first differences, or `all`.
    fn follow(&mut self, cassette: &Cassette, all: bool) {
        let mut shadow = match shadow(cassette) {
            Ok(shadow) => shadow,
            Err(error) => {
                let message = format!("the fake cannot start with the scenario: {error}");
                self.bad.push(Finding::new(Kind::Bad, message));
                return;
            }
        };
        shadow.follow_all(&cassette.interactions);
        let names = crate::tape::replay::names(cassette);
        self.differences = shadow.differences(&names).iter().map(FieldDifference::of).collect();
        self.expired = shadow.expired().cloned().collect();
        self.drift = shadow.report(&names, &cassette.origin, true, all);
        let counts = shadow.counts(&names);
        self.note = counts.are_notable().then(|| counts.to_string());
    }

    /// Returns the findings, in the order of `check`.
    pub(super) fn into_list(self) -> Vec<Finding> {
        let drift = self.drift.map(|it| Finding::new(Kind::Drift, it));
        self.bad.into_iter().chain(drift).chain(self.other).collect()
    }
}

/// Returns the finding about an old recording.
fn stale(cassette: &Cassette, max_age: u64) -> Option<String> {
    let ages = matches!(cassette.origin.kind, OriginKind::Aws | OriginKind::Emulator);
    let age = Time::Machine.now().duration_since(cassette.recorded()).unwrap_or(Duration::ZERO);
    let days = age.as_secs() / (24 * 60 * 60);
    (ages && max_age > 0 && days > max_age).then(|| {
        format!(
            "stale: recorded {} ago ({}), the limit is {max_age}: record it again",
            count(usize::try_from(days).unwrap_or(usize::MAX), "day"),
            cassette.recorded_text()
        )
    })
}
