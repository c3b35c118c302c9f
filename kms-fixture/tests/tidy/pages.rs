//! Pages of the documentation that list what the source has.

use std::collections::BTreeSet;

use crate::source::{Source, library};

#[test]
fn every_guess_is_listed_and_every_listed_guess_is_in_the_source() {
    let marks = |text: &str, start: &str, end: char| -> BTreeSet<String> {
        let found = text.split(start).skip(1).filter_map(|it| it.split(end).next());
        found.filter(|it| !it.contains('.')).map(str::to_owned).collect()
    };
    let mut marked = BTreeSet::new();
    for source in library().values() {
        marked.extend(marks(&source.text, "INVENTED(", ')'));
    }
    let table = include_str!("../../src/docs/guesses.md").split("# Inferred").next().unwrap();
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
    let sources = library();
    let is_rule = |it: &&Source| it.path.starts_with("kms/authz") || it.path.starts_with("kms/ops");
    for line in sources.values().filter(is_rule).flat_map(Source::code) {
        for prefix in ["kms:", "aws:"] {
            let start = format!("\"{prefix}");
            let found = line.1.split(start.as_str()).skip(1).map(name);
            let found = found.filter(|it| !it.is_empty());
            set.extend(found.map(|it| format!("{prefix}{it}")));
        }
    }
    set.retain(|it| !actions.contains(&it.as_str()));

    let page = include_str!("../../src/docs/conditions.md");
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

/// The README's table of features is that of the manifest, and so is the lowest version of Rust.
#[test]
fn the_readme_has_the_features_and_the_version_of_rust() {
    let readme = include_str!("../../../README.md");
    let version = include_str!("../../../Cargo.toml").split("rust-version = \"").nth(1).unwrap();
    let version = version.split('"').next().unwrap();
    assert!(readme.contains(&format!("The minimum Rust version is {version},")), "{version}");

    let features = include_str!("../../Cargo.toml").split("[features]\n").nth(1).unwrap();
    let features = features.split("\n[").next().unwrap();
    let declared = features.lines().filter(|it| !it.starts_with([' ', ']', '#', '\n']));
    let declared: BTreeSet<_> =
        declared.filter_map(|it| it.split_once(" = ")).map(|it| it.0).collect();
    let default = features.split("default = [").nth(1).unwrap().split(']').next().unwrap();

    let table = readme.split("| feature | default | contents |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|it| it.starts_with('|'));
    let mut listed = BTreeSet::from(["default"]);
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let feature = cells[1].trim_matches('`');
        assert!(listed.insert(feature), "{feature}");
        assert_eq!(cells[2] == "yes", default.contains(&format!("\"{feature}\"")), "{feature}");
    }
    assert_eq!(declared, listed);
}

/// The guide lists the variables of the table in the source, but for those of this library's own tests.
#[test]
fn every_variable_is_in_the_guide() {
    let name = |row: &str| row.split('`').nth(1).map(str::to_owned);
    let source = include_str!("../../src/fixture/mode.rs");
    let rows = source.lines().filter_map(|it| it.strip_prefix("//! | `"));
    let rows = rows.filter(|it| !it.contains("for tests of this library"));
    let read: BTreeSet<_> = rows.filter_map(|it| name(&format!("`{it}"))).collect();
    let page = include_str!("../../src/docs/guide/environment.md");
    let listed = page.lines().filter(|it| it.starts_with("| `")).filter_map(name);
    let listed: BTreeSet<_> = listed.collect();
    assert!(read.len() > 5);
    assert_eq!(read.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// Unit tests pass in an unpacked package, too, which has no files of the repository.
#[test]
fn tests_that_read_the_repository_know_that_a_package_has_none() {
    let files = ["\"../docs/", "\"../cassettes"];
    let mut readers = 0;
    for source in library().values() {
        let text = &source.text;
        if text.contains("CARGO_MANIFEST_DIR") && files.iter().any(|it| text.contains(it)) {
            assert!(text.contains("is_packaged()"), "{}", source.path);
            readers += 1;
        }
    }
    assert!(readers > 2, "{readers}");
}
