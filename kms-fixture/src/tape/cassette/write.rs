//! Writing a cassette: the old one or the new one, never another, whatever process is killed when.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};
use tempfile::NamedTempFile;

use super::place::pending;
use super::{Cassette, FORMAT};
use crate::error::Error;

/// Members of a cassette and of an interaction, in the order in which a person reads them.
const ORDER: &[&str] = &[
    "format",
    "version",
    "origin",
    "recorded",
    "recorder",
    "test",
    "seed",
    "keep",
    "ordered",
    "scenario",
    "names",
    "accepted",
    "interactions",
    "caller",
    "operation",
    "concurrent",
    "input",
    "status",
    "output",
    "opaque",
    "grade",
    "path",
    "reason",
];

/// Makes sure, before anything is recorded, that it can be written.
pub(crate) fn make_room(cassette: &Path) -> Result<(), Error> {
    let folder = folder(cassette);
    fs::create_dir_all(folder).map_err(|it| failed("cannot make the folder of", cassette, &it))?;
    let try_it =
        tempfile::Builder::new().prefix(".kms-fixture-").suffix(".tmp").tempfile_in(folder);
    try_it.map(drop).map_err(|it| failed("cannot write beside", cassette, &it))
}

/// Writes `text` as what has been recorded for `cassette` and not yet accepted.
pub(crate) fn write_pending(cassette: &Path, text: &str) -> Result<(), Error> {
    write(&pending(cassette), text)
}

/// Makes what has been recorded for `cassette` the cassette. Gives whether there was anything.
pub(crate) fn promote(cassette: &Path) -> Result<bool, Error> {
    let new = pending(cassette);
    if !folder(cassette).is_dir() {
        return Ok(false);
    }
    // Of several who accept the same, one finds it.
    let _lock = lock(cassette)?;
    if !new.is_file() {
        return Ok(false);
    }
    // A file that cannot be read is not promoted.
    Cassette::load(&new)?;
    fs::rename(&new, cassette).map_err(|it| failed("cannot promote", &new, &it))?;
    sync_folder(cassette);
    Ok(true)
}

/// Deletes what has been recorded for `cassette`. Gives whether there was anything.
pub(crate) fn discard(cassette: &Path) -> Result<bool, Error> {
    let new = pending(cassette);
    match fs::remove_file(&new) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed("cannot delete", &new, &error)),
    }
}

/// Writes `text` to `path` through a file of its own beside it.
///
/// # Errors
///
/// A folder that cannot be made, a full disk: `path` is then as it was.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = folder(path);
    fs::create_dir_all(folder).map_err(|it| failed("cannot make the folder of", path, &it))?;
    let _lock = lock(path)?;
    let write = || -> io::Result<()> {
        let mut file =
            tempfile::Builder::new().prefix(".kms-fixture-").suffix(".tmp").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        readable(&file)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|it| it.error)?;
        Ok(())
    };
    write().map_err(|it| failed("cannot write", path, &it))?;
    sync_folder(path);
    Ok(())
}

/// Temporary files are the owner's alone; a cassette is a file like others.
#[cfg(unix)]
fn readable(file: &NamedTempFile) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &NamedTempFile) -> io::Result<()> {
    Ok(())
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::new(format!("{what} {}: {error}", path.display()))
}

/// A lock that holds between processes, for as long as it is kept: that of the folder.
#[cfg(unix)]
fn lock(path: &Path) -> Result<File, Error> {
    let folder = folder(path);
    let open = || -> io::Result<File> {
        let file = File::open(folder)?;
        file.lock()?;
        Ok(file)
    };
    open().map_err(|it| failed("cannot lock", folder, &it))
}

/// Elsewhere a folder cannot be opened, and a file beside the cassette stands in for it.
#[cfg(not(unix))]
fn lock(path: &Path) -> Result<File, Error> {
    let file = folder(path).join(".kms-fixture.lock");
    let open = || -> io::Result<File> {
        let file = File::create(&file)?;
        file.lock()?;
        Ok(file)
    };
    open().map_err(|it| failed("cannot lock", &file, &it))
}

/// Makes a rename survive a power failure, where that can be asked for.
fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(folder(path)) {
        let _ = folder.sync_all();
    }
}

/// The canonical text of a cassette.
pub(super) fn text(cassette: &Value) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let mut serializer =
        Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"  "));
    let written = Canonical(cassette).serialize(&mut serializer);
    let text = written.ok().and_then(|()| String::from_utf8(bytes).ok());
    let mut text = text.ok_or_else(|| Error::new("a cassette cannot be written as JSON"))?;
    text.push('\n');
    Ok(text)
}

/// A value whose members are written in a fixed order, whatever map `serde_json` was built with.
struct Canonical<'a>(&'a Value);

impl Serialize for Canonical<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let ours = members.get("format").is_some_and(|it| it == FORMAT)
                    || members.contains_key("caller") && members.contains_key("status")
                    || members.contains_key("grade") && members.contains_key("reason");
                let mut sorted: Vec<_> = members.iter().collect();
                sorted.sort_by_key(|(member, _)| {
                    let place = ours.then(|| ORDER.iter().position(|it| it == member)).flatten();
                    (place.unwrap_or(usize::MAX), member.as_str())
                });
                serializer
                    .collect_map(sorted.into_iter().map(|(member, it)| (member, Canonical(it))))
            }
            Value::Array(values) => serializer.collect_seq(values.iter().map(Canonical)),
            other => other.serialize(serializer),
        }
    }
}
