//! Reading files that others have written: regular files only, up to a limit.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// The largest scenario, policy or settings file.
pub(crate) const SMALL: u64 = 16 << 20;

/// Returns the text of the file at `path`.
///
/// # Errors
///
/// A file that cannot be read, is larger than `largest`, or is not UTF-8 text. A device or a pipe is not opened, because
/// it may never end.
pub(crate) fn text(path: &Path, largest: u64) -> io::Result<String> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(largest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        return Err(io::Error::other(format!("it is larger than {largest} bytes")));
    }
    String::from_utf8(bytes).map_err(|it| {
        let at = it.utf8_error().valid_up_to();
        io::Error::new(io::ErrorKind::InvalidData, format!("it is not UTF-8 text (byte {at})"))
    })
}

/// Returns whether the sources are those of an unpacked package, which has no cassettes and no fact sheet: the tests that
/// read these are for the repository.
#[cfg(test)]
pub(crate) fn is_packaged() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(".cargo_vcs_info.json").exists()
}
