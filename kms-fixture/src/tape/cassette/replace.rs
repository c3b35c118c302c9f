//! Replacing a file as a whole: it is the old one or the new one, whenever a process is killed.

use std::fs::{self, File, Permissions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

/// The ends of the name of a temporary file.
const PREFIX: &str = ".kms-fixture-";
const SUFFIX: &str = ".tmp";
/// The number of symbolic links that are followed from one file.
const MAX_LINKS: usize = 40;

/// Writes `text` to `target` through a temporary file beside it. An existing file keeps its mode; a new one has the mode
/// of `model`, or else that of the umask. The folder must be locked.
pub(super) fn replace(target: &Path, text: &str, model: &Path) -> io::Result<()> {
    let mode = mode(target).or_else(|| mode(model));
    let mut file = temporary(folder(target), mode.is_none())?;
    file.write_all(text.as_bytes())?;
    if let Some(mode) = mode {
        file.as_file().set_permissions(mode)?;
    }
    file.as_file().sync_all()?;
    file.persist(target).map_err(|it| it.error)?;
    sync(folder(target));
    Ok(())
}

/// Moves `new` to `target`, which keeps its mode. Both folders must be locked.
pub(super) fn rename(new: &Path, target: &Path) -> io::Result<()> {
    if let Some(mode) = mode(target)
        && self::mode(new) != Some(mode.clone())
    {
        fs::set_permissions(new, mode)?;
    }
    fs::rename(new, target)?;
    sync(folder(target));
    Ok(())
}

/// Returns the file behind symbolic links, which need not exist.
///
/// # Errors
///
/// A circle of links; a folder, a device or a pipe.
pub(super) fn target(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(next) = fs::read_link(&target) else {
            return match fs::metadata(&target) {
                Ok(it) if !it.is_file() => Err(io::Error::other("it is not a regular file")),
                _ => Ok(target),
            };
        };
        target = folder(&target).join(next);
    }
    Err(io::Error::other("it has too many symbolic links"))
}

/// Makes a temporary file with the mode that the umask leaves, or one that only its owner can read.
pub(super) fn temporary(folder: &Path, obeys_umask: bool) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    if obeys_umask {
        obey_umask(&mut builder);
    }
    builder.tempfile_in(folder)
}

/// Writes so many bytes into the folder, and deletes them. The folder must be locked.
pub(super) fn try_to_fill(folder: &Path, size: u64) -> io::Result<()> {
    let mut file = temporary(folder, false)?;
    io::copy(&mut io::repeat(b' ').take(size), &mut file)?;
    file.as_file().sync_all()
}

/// Makes a folder among the system's temporary files that only its owner can read.
pub(super) fn temporary_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("kms-fixture-");
    for_the_owner(&mut builder);
    builder.tempdir()
}

/// Returns whether a file has the name of a temporary one.
pub(crate) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().and_then(|it| it.to_str());
    name.is_some_and(|it| it.starts_with(PREFIX) && it.ends_with(SUFFIX))
}

/// Returns whether a process that was killed has left this temporary file behind. Waits for processes that write.
pub(crate) fn is_left_behind(path: &Path) -> bool {
    let _lock = lock(folder(path));
    path.exists()
}

/// Deletes the temporary files of processes that were killed. The folder must be locked: a living process locks it
/// while it has a temporary file.
pub(super) fn sweep(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|it| it.path()).filter(|it| is_temporary(it)) {
        // A file that cannot be deleted does no harm; `check` names it.
        let _ = fs::remove_file(path);
    }
}

/// Returns the folder of a file.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Locks a folder against other processes, until the file is dropped.
#[cfg(unix)]
pub(super) fn lock(folder: &Path) -> io::Result<File> {
    let file = File::open(folder)?;
    file.lock()?;
    Ok(file)
}

/// Locks a file in the folder against other processes, where a folder cannot be opened.
#[cfg(not(unix))]
pub(super) fn lock(folder: &Path) -> io::Result<File> {
    let file = File::create(folder.join(".kms-fixture.lock"))?;
    file.lock()?;
    Ok(file)
}

/// Makes a rename survive a power failure, where the system supports that.
fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Returns the mode of an existing file.
#[cfg(unix)]
fn mode(path: &Path) -> Option<Permissions> {
    fs::metadata(path).ok().map(|it| it.permissions())
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<Permissions> {
    None
}

/// Gives a temporary file the mode that the umask leaves.
#[cfg(unix)]
fn obey_umask(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn obey_umask(_: &mut tempfile::Builder<'_, '_>) {}

/// Gives a temporary folder the mode in which only its owner can read it.
#[cfg(unix)]
fn for_the_owner(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(Permissions::from_mode(0o700));
}

#[cfg(not(unix))]
fn for_the_owner(_: &mut tempfile::Builder<'_, '_>) {}
