//! `kms-fixture init`: a start in the current folder. It overwrites nothing, and a second run changes nothing.

mod hook;

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::announce::println;
use super::{Verdict, schema, terminal};
use crate::error::Error;
use crate::file;

const SETTINGS: &str = include_str!("settings.toml");
const FIRST_TEST: &str = include_str!("first_test.txt");
const SCENARIO: &str = include_str!("scenario.json");

/// The files that recordings and failing tests leave, and that are not committed.
const IGNORED: &[&str] = &[
    "*.json.new",
    "*.json.run",
    "*.json.*.run",
    ".kms-fixture-*.tmp",
    "*.snap.new",
    "*.pending-snap",
];

/// The dependencies of the first test.
const NEEDED: [&str; 2] = ["kms-fixture", "aws-sdk-kms"];

#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// Also writes a pre-commit hook of git that checks the cassettes.
    #[arg(long)]
    hook: bool,
}

impl Init {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let manifest = manifest()?;
        write_new(Path::new("kms-fixture.toml"), SETTINGS)?;
        ignore()?;
        if manifest.is_some() {
            write_new(Path::new("tests/kms.rs"), FIRST_TEST)?;
        } else {
            write_new(Path::new("scenario.json"), SCENARIO)?;
            write_new(Path::new("scenario.schema.json"), schema::SCENARIO)?;
        }
        if self.hook {
            hook::write()?;
        }
        terminal::note("");
        match manifest {
            Some(manifest) => next_in_package(&manifest),
            None => terminal::note("Next:\n  kms-fixture serve --scenario scenario.json"),
        }
        Ok(Verdict::Good)
    }
}

/// Shows the next steps in a Rust package.
fn next_in_package(manifest: &toml::Table) {
    let has = |name: &str| {
        ["dev-dependencies", "dependencies"]
            .iter()
            .any(|it| manifest.get(*it).is_some_and(|it| it.get(name).is_some()))
    };
    let missing: Vec<_> = NEEDED.into_iter().filter(|it| !has(it)).collect();
    terminal::note("Next:");
    if !missing.is_empty() {
        terminal::note(&format!("  cargo add --dev {}", missing.join(" ")));
    }
    terminal::note("  cargo test --test kms");
}

/// Reads the manifest of the package in this folder, if there is one.
fn manifest() -> Result<Option<toml::Table>, Error> {
    let path = Path::new("Cargo.toml");
    if !path.is_file() {
        return Ok(None);
    }
    let text = file::text(path, file::SMALL).map_err(|it| cannot("read", path, &it))?;
    let manifest: toml::Table =
        toml::from_str(&text).map_err(|it| Error::new(format!("Cargo.toml is not valid: {it}")))?;
    if manifest.contains_key("package") {
        return Ok(Some(manifest));
    }
    Err(Error::new("Cargo.toml has no package")
        .help("run `kms-fixture init` in the folder of a package"))
}

/// Writes a file, unless it exists.
fn write_new(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|it| cannot("make the folder of", path, &it))?;
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).map_err(|it| cannot("write", path, &it))?;
            println(&format!("made {}", path.display()));
        }
        Err(it) if it.kind() == io::ErrorKind::AlreadyExists => {
            terminal::note(&format!("left {} as it is", path.display()));
        }
        Err(it) => return Err(cannot("write", path, &it)),
    }
    Ok(())
}

/// Adds the missing lines to `.gitignore`.
fn ignore() -> Result<(), Error> {
    let path = Path::new(".gitignore");
    let before = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(it) if it.kind() == io::ErrorKind::NotFound => String::new(),
        Err(it) => return Err(cannot("read", path, &it)),
    };
    let missing: Vec<_> =
        IGNORED.iter().filter(|it| !before.lines().any(|line| line.trim() == **it)).collect();
    if missing.is_empty() {
        terminal::note("left .gitignore as it is");
        return Ok(());
    }
    let mut added = String::new();
    if !before.is_empty() && !before.ends_with('\n') {
        added.push('\n');
    }
    added += "# kms-fixture and insta: recordings and snapshots to review, and files of runs under way\n";
    for line in missing {
        added += line;
        added.push('\n');
    }
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .map_err(|it| cannot("write", path, &it))?;
    file.write_all(added.as_bytes()).map_err(|it| cannot("write", path, &it))?;
    println(if before.is_empty() { "made .gitignore" } else { "added lines to .gitignore" });
    Ok(())
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::new(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn the_scenario_is_valid() {
        let scenario: Scenario = serde_json::from_str(SCENARIO).unwrap();
        assert_eq!(scenario.keys.len(), 1);
    }
}
