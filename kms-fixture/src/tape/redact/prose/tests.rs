//! Every text of the service survives redaction word for word. The texts are read from the sources and from the fact
//! sheet, so that a new one is tested as well.

use std::path::Path;

use serde_json::json;

use crate::file::is_packaged;
use crate::tape::redact::{Redactor, Source};

const ACCOUNT: &str = "210987654321";
const KEY: &str = "arn:aws:kms:us-east-1:210987654321:key/1f0e2c4a-9c3d-4b7e-8f21-5d6c7b8a9e01";
/// A text that is not a word of any message.
const UNKNOWN: &str = "Zanzibar7";

/// Texts of AWS that are neither in the sources nor in the fact sheet: the common errors, those of the model, and the
/// denials that the fake does not make.
const OTHERS: &[&str] = &[
    "The system timed out while trying to fulfill the request.",
    "The AWS Access Key Id needs a subscription for the service",
    "The request processing has failed because of an unknown error, exception or failure.",
    "The request has failed due to a temporary failure of the server.",
    "The security token included in the request is expired",
    "Rate exceeded",
    "TRUE_VALUE can not be converted to a String",
    "NULL_VALUE can not be converted to an Integer",
    "The specified KMS key is not available. You can retry the request.",
    "An internal error occurred. You can retry the request.",
    "User: {arn} is not authorized to perform: kms:Decrypt on resource: {arn} with an explicit deny in a service \
     control policy",
    "User: {arn} is not authorized to perform: kms:Encrypt on resource: {arn} with an explicit deny in a resource \
     control policy: {policy}",
    "User: {arn} is not authorized to perform: kms:Decrypt on resource: {arn} because no VPC endpoint policy allows \
     the kms:Decrypt action",
];

/// Literals of the sources that no answer's body contains.
const NOT_SENT: &[&str] =
    &["no-cache, no-store, must-revalidate, private", "serializing texts cannot fail"];

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Returns the string literals of several words in a source file, without those in comments.
fn literals(source: &str) -> Vec<String> {
    let code: Vec<_> = source
        .lines()
        .take_while(|it| !it.starts_with("mod tests"))
        .filter(|it| !it.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let (mut found, mut rest) = (Vec::new(), code.as_str());
    while let Some(start) = rest.find('"') {
        let mut text = String::new();
        let mut letters = rest[start + 1..].char_indices();
        let mut end = rest.len();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    end = start + 1 + at + 1;
                    break;
                }
                '\\' => match letters.next() {
                    // The literal goes on at the next line's first letter.
                    Some((_, '\n')) => {
                        while letters.as_str().starts_with(' ') {
                            letters.next();
                        }
                    }
                    Some((_, escaped)) => text.push(escaped),
                    None => {}
                },
                _ => text.push(letter),
            }
        }
        rest = &rest[end..];
        if text.trim().contains(' ') {
            found.push(text);
        }
    }
    found
}

/// Returns the messages of section 8 of the fact sheet: the quoted texts of its fourth column.
fn facts() -> Vec<String> {
    let sheet = read("../docs/kms-facts.md");
    let section = sheet.split("\n## 8. ").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| #"));
    let columns = rows.filter_map(|it| it.split(" | ").nth(3));
    let texts = columns.flat_map(|it| it.split('`').skip(1).step_by(2).map(str::to_owned));
    texts.map(|it| placeholders(&it)).collect()
}

/// Writes the fact sheet's placeholders like those of a format string.
fn placeholders(text: &str) -> String {
    let text =
        text.replace("arn:aws:kms:<r>:<acct>:alias/<n>", "<ARN>").replace("kms:X", "kms:<op>");
    // Values that the service repeats, which are a client's.
    let text = ["keyId '", "Value '"].iter().fold(text, |text, before| {
        match text
            .split_once(before)
            .and_then(|(start, rest)| Some((start, rest.split_once('\'')?)))
        {
            Some((start, (_, end))) => format!("{start}{before}<value>'{end}"),
            None => text,
        }
    });
    text.replace("<ARN>", "{arn}").replace('<', "{").replace('>', "}")
}

/// Returns the text that a live service sends, and the text that may be written, for a text with placeholders.
fn filled(redactor: &mut Redactor, text: &str) -> (String, String) {
    let (mut live, mut expected, mut rest) = (String::new(), String::new(), text);
    let key = redactor.output(&json!({ "KeyId": KEY }));
    let key = key.value()["KeyId"].as_str().unwrap();
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, it)| Some((before, it.split_once('}')?)))
    {
        let (value, pseudonym) = match name {
            "arn" | "resource" | "caller" => (KEY, key),
            // The value of a failed constraint, or nothing.
            _ if before.ends_with("Value") => ("", ""),
            _ => (UNKNOWN, "text-1"),
        };
        live = live + before + value;
        expected = expected + before + pseudonym;
        rest = after;
    }
    (live + rest, expected + rest)
}

#[test]
fn every_message_survives_word_for_word() {
    if is_packaged() {
        return;
    }
    let mut texts: Vec<_> = OTHERS.iter().map(|it| (*it).to_owned()).collect();
    texts.extend(facts());
    let mut of_sources = 0;
    for folder in ["src/kms/error", "src/kms/ops", "src/kms/ops/crypto", "src/kms/protocol"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|it| it == "rs") {
                let found = literals(&std::fs::read_to_string(&path).unwrap());
                of_sources += found.len();
                texts.extend(found.into_iter().filter(|it| !NOT_SENT.contains(&it.as_str())));
            }
        }
    }
    assert!(of_sources > 100, "only {of_sources} texts in the sources");
    let mut wrong = Vec::new();
    for text in &texts {
        let mut redactor = Redactor::new("111122223333", &[], &[]).reading(Source::Service);
        let (live, expected) = filled(&mut redactor, text);
        let redacted = redactor.output(&json!({ "message": live })).into_value();
        let redacted = redacted["message"].as_str().unwrap();
        assert!(!redacted.contains(ACCOUNT) && !redacted.contains(UNKNOWN), "{redacted}");
        if redacted != expected {
            wrong.push(format!("{expected}\n    {redacted}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), texts.len(), wrong.join("\n"));
}
