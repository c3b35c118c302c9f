//! The findings as workflow commands of GitHub Actions, which become annotations of a pull request.
//!
//! The form is that of "Workflow commands for GitHub Actions", `::error file={name},line={line},title={title}::{message}`.

use std::fmt::Write as _;
use std::path::Path;

use super::{Checked, Finding, Kind};
use crate::tape::cassette;
use crate::tape::words::list;

/// Formats one annotation for each difference, and one for each other finding.
pub(super) fn annotations(all: &[Checked]) -> String {
    let mut text = String::new();
    for checked in all {
        let path = checked.path.to_string_lossy();
        let lines = Lines::of(&checked.path);
        for finding in checked.findings.iter().filter(|it| it.kind != Kind::Drift) {
            let line = line_of(finding, &path).unwrap_or(1);
            annotate(&mut text, &path, line, finding.kind.as_str(), &finding.message);
        }
        for it in &checked.differences {
            let message = format!(
                "the fake disagrees with the recording at call {}, {} by {}: {} at {}\n{}: {}\nfake: {}",
                list(&it.calls),
                it.operation,
                list(&it.callers),
                it.grade,
                it.path,
                checked.label(),
                it.recorded,
                it.fake,
            );
            let line = it.calls.first().map_or(1, |it| lines.of_call(*it));
            annotate(&mut text, &path, line, Kind::Drift.as_str(), &message);
        }
        for it in &checked.expired {
            let message = format!(
                "the accepted difference `{} {}` of {} no longer occurs ({}): drop it with `kms-fixture review`",
                it.grade, it.path, it.operation, it.reason
            );
            annotate(&mut text, &path, 1, Kind::Drift.as_str(), &message);
        }
    }
    text
}

fn annotate(text: &mut String, path: &str, line: usize, title: &str, message: &str) {
    let _ = writeln!(
        text,
        "::error file={},line={line},title={}::{}",
        property(path),
        property(&format!("kms-fixture: {title}")),
        data(message.trim_end())
    );
}

/// Escapes a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Returns the line that an error of reading names: `FILE:5: reason`.
fn line_of(finding: &Finding, path: &str) -> Option<usize> {
    let rest = finding.message.strip_prefix(path)?.strip_prefix(':')?;
    rest.split(':').next()?.parse().ok()
}

/// The lines at which the calls of a cassette begin.
struct Lines(Vec<usize>);

impl Lines {
    /// Reads the lines of a cassette in its canonical form.
    fn of(path: &Path) -> Self {
        let text = cassette::text(path).unwrap_or_default();
        let lines = text.lines().enumerate().skip_while(|it| it.1 != "  \"interactions\": [");
        Self(lines.filter(|it| it.1 == "    {").map(|it| it.0 + 1).collect())
    }

    /// Returns the line of a call; the first one for a file of another form.
    fn of_call(&self, number: usize) -> usize {
        self.0.get(number.saturating_sub(1)).copied().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_end_its_annotation_or_forge_another() {
        let mut text = String::new();
        annotate(&mut text, "a,b:c.json", 3, "drift", "50%\n::error::x\r");
        assert_eq!(
            text,
            "::error file=a%2Cb%3Ac.json,line=3,title=kms-fixture%3A drift::50%25%0A::error::x\n"
        );
    }
}
