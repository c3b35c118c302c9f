//! Secrets in a cassette.

use std::path::Path;

use regex_lite::Regex;

use crate::tape::cassette::{Cassette, text};
use crate::tape::redact::redact_scenario;

/// Returns the findings of secrets, which must not be committed.
pub(super) fn secrets(path: &Path, cassette: &Cassette) -> Vec<String> {
    let mut findings = Vec::new();
    match redact_scenario(&cassette.scenario, &cassette.keep, &cassette.ordered) {
        Ok((redacted, redactor)) => {
            if redacted != cassette.scenario {
                findings.push(
                    "a secret? the scenario contains texts that are not pseudonyms".to_owned(),
                );
            }
            let leaks = redactor.leaks(&cassette.scenario, &cassette.calls());
            findings.extend(leaks.iter().map(|it| format!("a secret? {it} is not a pseudonym")));
        }
        Err(error) => findings.push(error.to_string()),
    }
    let text = text(path).unwrap_or_default();
    // Access key ids and signature headers are secrets anywhere in the file.
    for pattern in [
        r"\b(AKIA|ASIA)[A-Z2-7]{16}\b",
        r"(?i)AWS4-HMAC-SHA256 Credential",
        r"(?i)x-amz-security-token",
    ] {
        let Ok(regex) = Regex::new(pattern) else {
            continue;
        };
        if let Some(found) = regex.find(&text) {
            let line = text[..found.start()].lines().count().max(1);
            findings.push(format!("a secret: line {line} looks like a credential"));
        }
    }
    findings
}
