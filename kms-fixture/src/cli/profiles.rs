//! `kms-fixture serve --profiles`: an AWS config file with a profile for each caller.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::Access;
use crate::error::Error;

/// The first line, by which a file is known as written by this command.
const FIRST: &str = "# Profiles of the callers of a kms-fixture server, for AWS_CONFIG_FILE. Written by the server.";

/// Writes the profiles of `callers` into `path`. Only the file's owner can read it.
///
/// # Errors
///
/// A file that this command has not written; a folder that does not exist.
pub(super) fn write(path: &Path, callers: &[(String, Access)]) -> Result<(), Error> {
    let cannot = |it: std::io::Error| Error::new(format!("{}: cannot write: {it}", path.display()));
    match fs::read_to_string(path) {
        Ok(text) if is_file(path) && text.lines().next() == Some(FIRST) => {
            fs::remove_file(path).map_err(cannot)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Ok(_) | Err(_) => {
            return Err(Error::new(format!(
                "{}: the file exists, and `--profiles` has not written it",
                path.display()
            ))
            .help("name a new file: it becomes AWS_CONFIG_FILE, beside your own"));
        }
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(cannot)?;
    file.write_all(text(callers).as_bytes()).map_err(cannot)
}

/// Returns whether this is a file, and not a link or a device.
fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|it| it.is_file())
}

fn text(callers: &[(String, Access)]) -> String {
    let mut text = format!("{FIRST}\n");
    for (name, access) in callers {
        let _ = writeln!(text, "\n[profile {name}]");
        let _ = writeln!(text, "endpoint_url = {}", access.endpoint);
        let _ = writeln!(text, "region = {}", access.region);
        let _ = writeln!(text, "aws_access_key_id = {}", access.access_key_id);
        let _ = writeln!(text, "aws_secret_access_key = {}", access.secret_access_key);
        if let Some(token) = &access.session_token {
            let _ = writeln!(text, "aws_session_token = {token}");
        }
    }
    text
}
