//! Reading a cassette: an untrusted file, whose mistakes are reported with their place.

use std::io;
use std::path::Path;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;

use super::upgrade::{VERSION, upgrade};
use super::{Cassette, FORMAT};
use crate::api;
use crate::error::Error;
use crate::file;

/// The largest file that is read: 10,000 interactions take some 10 MB.
const LARGEST: u64 = 256 << 20;

/// The largest answer that is recorded.
const LARGEST_ANSWER: usize = 16 << 20;

/// The members that are read first.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<u64>,
}

pub(super) fn load(path: &Path) -> Result<Cassette, Error> {
    let at = |it: &str| Error::new(format!("{}: {it}", path.display()));
    let text = text(path).map_err(|it| at(&format!("the cassette cannot be read: {it}")))?;
    parse(&text).map_err(|(line, reason)| match line {
        0 => at(&reason),
        line => Error::new(format!("{}:{line}: {reason}", path.display())),
    })
}

/// Returns the text of the cassette at `path`.
pub(crate) fn text(path: &Path) -> io::Result<String> {
    file::text(path, LARGEST)
}

/// Parses the cassette in `text`. The error is a line (0 for the whole file) and a reason.
fn parse(text: &str) -> Result<Cassette, (usize, String)> {
    let conflict = text
        .lines()
        .position(|it| ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| it.starts_with(mark)));
    if let Some(line) = conflict {
        let reason = "this is an unresolved git conflict: resolve it, or record again";
        return Err((line + 1, reason.to_owned()));
    }
    if text.trim().is_empty() {
        return Err((0, "the cassette is empty: restore it, or record again".to_owned()));
    }
    if !text.trim_start().starts_with('{') {
        return Err((1, "this is not a cassette: it is not a JSON object".to_owned()));
    }
    let head: Head = serde_json::from_str(text).map_err(|it| fault(&it))?;
    if head.format.as_deref() != Some(FORMAT) {
        return Err((1, format!("this is not a cassette: `format` is not `{FORMAT}`")));
    }
    let cassette: Cassette = match head.version {
        Some(VERSION) => serde_json::from_str(text).map_err(|it| fault(&it))?,
        Some(version) if (1..VERSION).contains(&version) => {
            let old: Value = serde_json::from_str(text).map_err(|it| fault(&it))?;
            serde_json::from_value(upgrade(old, version)).map_err(|it| {
                (0, format!("the cassette has version {version} and cannot be upgraded: {it}"))
            })?
        }
        Some(version) => {
            let reason = format!(
                "the cassette has version {version}, and this library reads up to version {VERSION}: update \
                 kms-fixture"
            );
            return Err((1, reason));
        }
        None => return Err((1, "the cassette has no `version`".to_owned())),
    };
    check(&cassette).map_err(|it| (0, it))?;
    Ok(cassette)
}

fn fault(error: &serde_json::Error) -> (usize, String) {
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    match error.classify() {
        Category::Eof => (
            error.line(),
            format!(
                "the cassette is torn: its end is missing ({reason}); restore it, or record again"
            ),
        ),
        _ => (error.line(), format!("the cassette is not valid: {reason}")),
    }
}

/// Checks rules that types do not express.
fn check(cassette: &Cassette) -> Result<(), String> {
    let date = DateTime::from_str(&cassette.recorded, Format::DateTime);
    // The years that an HTTP date can hold.
    if !date.is_ok_and(|it| (0..=253_402_300_799).contains(&it.secs())) {
        return Err(format!("`recorded` is not a valid date: `{}`", cassette.recorded));
    }
    let mistakes = cassette.scenario.mistakes();
    if !mistakes.is_empty() {
        return Err(format!("the scenario is not valid: {}", mistakes.join("; ")));
    }
    if let Some((at, path)) = cassette.scenario.named_files().first() {
        return Err(format!(
            "the scenario names the file `{path}` at {at}: a cassette contains its policies; replace the path by the \
             document, or record again"
        ));
    }
    for (at, call) in cassette.interactions.iter().enumerate() {
        let number = at + 1;
        if api::operation(&call.operation).is_none() {
            return Err(format!("call {number}: `{}` is not an operation of KMS", call.operation));
        }
        if !(200..=599).contains(&call.status) {
            return Err(format!("call {number}: {} is not an HTTP status", call.status));
        }
        if call.opaque.is_some_and(|it| it > LARGEST_ANSWER) {
            return Err(format!("call {number}: `opaque` is larger than the largest answer"));
        }
        if !call.input.value().is_object() {
            return Err(format!("call {number}: `input` is not an object"));
        }
    }
    if let Some(accepted) = cassette.accepted.iter().find(|it| it.reason.trim().is_empty()) {
        return Err(format!(
            "the accepted difference `{} {}` of {} has no reason",
            accepted.grade, accepted.path, accepted.operation
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn cassette() -> Value {
        json!({
            "format": FORMAT, "version": VERSION, "origin": {"kind": "emulator", "name": "moto 5"},
            "recorded": "2026-01-01T00:00:00Z", "recorder": "kms-fixture 0.1.0", "scenario": {},
            "interactions": [{"caller": "admin", "operation": "ListKeys", "input": {}, "status": 200}]
        })
    }

    fn refused(text: &str) -> String {
        let (line, reason) = parse(text).expect_err(text);
        format!("{line}: {reason}")
    }

    #[test]
    fn a_whole_cassette_is_read() {
        assert!(parse(&cassette().to_string()).is_ok());
    }

    #[test]
    fn a_torn_file_is_an_error_and_never_a_panic() {
        let text = serde_json::to_string_pretty(&cassette()).unwrap();
        for end in 0..text.len() {
            assert!(parse(&text[..end]).is_err(), "{}", &text[..end]);
        }
        let half = refused(&text[..text.len() / 2]);
        assert!(half.contains("torn"), "{half}");
        assert!(!half.starts_with("0:"), "it has a line: {half}");
    }

    #[test]
    fn conflicts_and_other_files_are_errors_with_their_line() {
        let text = serde_json::to_string_pretty(&cassette()).unwrap();
        let conflict = text.replacen('\n', "\n<<<<<<< HEAD\n", 1);
        assert!(
            refused(&conflict).starts_with("2: this is an unresolved"),
            "{}",
            refused(&conflict)
        );
        for other in
            ["[]", "{}", "null", "[\"kms-fixture cassette\", 1]", "{\"format\": \"HAR\"}", "\u{0}"]
        {
            refused(other);
        }
    }

    #[test]
    fn a_newer_version_is_an_error_with_both_versions_and_an_older_one_is_upgraded() {
        let mut newer = cassette();
        newer["version"] = (VERSION + 1).into();
        let error = refused(&newer.to_string());
        assert!(
            error.contains(&VERSION.to_string()) && error.contains(&(VERSION + 1).to_string()),
            "{error}"
        );
        let mut older = cassette();
        older["version"] = 1.into();
        older["origin"] = "emulator: moto 5".into();
        let upgraded = parse(&older.to_string()).unwrap();
        assert_eq!(upgraded.origin.to_string(), "emulator: moto 5");
        assert_eq!(upgraded.version, VERSION);
    }

    #[test]
    fn values_that_cannot_be_replayed_are_refused() {
        let call = |member: &str, value: Value| {
            let mut cassette = cassette();
            cassette["interactions"][0][member] = value;
            cassette.to_string()
        };
        for text in [
            call("status", 42.into()),
            call("operation", "GetObject".into()),
            call("input", json!([])),
            call("opaque", u64::MAX.into()),
            call("novelty", true.into()),
        ] {
            refused(&text);
        }
        for date in ["1969-12-31T23:59:59Z", "12026-01-01T00:00:00Z", "yesterday", ""] {
            let mut cassette = cassette();
            cassette["recorded"] = date.into();
            refused(&cassette.to_string());
        }
    }
}
