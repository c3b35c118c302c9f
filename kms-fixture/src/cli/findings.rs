//! The findings in one cassette: for `check`, and for `accept`, which refuses bad recordings.

use std::path::Path;
use std::time::Duration;

use super::secrets::secrets;
use super::sources::Sources;
use crate::fixture::shadow;
use crate::kms::clock::Time;
use crate::tape::cassette::{Cassette, OriginKind};
use crate::tape::words::count;

/// The default age in days after which a recording is stale.
pub(super) const MAX_AGE: u64 = 365;

/// The findings in a cassette.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// The findings that keep a recording from being accepted.
    pub(super) bad: Vec<String>,
    /// The differences between the cassette and the fake, as a report.
    pub(super) drift: Option<String>,
    /// The number of these differences.
    pub(super) differences: usize,
    /// All other findings.
    pub(super) other: Vec<String>,
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
        let verdict = cassette.verdict.iter();
        findings.bad.extend(verdict.map(|it| format!("not a good recording: {}", it.as_str())));
        if cassette.interactions.is_empty() {
            findings.bad.push("it has no calls: record it again".to_owned());
        }
        findings.bad.extend(secrets(path, cassette));
        findings.follow(cassette, all);
        findings.other.extend(stale(cassette, max_age));
        if let Some(test) = &cassette.test
            && !sources.has_test(path, test)
        {
            findings.other.push(format!("an orphan: the sources contain no test `{test}`"));
        }
        findings
    }

    /// Lets the fake follow the calls, and reports the first differences, or `all`.
    fn follow(&mut self, cassette: &Cassette, all: bool) {
        let mut shadow = match shadow(cassette) {
            Ok(shadow) => shadow,
            Err(error) => {
                self.bad.push(format!("the fake cannot start with the scenario: {error}"));
                return;
            }
        };
        shadow.follow_all(&cassette.interactions);
        let names = crate::tape::replay::names(cassette);
        self.differences = shadow.differences(&names).len();
        self.drift = shadow.report(&names, &cassette.origin, true, all);
        let counts = shadow.counts(&names);
        self.note = counts.are_notable().then(|| counts.to_string());
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
