//! The file of a recording that is under way, beside its cassette. A killed process leaves it behind.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::replace::{folder, lock};
use crate::error::Error;
use crate::file::SMALL;

/// The extension.
const RUN: &str = "run";
/// How many recordings of one cassette can be under way at once.
const MOST: usize = 16;

/// The file of a recording under way. It is locked as long as its process lives.
#[derive(Debug)]
pub(crate) struct RunFile {
    path: PathBuf,
    file: File,
}

/// The state of a file at a path.
enum Found {
    Nothing,
    /// Its process lives.
    Alive,
    /// Its process is dead; this is its text.
    Dead(RunFile, String),
}

impl RunFile {
    /// Makes the file of a recording of `cassette`.
    ///
    /// # Errors
    ///
    /// A killed recording has left a file behind of which `is_harmless` is not true: `recover` is the command for it. A
    /// file that cannot be written.
    pub(crate) fn create(
        cassette: &Path,
        is_harmless: impl Fn(&str) -> bool,
        recover: &str,
    ) -> Result<Self, Error> {
        let _lock =
            lock(folder(cassette)).map_err(|it| failed("lock the folder of", cassette, &it))?;
        let mut free = None;
        for path in places(cassette) {
            match find(&path)? {
                Found::Alive => {}
                Found::Nothing => free = free.or(Some(path)),
                Found::Dead(dead, text) if is_harmless(&text) => dead.delete_locked()?,
                Found::Dead(dead, _) => {
                    return Err(Error::new(format!(
                        "a recording was killed, and grants of it may be left: {} is its journal",
                        dead.path.display()
                    ))
                    .help(format!(
                        "run `{recover}`, which ends them, with the `--upstream` of the recording if it was not AWS"
                    )));
                }
            }
        }
        // A harmless one was deleted.
        let free = free.or_else(|| places(cassette).find(|it| !it.exists()));
        let path = free.ok_or_else(|| {
            Error::new(format!("{MOST} recordings of {} are under way", cassette.display()))
        })?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        for_the_owner(&mut options);
        let file = options.open(&path).map_err(|it| failed("make", &path, &it))?;
        file.try_lock().map_err(|it| failed("lock", &path, &it.into()))?;
        Ok(Self { path, file })
    }

    /// Adds a line.
    pub(crate) fn append(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(format!("{line}\n").as_bytes())
    }

    /// Waits until the lines are on the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Returns the time since the last line was written, if the file system knows it.
    pub(crate) fn age(&self) -> Option<Duration> {
        self.file.metadata().ok()?.modified().ok()?.elapsed().ok()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Deletes the file.
    pub(crate) fn delete(self) -> Result<(), Error> {
        let _lock = lock(folder(&self.path));
        self.delete_locked()
    }

    fn delete_locked(self) -> Result<(), Error> {
        match fs::remove_file(&self.path) {
            Err(error) if !is_absent(&error) => Err(failed("delete", &self.path, &error)),
            _ => Ok(()),
        }
    }
}

/// Returns the files that killed recordings of `cassette` have left behind, with their texts.
///
/// # Errors
///
/// A file that cannot be read.
pub(crate) fn left_behind(cassette: &Path) -> Result<Vec<(RunFile, String)>, Error> {
    let _lock = lock(folder(cassette)).map_err(|it| failed("lock the folder of", cassette, &it))?;
    let mut dead = Vec::new();
    for path in places(cassette) {
        if let Found::Dead(file, text) = find(&path)? {
            dead.push((file, text));
        }
    }
    Ok(dead)
}

/// Returns whether a file has the name of a recording under way.
pub(crate) fn is_run(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == RUN)
}

/// Returns the cassette of a recording that was killed, if this is its file; nothing if the recording is under way.
pub(crate) fn cassette_of_dead(path: &Path) -> Option<PathBuf> {
    let _lock = lock(folder(path));
    match find(path) {
        Ok(Found::Alive | Found::Nothing) => None,
        Ok(Found::Dead(..)) | Err(_) => {
            let stem = path.with_extension("");
            let number = stem.extension().and_then(|it| it.to_str()?.parse::<usize>().ok());
            Some(if number.is_some() { stem.with_extension("") } else { stem })
        }
    }
}

/// Returns the places for files of recordings of `cassette`: `tape.json.run`, `tape.json.2.run` and so on.
fn places(cassette: &Path) -> impl Iterator<Item = PathBuf> {
    (1..=MOST).map(|number| {
        let mut name = cassette.as_os_str().to_owned();
        name.push(if number == 1 { format!(".{RUN}") } else { format!(".{number}.{RUN}") });
        name.into()
    })
}

/// Looks at a place. The folder must be locked.
fn find(path: &Path) -> Result<Found, Error> {
    let cannot = |it: io::Error| failed("read", path, &it);
    match fs::symlink_metadata(path) {
        Err(error) if is_absent(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(cannot(error)),
        Ok(it) if !it.is_file() => {
            return Err(cannot(io::Error::other("it is not a regular file")));
        }
        Ok(_) => {}
    }
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(cannot)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return Ok(Found::Alive),
        Err(TryLockError::Error(error)) => return Err(cannot(error)),
        Ok(()) => {}
    }
    let mut bytes = Vec::new();
    (&mut file).take(SMALL).read_to_end(&mut bytes).map_err(cannot)?;
    file.seek(io::SeekFrom::End(0)).map_err(cannot)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Found::Dead(RunFile { path: path.to_owned(), file }, text))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::new(format!("cannot {what} {}: {error}", path.display()))
}

/// Makes new files readable only by their owner.
#[cfg(unix)]
fn for_the_owner(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn for_the_owner(_: &mut OpenOptions) {}
