//! Plain English in comments, texts and pages: phrases that no reader should have to decode.

use std::path::Path;

use regex_lite::Regex;

use crate::source::{Source, files, library, macros};

/// What is refused, as an expression, and what to write instead.
const REFUSED: &[(&str, &str)] = &[
    (
        r"(?:^|[.:!?] )(?:What|Whoever|Whatever|That which) [a-z]",
        "begin the sentence with its subject",
    ),
    (r"\bnot said\b|\bif nothing is said\b|\bunless said\b", "write `Default: X`"),
    (
        r"(?:^|[^e] |[^r]e |[^eh]re )\b(?:is|are|was|were) no (?:[a-qs-z]|[a-z]+ [a-z])",
        "write `is not a valid X`",
    ),
    (
        r"(?:^|[.:] )The same\b|\bthe same, but\b|\b[Ll]ikewise\b",
        "repeat the noun and name the difference",
    ),
    (r"\b(?:in|of|from|into) life\b", "write `AWS`, `the live account` or `the recorded value`"),
    (
        r"\b(?:[Ss]ome|[Nn]o|[Aa]ny|[Ee]very)body\b|\b[Ss]trangers?\b|\b[Ww]hoever\b",
        "name the client, the caller, the test or the request",
    ),
    (
        r"\b(?:is|are|was|were|be|been) (?:told|said)\b|\bstands? (?:in|at|on|behind|before|beside|there)\b",
        "write `contains`, `returns`, `has`, `is in`, `represents`",
    ),
    (
        r"\b(?:gives|says|tells) (?:it|back|the|a|an|what|who|which|whether|how)\b",
        "write `returns`, `shows`, `sets`",
    ),
];

/// Words that begin a function's first line and end like a verb in the third person.
const NO_VERBS: &[&str] = &["This", "Its", "Whereas", "Always", "As", "Is", "Has", "Does"];

/// Pages whose English is held.
const PAGES: &[&str] = &[
    "kms-fixture/src/docs",
    "kms-fixture/examples",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "cassettes",
];

/// The lines of a file that people read, with their numbers: comments, and texts within quotes.
fn read_by_people(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, line) in source.text.lines().enumerate() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix("//") {
            found.push((at + 1, comment.trim_start_matches(['/', '!']).trim().to_owned()));
            continue;
        }
        let (code, comment) = line.split_once(" // ").unwrap_or((line, ""));
        if !comment.is_empty() {
            found.push((at + 1, comment.to_owned()));
        }
        let quoted = code.split('"').skip(1).step_by(2);
        // A text with a blank is a sentence or a part of one.
        found.extend(quoted.filter(|it| it.contains(' ')).map(|it| (at + 1, it.to_owned())));
    }
    found
}

fn refused() -> Vec<(Regex, &'static str)> {
    REFUSED.iter().map(|(it, instead)| (Regex::new(it).unwrap(), *instead)).collect()
}

fn check(place: &str, lines: &[(usize, String)], wrong: &mut Vec<String>) {
    for (expression, instead) in &refused() {
        for (at, line) in lines {
            if let Some(found) = expression.find(line) {
                wrong.push(format!("{place}:{at}: `{}`: {instead}", found.as_str().trim()));
            }
        }
    }
}

#[test]
fn comments_and_texts_are_plain_english() {
    let mut wrong = Vec::new();
    for (root, sources) in [("kms-fixture/src", library()), ("kms-fixture-macros/src", macros())] {
        for source in sources.values() {
            check(&format!("{root}/{}", source.path), &read_by_people(source), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of them\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn pages_are_plain_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut wrong = Vec::new();
    for page in PAGES {
        let page = root.join(page);
        let pages = if page.is_dir() { files(&page, "md") } else { vec![page] };
        for page in pages {
            let text = std::fs::read_to_string(&page).unwrap();
            let lines: Vec<_> = text
                .lines()
                .enumerate()
                .map(|(at, line)| {
                    (at + 1, line.trim_start_matches(['#', '*', '|', '-', ' ']).to_owned())
                })
                .collect();
            let place = page.strip_prefix(&root).unwrap().to_string_lossy();
            check(&place, &lines, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of them\n{}", wrong.len(), wrong.join("\n"));
}

/// "Returns the grant", not "The grant".
#[test]
fn a_function_s_first_line_is_a_verb() {
    let mut wrong = Vec::new();
    let function =
        Regex::new(r"^\s*(?:pub(?:\([a-z: ]+\))? )?(?:const )?(?:async )?(?:unsafe )?fn (\w+)")
            .unwrap();
    for (root, sources) in [("kms-fixture/src", library()), ("kms-fixture-macros/src", macros())] {
        for source in sources.values() {
            let mut first: Option<(usize, String)> = None;
            for (at, line) in source.text.lines().enumerate() {
                let trimmed = line.trim();
                if let Some(doc) = trimmed.strip_prefix("/// ") {
                    first.get_or_insert_with(|| (at + 1, doc.to_owned()));
                } else if trimmed == "///" || trimmed.starts_with("#[") || trimmed.starts_with("//")
                {
                    // Between a doc comment and its function.
                } else {
                    if let (Some((at, doc)), Some(name)) = (&first, function.captures(line)) {
                        let word = doc.split([' ', ',', ':', '.']).next().unwrap_or_default();
                        let is_verb = word.ends_with('s')
                            && word.starts_with(char::is_uppercase)
                            && !NO_VERBS.contains(&word);
                        if !is_verb {
                            let (path, name) = (&source.path, &name[1]);
                            wrong.push(format!("{root}/{path}:{at}: `{name}`: {doc}"));
                        }
                    }
                    first = None;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them\n{}", wrong.len(), wrong.join("\n"));
}
