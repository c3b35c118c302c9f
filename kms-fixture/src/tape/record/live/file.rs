//! `kms-fixture.toml`: its place and its contents.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::rules::{ForGood, OfKeyStores};
use crate::error::Error;
use crate::file;
use crate::model::{Arn, is_account_id};
use crate::scenario::check_session_name;
use crate::tape::variables::FILE;

/// The error for an account id of another form.
pub(super) const NO_ACCOUNT: &str = "an account is a text of twelve digits";

/// The live principal of a declared one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Principal {
    /// Its ARN, if STS should not be asked.
    pub(crate) arn: Option<String>,
    /// The profile that has its credentials, or those that assume the role.
    pub(crate) profile: Option<String>,
    /// The role that is assumed.
    pub(crate) role: Option<String>,
    /// The name of the role's session.
    pub(crate) session: Option<String>,
}

/// The file as written.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    #[serde(deserialize_with = "account")]
    pub(super) account: Option<String>,
    pub(super) region: Option<String>,
    pub(super) upstream: Option<String>,
    pub(super) keep: Vec<String>,
    pub(super) profile: Option<String>,
    pub(super) keys: BTreeMap<String, String>,
    pub(super) principals: BTreeMap<String, Principal>,
    pub(super) allow: BTreeMap<String, BTreeSet<ForGood>>,
    pub(super) custom_key_stores: BTreeSet<OfKeyStores>,
    pub(super) schedule_made_keys: bool,
}

impl File {
    /// Reads the text of the file at `path`.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|it| {
            let why = it.to_string();
            Error::new(format!("{} is not valid:\n{}", path.display(), why.trim_end()))
        })
    }
}

/// A principal as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    arn: Option<String>,
    profile: Option<String>,
    role: Option<String>,
    session: Option<String>,
}

impl TryFrom<Written> for Principal {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { arn, profile, role, session } = written;
        if arn.is_none() && profile.is_none() && role.is_none() {
            return Err("a principal needs a `profile`, a `role` or an `arn`".to_owned());
        }
        if let Some(role) = role.as_deref().filter(|it| !is_role(it)) {
            return Err(format!(
                "`{role}` is not the ARN of a role, `arn:aws:iam::<account>:role/<name>`"
            ));
        }
        if let Some(arn) = arn.as_deref().filter(|it| Arn::parse(it).is_none()) {
            return Err(format!("`{arn}` is not an ARN"));
        }
        if let Some(session) = &session {
            if role.is_none() {
                return Err("a `session` needs the `role` that is assumed".to_owned());
            }
            check_session_name(session).map_err(|it| it.to_string())?;
        }
        Ok(Self { arn, profile, role, session })
    }
}

fn account<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_account_id(&text) { Ok(Some(text)) } else { Err(D::Error::custom(NO_ACCOUNT)) }
}

/// Returns whether this is the ARN of a role.
pub(super) fn is_role(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|it| {
        it.service == "iam" && is_account_id(it.account) && it.resource.starts_with("role/")
    })
}

/// Returns the nearest file at or above `folder`.
pub(super) fn nearest(folder: &Path) -> Result<Option<(PathBuf, String)>, Error> {
    let failed =
        |path: &Path, it: io::Error| Error::new(format!("cannot read {}: {it}", path.display()));
    let folder = std::path::absolute(folder).map_err(|it| failed(folder, it))?;
    for folder in folder.ancestors() {
        let path = folder.join(FILE);
        match file::text(&path, file::SMALL) {
            Ok(text) => return Ok(Some((path, text))),
            // `folder` may have a file among its ancestors.
            Err(it)
                if matches!(it.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(it) => return Err(failed(&path, it)),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FILE, File};

    #[test]
    fn invalid_settings_are_refused_with_their_line() {
        let role = "worker = { role = 'arn:aws:iam::123456789012:user/worker' }";
        for (wrong, part_of_error) in [
            ("acount = '1'", "expected one of `account`, `region`"),
            ("account = '12345678901'", "twelve digits"),
            ("account = 123456789012", "expected a string"),
            ("[principals]\njanitor = { profil = 'x' }", "`profile`"),
            ("[principals]\njanitor = {}", "needs a `profile`"),
            ("[principals]\njanitor = { profile = 'x', session = 's1' }", "needs the `role`"),
            (&format!("[principals]\n{role}"), "not the ARN of a role"),
            ("[allow]\norders = ['EnableKey']", "`DeleteAlias`"),
            ("custom_key_stores = ['DisableKey']", "`ConnectCustomKeyStore`"),
            ("schedule_made_keys = 'yes'", "boolean"),
            ("keep = ", "TOML"),
        ] {
            let refused = File::parse(Path::new(FILE), wrong).err().unwrap().to_string();
            let line = format!("line {}", wrong.lines().count());
            for part in [part_of_error, FILE, &line] {
                assert!(refused.contains(part), "{wrong} lacks {part}: {refused}");
            }
        }
    }

    #[test]
    fn the_file_of_init_sets_nothing_and_its_lines_are_valid_settings() {
        let text = include_str!("../../../cli/init/settings.toml");
        assert!(text.lines().all(|it| it.is_empty() || it.starts_with("# ")));
        let is_setting = |it: &&str| it.contains(" = ") || it.starts_with('[');
        let lines = text.lines().filter_map(|it| it.strip_prefix("# ")).filter(is_setting);
        let lines: Vec<_> = lines.collect();
        assert!(lines.len() > 10, "{lines:?}");
        File::parse(Path::new(FILE), &lines.join("\n")).unwrap();
    }
}
