//! Invariants of the source, checked like everything else: layers, one owner for each foreign thing, headers, guesses.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may name after `crate::`; `ARCHITECTURE.md` has the picture.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("clock", &[]),
    ("arrival", &[]),
    ("ids", &[]),
    ("report", &[]),
    ("exchange", &[]),
    ("error", &[]),
    ("policy", &[]),
    ("crypto", &["model"]),
    ("mode", &["report"]),
    ("scenario", &["model", "report"]),
    ("redact", &["ids", "model", "report", "scenario"]),
    ("cassette", &["redact", "report", "scenario"]),
    ("principals", &["arrival", "ids", "model", "policy"]),
    ("store", &["arrival", "crypto", "ids", "model", "policy", "principals"]),
    ("authz", &["error", "model", "policy", "principals", "store"]),
    (
        "ops",
        &[
            "authz",
            "clock",
            "arrival",
            "crypto",
            "error",
            "ids",
            "model",
            "policy",
            "principals",
            "store",
        ],
    ),
    ("protocol", &["error", "exchange", "model", "ops", "principals"]),
    ("journal", &["model", "redact", "scenario"]),
    ("fake", &["clock", "error", "exchange", "journal", "ops", "principals", "protocol", "store"]),
    ("server", &["exchange"]),
    (
        "shadow",
        &["cassette", "fake", "journal", "model", "principals", "protocol", "redact", "scenario"],
    ),
    (
        "replay",
        &[
            "cassette", "error", "exchange", "fake", "journal", "protocol", "redact", "shadow",
            "Calls",
        ],
    ),
    (
        "record",
        &[
            "cassette", "clock", "error", "exchange", "fake", "journal", "model", "protocol",
            "redact", "report", "scenario", "server", "shadow",
        ],
    ),
    (
        "fixture",
        &[
            "cassette",
            "clock",
            "arrival",
            "exchange",
            "fake",
            "ids",
            "journal",
            "mode",
            "model",
            "ops",
            "policy",
            "principals",
            "protocol",
            "record",
            "redact",
            "replay",
            "report",
            "scenario",
            "server",
            "shadow",
            "store",
        ],
    ),
    ("run", &["cassette", "fixture", "mode", "report", "scenario"]),
    ("ide", &[]),
    (
        "cli",
        &[
            "cassette", "clock", "fixture", "ids", "record", "redact", "replay", "report",
            "server", "Caller", "Caller", "Calls", "Fixture", "Kms", "Scenario",
        ],
    ),
    ("bin", &[]),
];

/// Foreign things that one file alone may name.
const OWNERS: &[(&str, &[&str])] = &[
    (
        "aws_lc_rs",
        &[
            "crypto/ec.rs",
            "crypto/edwards.rs",
            "crypto/mac.rs",
            "crypto/ml_dsa.rs",
            "crypto/ml_kem.rs",
            "crypto/mod.rs",
            "crypto/pair.rs",
            "crypto/rsa.rs",
            "crypto/seal.rs",
            "crypto/wrapping.rs",
            "record/live/tls.rs", // rustls calls its provider so
        ],
    ),
    ("hyper::", &["server.rs"]),
    ("iam_rs", &["policy/mend.rs", "policy/question.rs", "policy/statement.rs"]),
    ("fastrand", &["ids.rs"]),
    ("SystemTime::now", &["clock.rs", "server.rs"]),
    ("Instant::now", &[]),
    ("std::env", &["mode.rs"]),
    ("aws_sigv4", &["protocol/authenticate.rs", "record/live/upstream.rs"]),
    ("hyper_rustls", &["record/live/tls.rs", "record/live/upstream.rs"]),
    ("tempfile", &["cassette/write.rs"]),
    ("aho_corasick", &["redact/audit.rs"]),
    ("process::exit", &[]),
    (".unwrap()", &[]),
];

fn sources() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path.strip_prefix(&root).unwrap().to_owned(), text);
            }
        }
    }
    assert!(found.len() > 50, "the sources are somewhere else: {}", found.len());
    found
}

/// The lines of code, with their numbers: no comments, no unit tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    numbered
        .take_while(|(_, line)| *line != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[test]
fn a_module_names_only_what_is_below_it() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let first = path.components().next().unwrap();
        let module = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        let allowed = LAYERS.iter().find(|(name, _)| *name == module);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("`{module}` has no layer"));
        for (line, code) in code(&text) {
            for named in code.split("crate::").skip(1) {
                for name in names(named) {
                    if name != module && !allowed.contains(&name.as_str()) {
                        wrong.push(format!(
                            "src/{}:{line}: `{module}` names `{name}`",
                            shown(&path)
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first segments behind `crate::`, of which a list has several.
fn names(behind: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        let text = text.trim_start();
        text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
    };
    match behind.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap_or_default().split(',').map(word).collect(),
        None => vec![word(behind)],
    }
}

#[test]
fn the_layers_have_no_cycle() {
    for (at, (module, allowed)) in LAYERS.iter().enumerate() {
        for name in allowed.iter().filter(|it| it.starts_with(char::is_lowercase)) {
            let below = LAYERS[..at].iter().any(|(it, _)| it == name);
            assert!(below, "`{module}` names `{name}`, which is not below it");
        }
    }
}

#[test]
fn foreign_things_have_one_owner() {
    let mut wrong = Vec::new();
    // Unit tests that are too long for their file are in one of their own.
    let sources = sources();
    let sources = sources.into_iter().filter(|(path, _)| !path.ends_with("tests.rs"));
    for (path, text) in sources {
        for (thing, owners) in OWNERS {
            if owners.iter().any(|it| shown(&path) == *it) {
                continue;
            }
            for (line, code) in code(&text) {
                if code.contains(thing) {
                    wrong.push(format!(
                        "src/{}:{line}: `{thing}` belongs to {owners:?}",
                        shown(&path)
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for_and_is_short_enough_to_read() {
    for (path, text) in sources() {
        if path != Path::new("lib.rs") {
            assert!(text.starts_with("//! "), "src/{} has no `//!` line", shown(&path));
        }
        let lines = text.lines().count();
        assert!(lines <= 600, "src/{} has {lines} lines", shown(&path));
    }
}

#[test]
fn every_guess_is_listed_and_every_listed_guess_is_in_the_source() {
    let marks = |text: &str, start: &str, end: char| -> BTreeSet<String> {
        let found = text.split(start).skip(1).filter_map(|it| it.split(end).next());
        found.filter(|it| !it.contains('.')).map(str::to_owned).collect()
    };
    let mut marked = BTreeSet::new();
    for text in sources().values() {
        marked.extend(marks(text, "INVENTED(", ')'));
    }
    let table = include_str!("../src/docs/guesses.md").split("# Inferred").next().unwrap();
    let listed: BTreeSet<_> = table
        .lines()
        .filter_map(|it| it.strip_prefix("| `")?.split('`').next())
        .map(str::to_owned)
        .collect();
    assert!(listed.len() > 20);
    assert_eq!(marked, listed);
}

/// The condition keys that the source sets are those that the documentation calls honoured.
#[test]
fn every_condition_key_is_listed_as_it_is() {
    let actions = ["kms:PutKeyPolicy", "kms:RetireGrant"];
    let name = |text: &str| -> String {
        let name = |it: &char| it.is_ascii_alphanumeric();
        text.chars().take_while(name).collect()
    };
    let mut set = BTreeSet::new();
    let sources = sources();
    let speaking =
        sources.iter().filter(|(path, _)| path.starts_with("authz") || path.starts_with("ops"));
    for line in speaking.flat_map(|(_, text)| code(text)) {
        for prefix in ["kms:", "aws:"] {
            let start = format!("\"{prefix}");
            let found = line.1.split(start.as_str()).skip(1).map(name);
            let found = found.filter(|it| !it.is_empty());
            set.extend(found.map(|it| format!("{prefix}{it}")));
        }
    }
    set.retain(|it| !actions.contains(&it.as_str()));

    let page = include_str!("../src/docs/conditions.md");
    let mut honoured = BTreeSet::new();
    let mut before = String::new();
    for row in page.lines() {
        if row.starts_with('#') {
            before.clear();
        }
        if !row.starts_with("| `") {
            continue;
        }
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [key, _, verdict] = cells[..] else {
            panic!("not three cells: {row}");
        };
        let key = key.trim_matches('`');
        assert!(before.as_str() < key, "`{key}` stands behind `{before}`");
        key.clone_into(&mut before);
        let (prefix, rest) = key.split_at(4);
        let key = format!("{prefix}{}", name(rest));
        match verdict {
            "honoured" => assert!(honoured.insert(key)),
            _ => assert!(verdict.starts_with("not honoured: "), "{row}"),
        }
    }
    assert!(honoured.len() > 40);
    assert_eq!(set, honoured);
}
