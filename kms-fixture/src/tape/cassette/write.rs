//! Writing a cassette atomically: the file is the old one or the new one, whenever a process is killed.

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

/// Members of a cassette and of an interaction, in an order for readers.
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

/// Makes the folder of a cassette, and checks before the recording that it is writable.
pub(crate) fn make_room(cassette: &Path) -> Result<(), Error> {
    let folder = folder(cassette);
    fs::create_dir_all(folder).map_err(|it| failed("cannot make the folder of", cassette, &it))?;
    let try_it =
        tempfile::Builder::new().prefix(".kms-fixture-").suffix(".tmp").tempfile_in(folder);
    try_it.map(drop).map_err(|it| failed("cannot write beside", cassette, &it))
}

/// Writes `text` as the pending recording for `cassette`.
pub(crate) fn write_pending(cassette: &Path, text: &str) -> Result<(), Error> {
    write(&pending(cassette), text)
}

/// Replaces `cassette` by its pending recording. Returns whether there was one.
pub(crate) fn promote(cassette: &Path) -> Result<bool, Error> {
    let new = pending(cassette);
    if !folder(cassette).is_dir() {
        return Ok(false);
    }
    // If several processes accept at once, one finds the file.
    let _lock = lock(cassette)?;
    if !new.is_file() {
        return Ok(false);
    }
    // An unreadable file is not promoted.
    Cassette::load(&new)?;
    fs::rename(&new, cassette).map_err(|it| failed("cannot promote", &new, &it))?;
    sync_folder(cassette);
    Ok(true)
}

/// Deletes the pending recording for `cassette`. Returns whether there was one.
pub(crate) fn discard(cassette: &Path) -> Result<bool, Error> {
    let new = pending(cassette);
    match fs::remove_file(&new) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed("cannot delete", &new, &error)),
    }
}

/// Writes `text` to `path` through a temporary file beside it.
///
/// # Errors
///
/// A folder that cannot be made, a full disk: `path` is then unchanged.
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

/// Sets a cassette's permissions: temporary files are readable by their owner only.
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

/// Locks the folder against other processes, until the file is dropped.
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

/// Locks a file beside the cassette against other processes, where a folder cannot be opened.
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

/// Makes a rename survive a power failure, where the system supports that.
fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(folder(path)) {
        let _ = folder.sync_all();
    }
}

/// Returns the canonical text of a cassette.
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

/// A value whose members are written in a fixed order, independent of `serde_json`'s map.
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
