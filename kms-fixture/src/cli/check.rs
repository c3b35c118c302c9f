//! `kms-fixture check`: the checks of cassettes that need no test run.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use regex_lite::Regex;

use super::accept::println;
use super::{Verdict, files};
use crate::error::Error;
use crate::fixture::shadow;
use crate::kms::clock::Time;
use crate::tape::cassette::{Cassette, OriginKind};
use crate::tape::redact::redact_scenario;

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Cassettes or folders. Default: `cassettes`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The age in days after which a recording is stale; 0 means never. Transcriptions do not age.
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    max_age: u64,
}

impl Check {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let wanted = |it: &Path| files::is_cassette(it) || files::is_pending(it);
        let found = files::find(&self.paths, wanted)?;
        let mut sources = Sources::default();
        let mut findings = 0;
        for path in &found {
            for finding in self.cassette(path, &mut sources) {
                println(&finding);
                findings += 1;
            }
        }
        println(&format!("{} cassettes, {findings} findings", found.len()));
        Ok(if findings == 0 { Verdict::Good } else { Verdict::Findings })
    }

    fn cassette(&self, path: &Path, sources: &mut Sources) -> Vec<String> {
        let shown = path.display();
        let cassette = match Cassette::load(path) {
            Ok(cassette) => cassette,
            Err(error) => return vec![error.to_string()],
        };
        let mut findings = Vec::new();
        if files::is_pending(path) {
            findings.push(
                "not reviewed yet: run `kms-fixture accept` or `kms-fixture reject`".to_owned(),
            );
        }
        findings.extend(secrets(path, &cassette));
        let (drift, note) = drift(&cassette);
        findings.extend(drift);
        if let Some(note) = note {
            println(&format!("{shown}: {note}"));
        }
        findings.extend(self.age(&cassette));
        if let Some(test) = &cassette.test
            && !sources.has_test(path, test)
        {
            findings.push(format!("an orphan: the sources contain no test `{test}`"));
        }
        findings.iter().map(|it| format!("{shown}: {it}")).collect()
    }

    fn age(&self, cassette: &Cassette) -> Option<String> {
        let aged = matches!(cassette.origin.kind, OriginKind::Aws | OriginKind::Emulator);
        let age = Time::Machine.now().duration_since(cassette.recorded()).unwrap_or(Duration::ZERO);
        let days = age.as_secs() / (24 * 60 * 60);
        (aged && self.max_age > 0 && days > self.max_age).then(|| {
            format!(
                "stale: recorded {days} days ago ({}), the limit is {}: record it again",
                cassette.recorded_text(),
                self.max_age
            )
        })
    }
}

/// Returns the findings of secrets, which must not be committed.
fn secrets(path: &Path, cassette: &Cassette) -> Vec<String> {
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
    let text = fs::read_to_string(path).unwrap_or_default();
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

/// Returns the differences between a cassette and the fake, and a note on the calls that the fake could not judge.
fn drift(cassette: &Cassette) -> (Vec<String>, Option<String>) {
    let mut shadow = match shadow(cassette) {
        Ok(shadow) => shadow,
        Err(error) => {
            let finding = format!("the fake cannot start with the scenario: {error}");
            return (vec![finding], None);
        }
    };
    shadow.follow_all(&cassette.interactions);
    let names = crate::tape::replay::names(cassette);
    let report = shadow.report(&names, &cassette.origin, true);
    let findings = report.into_iter().map(|it| format!("drift\n{it}"));
    let counts = shadow.counts();
    let note = (counts.outside > 0).then(|| counts.to_string());
    (findings.collect(), note)
}

/// The sources next to cassettes, by workspace.
#[derive(Default)]
struct Sources {
    functions: HashMap<PathBuf, String>,
}

impl Sources {
    /// Returns whether the workspace of the cassette contains a function with the test's name.
    fn has_test(&mut self, cassette: &Path, test: &str) -> bool {
        let cassette = std::path::absolute(cassette).unwrap_or_else(|_| cassette.to_owned());
        let workspace = cassette
            .ancestors()
            .find(|it| it.join("Cargo.lock").is_file() || it.join("Cargo.toml").is_file());
        let Some(workspace) = workspace else {
            // Without sources, the test may exist.
            return true;
        };
        let name = test.rsplit("::").next().unwrap_or(test);
        let all =
            self.functions.entry(workspace.to_owned()).or_insert_with(|| functions(workspace));
        all.contains(&format!(" {name}(")) || all.contains(&format!(" {name}<"))
    }
}

/// Collects the lines of all sources that declare a function.
fn functions(workspace: &Path) -> String {
    let mut all = String::new();
    let mut folders = vec![workspace.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let is_link = entry.file_type().is_ok_and(|it| it.is_symlink());
            if path.is_dir() && !is_link {
                let hidden = name.to_string_lossy().starts_with('.');
                if !hidden && name != "target" && name != "node_modules" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).unwrap_or_default();
                for line in text.lines().filter(|it| it.contains("fn ") && !is_comment(it)) {
                    all += line;
                    all.push('\n');
                }
            }
        }
    }
    all
}

/// Returns whether a line starts like a comment.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "/*", "*"].iter().any(|it| line.starts_with(it))
}
