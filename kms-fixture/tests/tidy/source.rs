//! The files of a crate, and the paths of its own modules that they name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One file.
pub(crate) struct Source {
    /// Below `src`, with `/` between folders.
    pub(crate) path: String,
    /// Where its items are: `["kms", "store"]` for `kms/store/mod.rs`.
    pub(crate) module: Vec<String>,
    pub(crate) text: String,
}

/// Returns the files of the library, by path.
pub(crate) fn library() -> BTreeMap<String, Source> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// Returns the files of the macro crate, by path.
pub(crate) fn macros() -> BTreeMap<String, Source> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../kms-fixture-macros/src"))
}

fn read(root: &Path) -> BTreeMap<String, Source> {
    let mut found = BTreeMap::new();
    for path in files(root, "rs") {
        let text = fs::read_to_string(&path).unwrap();
        let path = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let name = path.trim_end_matches(".rs").trim_end_matches("/mod");
        let module = match name {
            "lib" | "mod" => Vec::new(),
            name => name.split('/').map(str::to_owned).collect(),
        };
        found.insert(path.clone(), Source { path, module, text });
    }
    assert!(found.len() > 20, "the sources are somewhere else: {}", root.display());
    found
}

/// Returns every file below `root` with this ending.
pub(crate) fn files(root: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

impl Source {
    /// Whether the file is a folder's own: it lists what the folder has.
    pub(crate) fn is_index(&self) -> bool {
        self.path.ends_with("mod.rs") || self.path == "lib.rs"
    }

    /// Whether the file has nothing but unit tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.ends_with("tests.rs") || self.path.contains("/tests/")
    }

    /// Returns the lines of code with their numbers: no comments, no unit tests.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        numbered
            .take_while(|(_, line)| *line != "#[cfg(test)]")
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Returns every path in this crate that the code names, with its line: `use super::{a, b::C}` in `kms/store/keys.rs`
    /// names `kms::store::a` and `kms::store::b::C`.
    pub(crate) fn names(&self) -> Vec<(usize, Vec<String>)> {
        let lines: Vec<_> = self.code().collect();
        let code: String = lines.iter().flat_map(|(_, line)| [*line, "\n"]).collect();
        let mut found = Vec::new();
        for start in ["crate::", "super::", "self::"] {
            for (at, _) in code.match_indices(start) {
                if code[..at].ends_with(|it: char| it.is_alphanumeric() || "_:$".contains(it)) {
                    continue; // within another path
                }
                let line = lines[code[..at].matches('\n').count()].0;
                let mut leaves = Vec::new();
                tree(&code[at..], &mut Vec::new(), &mut leaves);
                found.extend(leaves.into_iter().map(|it| (line, self.absolute(&it))));
            }
        }
        found
    }

    /// Returns the path from the crate's root.
    fn absolute(&self, path: &[String]) -> Vec<String> {
        let mut module = self.module.clone();
        for segment in path {
            match segment.as_str() {
                "crate" => module.clear(),
                "self" => {}
                "super" => {
                    module.pop();
                }
                name => module.push(name.to_owned()),
            }
        }
        module
    }
}

/// Reads a path, which may end in a list of paths, into its leaves; returns what is left of the text.
fn tree<'a>(text: &'a str, prefix: &mut Vec<String>, leaves: &mut Vec<Vec<String>>) -> &'a str {
    let text = text.trim_start();
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if let Some(mut rest) = rest.strip_prefix('{').filter(|_| word.is_empty()) {
        while !rest.trim_start().starts_with('}') && !rest.trim_start().is_empty() {
            rest = tree(rest, prefix, leaves).trim_start();
            // What stands between two paths: `,`, `as name`, `*`.
            rest = rest.trim_start_matches(|it| it != ',' && it != '}');
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        return rest.trim_start().strip_prefix('}').unwrap_or_default();
    }
    prefix.push(word.to_owned());
    let rest = match rest.strip_prefix("::") {
        Some(rest) if rest.starts_with(|it: char| it.is_alphanumeric() || "_{".contains(it)) => {
            tree(rest, prefix, leaves)
        }
        _ => {
            leaves.push(prefix.clone());
            rest
        }
    };
    prefix.pop();
    rest
}

#[test]
fn paths_are_read_from_the_root() {
    let source = Source {
        path: "kms/store/keys.rs".to_owned(),
        module: ["kms", "store", "keys"].map(str::to_owned).into(),
        text:
            "use super::{a, b::{C, d as e}};\n// crate::no\nlet x = crate::model::Arn::parse(1);\n"
                .to_owned(),
    };
    let names: Vec<_> = source.names().into_iter().map(|(at, it)| (at, it.join("::"))).collect();
    let expected = [
        (3, "model::Arn::parse"),
        (1, "kms::store::a"),
        (1, "kms::store::b::C"),
        (1, "kms::store::b::d"),
    ];
    assert_eq!(names, expected.map(|(at, it)| (at, it.to_owned())));
}
