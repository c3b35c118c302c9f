//! The pre-commit hook of git.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::cannot;
use crate::error::Error;

/// Writes the hook, unless there is one.
///
/// # Errors
///
/// A folder that git does not know.
pub(super) fn write() -> Result<(), Error> {
    let hooks = git(&["rev-parse", "--git-path", "hooks"])?;
    let own = git(&["rev-parse", "--git-common-dir"])?;
    if !PathBuf::from(&hooks).starts_with(&own) {
        return Err(Error::new(format!("git takes the hooks of this repository from `{hooks}`"))
            .help("add there: kms-fixture --quiet check"));
    }
    let hook = PathBuf::from(hooks).join("pre-commit");
    let is_new = !hook.exists();
    super::write_new(&hook, &script(&git(&["rev-parse", "--show-prefix"])?))?;
    if is_new {
        make_executable(&hook)?;
    } else {
        super::terminal::note("to check the cassettes there, add: kms-fixture --quiet check");
    }
    Ok(())
}

/// Returns the script; git runs it at the top of the repository.
fn script(prefix: &str) -> String {
    let folder = format!("{prefix}cassettes").replace('\'', r"'\''");
    format!(
        "#!/bin/sh\n# kms-fixture: checks the cassettes before each commit.\n[ -d '{folder}' ] || exit 0\nexec \
         kms-fixture --quiet check '{folder}'\n"
    )
}

/// Asks git, and returns the line that it prints.
fn git(arguments: &[&str]) -> Result<String, Error> {
    let failed = |why: &str| {
        Error::new(format!("`git {}` failed: {}", arguments.join(" "), why.trim()))
            .help("run `git init` first, or leave out `--hook`")
    };
    let done = Command::new("git")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|it| failed(&it.to_string()))?;
    if !done.status.success() {
        return Err(failed(&String::from_utf8_lossy(&done.stderr)));
    }
    Ok(String::from_utf8_lossy(&done.stdout).trim_end_matches(['\n', '\r']).to_owned())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<(), Error> {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(path, Permissions::from_mode(0o755))
        .map_err(|it| cannot("make executable", path, &it))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<(), Error> {
    Ok(())
}
