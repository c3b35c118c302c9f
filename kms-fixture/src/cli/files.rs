//! The cassettes that a command works on.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The default folder of cassettes.
pub(super) const FOLDER: &str = "cassettes";

/// Finds the files in `paths` and every file that `wanted` accepts in its folders, sorted.
///
/// # Errors
///
/// Fails if a path does not exist or a folder cannot be read.
pub(super) fn find(
    paths: &[PathBuf],
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Error> {
    let default = [PathBuf::from(FOLDER)];
    let paths = if paths.is_empty() { &default } else { paths };
    let mut found = Vec::new();
    let mut folders = Vec::new();
    for path in paths {
        if path.is_dir() {
            folders.push(path.clone());
        } else if path.exists() {
            found.push(path.clone());
        } else {
            return Err(Error::new(format!("{} does not exist", path.display())));
        }
    }
    while let Some(folder) = folders.pop() {
        let cannot =
            |it: std::io::Error| Error::new(format!("cannot read {}: {it}", folder.display()));
        for entry in fs::read_dir(&folder).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            let path = entry.path();
            // A link to a folder may be a cycle.
            let is_link = entry.file_type().is_ok_and(|it| it.is_symlink());
            if path.is_dir() {
                if !is_link {
                    folders.push(path);
                }
            } else if wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Returns whether a file is a cassette.
pub(super) fn is_cassette(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "json")
}

/// Returns whether a file is a recording that is not accepted yet.
pub(super) fn is_pending(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "new")
}

/// Returns the cassette for the recording `FILE.new`, and any other path unchanged.
pub(super) fn cassette_of(path: &Path) -> PathBuf {
    if is_pending(path) { path.with_extension("") } else { path.to_owned() }
}
