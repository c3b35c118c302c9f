//! A room names only the rooms below it, and so does what is in it; no files go in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, library, macros};

/// Which rooms each room may name after `crate::`, from the ground up; `ARCHITECTURE.md` has the picture. Within `kms`
/// and `tape` there are layers, too.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("file", &[]),
    ("api", &[]),
    ("model", &["api"]),
    ("scenario", &["api", "error", "file", "model"]),
    ("wire", &["wire::exchange"]),
    ("wire::exchange", &[]),
    ("wire::server", &["wire::exchange"]),
    ("kms::arrival", &[]),
    ("kms::body", &[]),
    ("kms::clock", &[]),
    ("kms::evidence", &["model"]),
    ("kms::ids", &[]),
    ("kms::policy", &[]),
    ("kms::error", &["api", "kms::evidence"]),
    ("kms::journal", &["kms::body", "kms::evidence"]),
    ("kms::quotas", &["api", "kms::evidence"]),
    ("kms::crypto", &["model"]),
    ("kms::principals", &["kms::arrival", "kms::crypto", "kms::ids", "kms::policy", "model"]),
    (
        "kms::store",
        &[
            "kms::arrival",
            "kms::crypto",
            "kms::ids",
            "kms::policy",
            "kms::principals",
            "kms::quotas",
            "model",
        ],
    ),
    (
        "kms::authz",
        &[
            "kms::error",
            "kms::evidence",
            "kms::ids",
            "kms::policy",
            "kms::principals",
            "kms::store",
            "model",
        ],
    ),
    (
        "kms::ops",
        &[
            "api",
            "kms::arrival",
            "kms::authz",
            "kms::body",
            "kms::clock",
            "kms::crypto",
            "kms::error",
            "kms::evidence",
            "kms::ids",
            "kms::policy",
            "kms::principals",
            "kms::store",
            "model",
        ],
    ),
    (
        "kms::protocol",
        &[
            "api",
            "kms::crypto",
            "kms::body",
            "kms::error",
            "kms::evidence",
            "kms::ids",
            "kms::ops",
            "kms::principals",
            "model",
            "wire::exchange",
        ],
    ),
    (
        "kms::sts",
        &[
            "kms::arrival",
            "kms::authz",
            "kms::error",
            "kms::evidence",
            "kms::policy",
            "kms::principals",
            "kms::store",
            "model",
            "wire::exchange",
        ],
    ),
    (
        "kms::fake",
        &[
            "kms::body",
            "kms::clock",
            "kms::error",
            "kms::evidence",
            "kms::journal",
            "kms::ops",
            "kms::principals",
            "kms::protocol",
            "kms::store",
            "kms::sts",
            "model",
            "wire::exchange",
        ],
    ),
    ("tape::redact", &["api", "error", "file", "kms::ids", "model", "scenario"]),
    ("tape::passing", &[]),
    ("tape::names", &["model", "tape::passing"]),
    ("tape::variables", &[]),
    ("tape::words", &[]),
    ("tape::translation", &["api", "kms::journal", "scenario", "tape::names", "tape::redact"]),
    ("tape::cassette", &["api", "error", "file", "scenario", "tape::redact"]),
    (
        "tape::shadow",
        &[
            "api",
            "kms::fake",
            "kms::ids",
            "kms::principals",
            "kms::protocol",
            "kms::store",
            "model",
            "scenario",
            "tape::cassette",
            "tape::names",
            "tape::redact",
            "tape::words",
        ],
    ),
    (
        "tape::replay",
        &[
            "kms::error",
            "kms::evidence",
            "kms::fake",
            "kms::journal",
            "kms::protocol",
            "model",
            "tape::cassette",
            "tape::translation",
            "tape::names",
            "tape::redact",
            "tape::shadow",
            "wire::exchange",
            "tape::words",
        ],
    ),
    (
        "tape::record",
        &[
            "api",
            "error",
            "file",
            "kms::clock",
            "kms::error",
            "kms::fake",
            "kms::ids",
            "kms::journal",
            "model",
            "scenario",
            "tape::cassette",
            "tape::redact",
            "tape::shadow",
            "tape::variables",
            "wire::exchange",
            "wire::server",
        ],
    ),
    ("fixture", &["api", "error", "file", "kms", "model", "scenario", "tape", "wire"]),
    (
        "probe",
        &[
            "error",
            "fixture",
            "kms::clock",
            "model",
            "scenario",
            "tape::record",
            "tape::variables",
            "tape::words",
        ],
    ),
    (
        "cli",
        &["api", "error", "file", "fixture", "kms", "model", "probe", "scenario", "tape", "wire"],
    ),
    ("bin", &[]),
];

/// Returns the layer that a path is in, or none for `lib.rs`, the rooms' own files and names of the root.
fn layer(path: &[String]) -> Option<&'static str> {
    let matches = |it: &str| {
        let segments: Vec<_> = it.split("::").collect();
        path.len() >= segments.len() && path.iter().zip(&segments).all(|(one, other)| one == other)
    };
    let found = LAYERS.iter().map(|(name, _)| *name).filter(|it| matches(it));
    found.max_by_key(|it| it.len())
}

fn allows(allowed: &[&str], named: &str) -> bool {
    let is_within = |it: &&str| named.strip_prefix(*it).is_some_and(|it| it.starts_with("::"));
    allowed.iter().any(|it| *it == named || is_within(it))
}

#[test]
fn a_module_names_only_what_is_below_it() {
    let mut wrong = Vec::new();
    for source in library().values().filter(|it| !it.is_test()) {
        if source.module.len() < 2 && source.is_index() {
            continue; // the contents of the crate or of a room
        }
        let own = layer(&source.module).unwrap_or_else(|| panic!("`{}` has no layer", source.path));
        let (_, allowed) = LAYERS.iter().find(|(name, _)| *name == own).unwrap();
        for (line, path) in source.names() {
            match layer(&path) {
                Some(named) if named == own || allows(allowed, named) => {}
                Some(named) => {
                    wrong.push(format!("src/{}:{line}: `{own}` names `{named}`", source.path));
                }
                None => wrong.push(format!(
                    "src/{}:{line}: `{}` is named by a way that no layer has",
                    source.path,
                    path.join("::")
                )),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_layers_have_no_circle() {
    for (at, (module, allowed)) in LAYERS.iter().enumerate() {
        for name in *allowed {
            let is_it = |it: &str| {
                it == *name || it.strip_prefix(name).is_some_and(|it| it.starts_with("::"))
            };
            let named: Vec<_> = LAYERS.iter().enumerate().filter(|(_, it)| is_it(it.0)).collect();
            assert!(!named.is_empty(), "`{module}` may name `{name}`, which is no layer");
            for (other, _) in named {
                assert!(
                    other < at || *module == "wire",
                    "`{module}` names `{name}`, which is not below it"
                );
            }
        }
    }
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    for sources in [library(), macros()] {
        let circles = circles(&sources);
        assert!(circles.is_empty(), "{}", circles.join("\n"));
    }
}

/// Returns each circle of files, as their paths. A folder's own file is its contents: to name what it shows from one of
/// its files is to name that file, and its own items are everybody's.
fn circles(sources: &BTreeMap<String, Source>) -> Vec<String> {
    let by_module: BTreeMap<&[String], &Source> =
        sources.values().map(|it| (it.module.as_slice(), it)).collect();
    let files: Vec<_> = sources.values().filter(|it| !it.is_index() && !it.is_test()).collect();
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in &files {
        let targets = source.names().into_iter().filter_map(|(_, path)| file_of(&path, &by_module));
        let targets = targets.filter(|it| *it != source.path && !it.ends_with("tests.rs"));
        named.insert(&source.path, targets.collect());
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        named.keys().map(|it| (*it, reach(it, &named))).collect();
    let mut found = BTreeSet::new();
    for (file, reaches) in &reached {
        if reaches.contains(file) {
            let circle = reaches.iter().filter(|it| reached[*it].contains(file));
            found.insert(circle.copied().collect::<Vec<_>>().join(", "));
        }
    }
    found.into_iter().collect()
}

fn reach<'a>(from: &str, named: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = named[from].iter().copied().collect();
    while let Some(file) = open.pop() {
        if found.insert(file) {
            open.extend(named.get(file).into_iter().flatten().copied());
        }
    }
    found
}

/// Returns the file that has what `path` names, unless that is a folder's own.
fn file_of<'a>(path: &[String], by_module: &BTreeMap<&[String], &'a Source>) -> Option<&'a str> {
    let (module, source) =
        (0..=path.len()).rev().find_map(|it| Some((it, *by_module.get(&path[..it])?)))?;
    if !source.is_index() {
        return Some(&source.path);
    }
    // What a folder shows of its files.
    let item = path.get(module)?;
    let shown = source.text.lines().collect::<Vec<_>>().join(" ");
    for part in shown.split("use ").skip(1) {
        let Some((part, _)) = part.split_once(';') else { continue };
        let part = part.trim_start_matches("self::");
        let words = part.split(|it: char| !it.is_alphanumeric() && it != '_');
        let Some((child, _)) = part.split_once("::") else { continue };
        if words.skip(1).any(|it| it == item) {
            let mut child_path = path[..module].to_vec();
            child_path.push(child.to_owned());
            if by_module.contains_key(child_path.as_slice()) {
                child_path.push(item.clone());
                return file_of(&child_path, by_module);
            }
        }
    }
    None
}
