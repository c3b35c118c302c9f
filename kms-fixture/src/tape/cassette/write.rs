//! Writing a cassette: its canonical text, and its place beside the recording that is not accepted yet.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::place::pending;
use super::replace::{self, folder};
use super::{Cassette, FORMAT, read};
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
    "verdict",
    "keep",
    "ordered",
    "scenario",
    "found",
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

/// The room that a recording needs at least.
const ROOM: u64 = 1 << 20;

/// Makes the folder of a cassette, and checks before the recording that it is writable and has room for another one.
pub(crate) fn make_room(cassette: &Path) -> Result<(), Error> {
    let folder = folder(cassette);
    fs::create_dir_all(folder).map_err(|it| failed("cannot make the folder of", cassette, &it))?;
    let _lock = locked(folder)?;
    let last = fs::metadata(cassette).map_or(0, |it| it.len());
    replace::try_to_fill(folder, ROOM.max(2 * last))
        .map_err(|it| failed("cannot write beside", cassette, &it))
}

/// Writes a recording that cannot be written beside `cassette` into a new temporary folder. Returns its path there.
pub(crate) fn write_elsewhere(cassette: &Path, text: &str) -> Result<PathBuf, Error> {
    let name = pending(cassette);
    let name = name.file_name().unwrap_or_default();
    let folder = replace::temporary_folder()
        .map_err(|it| Error::new(format!("cannot make a temporary folder: {it}")))?;
    let path = folder.path().join(name);
    fs::write(&path, text).map_err(|it| failed("cannot write", &path, &it))?;
    let _ = folder.keep();
    Ok(path)
}

/// Writes `text` as the pending recording for `cassette`.
pub(crate) fn write_pending(cassette: &Path, text: &str) -> Result<(), Error> {
    write_like(&pending(cassette), text, cassette)
}

/// Replaces `cassette` by its pending recording. Returns whether there was one.
pub(crate) fn promote(cassette: &Path) -> Result<bool, Error> {
    if !folder(cassette).is_dir() {
        return Ok(false);
    }
    // If several processes accept at once, one finds the file.
    let _lock = locked(folder(cassette))?;
    promote_locked(cassette)
}

/// Replaces `cassette` by its pending recording, if that still has the text that was reviewed. Returns whether there was
/// one.
///
/// # Errors
///
/// Another recording has taken its place.
#[cfg(feature = "cli")]
pub(crate) fn promote_reviewed(cassette: &Path, text: &str) -> Result<bool, Error> {
    let _lock = locked(folder(cassette))?;
    Ok(is_as_reviewed(cassette, text)? && promote_locked(cassette)?)
}

/// Deletes the pending recording for `cassette`, if it still has the text that was reviewed. Returns whether there was one.
///
/// # Errors
///
/// Another recording has taken its place.
#[cfg(feature = "cli")]
pub(crate) fn discard_reviewed(cassette: &Path, text: &str) -> Result<bool, Error> {
    let _lock = locked(folder(cassette))?;
    Ok(is_as_reviewed(cassette, text)? && discard(cassette)?)
}

#[cfg(feature = "cli")]
fn is_as_reviewed(cassette: &Path, text: &str) -> Result<bool, Error> {
    let new = pending(cassette);
    match read::text(&new) {
        Ok(now) if now == text => Ok(true),
        Ok(_) => Err(Error::new(format!("{} was recorded again meanwhile", new.display()))
            .help("skip it, and review the new recording")),
        Err(it) if it.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(it) => Err(failed("cannot read", &new, &it)),
    }
}

/// Replaces `cassette` by its pending recording. The folder is locked.
fn promote_locked(cassette: &Path) -> Result<bool, Error> {
    let new = pending(cassette);
    if !new.is_file() {
        return Ok(false);
    }
    // An unreadable file is not promoted.
    let mut recording = Cassette::load(&new)?;
    let cannot = |it: io::Error| failed("cannot promote", &new, &it);
    let target = replace::target(cassette).map_err(cannot)?;
    let is_here = fs::canonicalize(folder(&target)).map_err(cannot)?
        == fs::canonicalize(folder(&new)).map_err(cannot)?;
    let has_verdict = !recording.verdict.is_empty();
    if is_here && !new.is_symlink() && !has_verdict {
        replace::rename(&new, &target).map_err(cannot)?;
        return Ok(true);
    }
    let text = if has_verdict {
        // The verdict is about the recording; a cassette that was accepted has none.
        recording.verdict.clear();
        recording.to_text()?
    } else {
        read::text(&new).map_err(cannot)?
    };
    // Behind a symbolic link may be another file system.
    let _other = if is_here { None } else { Some(locked(folder(&target))?) };
    replace::replace(&target, &text, &new).map_err(cannot)?;
    fs::remove_file(&new).map_err(cannot)?;
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

/// Reads the cassette at `path`, changes it and writes it, under one lock, so that processes that do so at the same time
/// lose nothing.
///
/// # Errors
///
/// A file that is not a cassette, or cannot be written: `path` is then unchanged.
#[cfg(feature = "cli")]
pub(crate) fn amend(path: &Path, change: impl FnOnce(&mut Cassette)) -> Result<(), Error> {
    let cannot = |it: io::Error| failed("cannot write", path, &it);
    let target = replace::target(path).map_err(cannot)?;
    let _lock = locked(folder(&target))?;
    let mut cassette = Cassette::load(path)?;
    change(&mut cassette);
    replace::replace(&target, &cassette.to_text()?, path).map_err(cannot)
}

/// Writes `text` to `path`, or to the file that it links to, through a temporary file.
///
/// # Errors
///
/// A folder that cannot be made, a full disk: `path` is then unchanged.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    write_like(path, text, path)
}

/// Writes `text` to `path`; a new file has the mode of `model`, if that exists.
fn write_like(path: &Path, text: &str, model: &Path) -> Result<(), Error> {
    let cannot = |it: io::Error| failed("cannot write", path, &it);
    let target = replace::target(path).map_err(cannot)?;
    let folder = folder(&target);
    fs::create_dir_all(folder).map_err(|it| failed("cannot make the folder of", path, &it))?;
    let _lock = locked(folder)?;
    replace::replace(&target, text, model).map_err(cannot)
}

/// Locks a folder against other processes, until the file is dropped, and deletes what killed ones have left behind.
fn locked(folder: &Path) -> Result<File, Error> {
    let lock = replace::lock(folder).map_err(|it| failed("cannot lock", folder, &it))?;
    replace::sweep(folder);
    Ok(lock)
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::new(format!("{what} {}: {error}", path.display()))
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
