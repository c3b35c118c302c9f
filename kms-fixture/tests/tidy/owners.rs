//! Foreign things have one owner, and every file says what it is for.

use crate::source::library;

/// Foreign things that one file, or one folder, alone may name.
const OWNERS: &[(&str, &[&str])] = &[
    (
        "aws_lc_rs",
        &[
            "kms/crypto/",
            "tape/record/live/tls.rs", // rustls calls its provider so
        ],
    ),
    ("hyper::", &["wire/server.rs"]),
    ("iam_rs", &["kms/policy/mend.rs", "kms/policy/question.rs", "kms/policy/statement.rs"]),
    ("fastrand", &["kms/ids.rs"]),
    ("SystemTime::now", &["kms/clock.rs", "wire/server.rs"]),
    ("Instant::now", &["fixture/deadline.rs", "kms/clock/of_runtime.rs"]),
    ("std::env", &["fixture/mode.rs"]),
    ("aws_sigv4", &["kms/protocol/authenticate.rs", "tape/record/live/upstream.rs"]),
    ("hyper_rustls", &["tape/record/live/upstream.rs"]),
    ("tempfile", &["tape/cassette/replace.rs"]),
    ("aho_corasick", &["tape/redact/audit/search.rs"]),
    ("process::exit", &["cli/end.rs"]),
    ("anstream", &["cli/terminal.rs"]),
    ("indicatif", &["cli/terminal.rs"]),
    ("maud", &["cli/html/"]),
    ("similar::", &["cli/inline.rs"]),
    (".unwrap()", &[]),
];

#[test]
fn foreign_things_have_one_owner() {
    let mut wrong = Vec::new();
    // Unit tests that are too long for their file are in one of their own.
    for source in library().values().filter(|it| !it.is_test()) {
        for (thing, owners) in OWNERS {
            if owners.iter().any(|it| source.path.starts_with(it)) {
                continue;
            }
            for (line, code) in source.code() {
                if code.contains(thing) {
                    let path = &source.path;
                    wrong.push(format!("src/{path}:{line}: `{thing}` belongs to {owners:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_owner_owns() {
    let sources = library();
    for (thing, owners) in OWNERS {
        for owner in *owners {
            let mut owned = sources.values().filter(|it| it.path.starts_with(owner));
            let owns = owned.any(|it| it.code().any(|(_, code)| code.contains(thing)));
            assert!(owns, "src/{owner} does not name `{thing}`");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_short_enough_to_read() {
    for source in library().values() {
        let path = &source.path;
        assert!(
            path == "lib.rs" || source.text.starts_with("//! "),
            "src/{path} has no `//!` line"
        );
        let lines = source.text.lines().count();
        assert!(lines <= 600, "src/{path} has {lines} lines");
    }
}
