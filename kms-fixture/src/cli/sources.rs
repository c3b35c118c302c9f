//! The sources next to cassettes, in which the tests of cassettes are looked for.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::file;

/// The sources next to cassettes, by workspace.
#[derive(Default)]
pub(super) struct Sources {
    functions: HashMap<PathBuf, String>,
}

impl Sources {
    /// Returns whether the workspace of the cassette contains a function with the test's name.
    pub(super) fn has_test(&mut self, cassette: &Path, test: &str) -> bool {
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
                let text = file::text(&path, file::SMALL).unwrap_or_default();
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
