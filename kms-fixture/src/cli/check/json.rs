//! The findings as JSON.

use serde_json::{Value, json};

use super::{Cassette, Checked};

/// Formats the files with their findings, and the number of findings.
pub(super) fn report(all: &[Checked]) -> String {
    let files: Vec<_> = all.iter().map(file).collect();
    let findings: usize = all.iter().map(|it| it.findings.len()).sum();
    let report = json!({ "files": files, "findings": findings });
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

fn file(checked: &Checked) -> Value {
    let cassette = checked.cassette.as_ref();
    json!({
        "path": checked.path.to_string_lossy(),
        "origin": cassette.map(|it| it.origin.to_string()),
        "recorded": cassette.map(Cassette::recorded_text),
        "calls": cassette.map(|it| it.interactions.len()),
        "findings": checked.findings,
        "differences": checked.differences,
        "no_longer_occur": checked.expired,
        "note": checked.note,
    })
}
