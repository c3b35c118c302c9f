//! The cassettes that a command is about.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Where cassettes are looked for if no path is said.
pub(super) const FOLDER: &str = "cassettes";

/// Every file that `wanted` takes, below the folders and among the files that were said, sorted.
///
/// # Errors
///
/// A path that does not exist, or a folder that cannot be read.
pub(super) fn find(
    said: &[PathBuf],
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Error> {
    let here = [PathBuf::from(FOLDER)];
    let said = if said.is_empty() { &here } else { said };
    let mut found = Vec::new();
    let mut folders = Vec::new();
    for path in said {
        if path.is_dir() {
            folders.push(path.clone());
        } else if path.is_file() {
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
            // A link to a folder may lead back here.
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

/// A cassette.
pub(super) fn is_cassette(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "json")
}

/// What was recorded and not yet accepted.
pub(super) fn is_pending(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "new")
}

/// The cassette that `FILE.new` was recorded for; any other path as it is.
pub(super) fn cassette_of(path: &Path) -> PathBuf {
    if is_pending(path) { path.with_extension("") } else { path.to_owned() }
}
