//! The settings of a recording, from `kms-fixture.toml` and the environment: the live service and its callers.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{File, NO_ACCOUNT, Principal, is_role, nearest};
use super::rules::Rules;
use crate::error::Error;
use crate::file;
use crate::model::is_account_id;
use crate::tape::variables::{ACCOUNT, CONFIG, UPSTREAM, of_key, of_principal};

/// The settings of the live service; the environment takes precedence over the file.
pub(crate) struct Settings {
    /// The only account that may be recorded.
    pub(crate) account: Option<String>,
    /// The live Region. Default: that of the test.
    pub(crate) region: Option<String>,
    /// The URL of the service. Default: that of AWS.
    pub(crate) upstream: Option<String>,
    /// The members whose texts are kept.
    pub(crate) keep: Vec<String>,
    /// The administrator's profile.
    pub(crate) profile: Option<String>,
    /// The changes that are allowed besides changes of bound keys that can be undone.
    pub(crate) rules: Rules,
    /// The file that was read, if any.
    pub(crate) file: Option<PathBuf>,
    keys: BTreeMap<String, String>,
    principals: BTreeMap<String, Principal>,
    variable: Variable,
}

/// The environment, as a function of a variable's name.
type Variable = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

impl Settings {
    /// Reads `KMS_FIXTURE_CONFIG`, or the nearest `kms-fixture.toml` in `folder` and above it. Both are optional.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is not valid; an account that is not valid.
    pub(crate) fn load(
        folder: &Path,
        variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        // Scripts may leave empty variables behind.
        let variable: Variable =
            Arc::new(move |name| variable(name).filter(|it| !it.trim().is_empty()));
        let found = match variable(CONFIG) {
            Some(path) => {
                let path = PathBuf::from(path);
                let text = file::text(&path, file::SMALL).map_err(|it| {
                    Error::new(format!("cannot read {}: {it}", path.display()))
                        .help(format!("`{CONFIG}` names this file; correct or unset it"))
                })?;
                Some((path, text))
            }
            None => nearest(folder)?,
        };
        let (file, written) = match found {
            Some((path, text)) => {
                let written = File::parse(&path, &text)?;
                (Some(path), written)
            }
            None => (None, File::default()),
        };
        let account = match variable(ACCOUNT) {
            Some(it) if is_account_id(&it) => Some(it),
            Some(it) => return Err(Error::new(format!("`{ACCOUNT}={it}`: {NO_ACCOUNT}"))),
            None => written.account,
        };
        Ok(Self {
            account,
            region: written.region,
            upstream: variable(UPSTREAM).or(written.upstream),
            keep: written.keep,
            profile: written.profile,
            rules: Rules {
                allow: written.allow,
                custom_key_stores: written.custom_key_stores,
                schedule_made_keys: written.schedule_made_keys,
            },
            file,
            keys: written.keys,
            principals: written.principals,
            variable,
        })
    }

    /// Returns the live key, by id, ARN or alias, for the declared key `name`.
    pub(crate) fn key(&self, name: &str) -> Option<String> {
        (self.variable)(&of_key(name)).or_else(|| self.keys.get(name).cloned())
    }

    /// Returns the live keys that the file names.
    pub(crate) fn bound_keys(&self) -> impl Iterator<Item = &str> {
        self.keys.values().map(String::as_str)
    }

    /// Returns the live principal for the declared principal `name`.
    ///
    /// # Errors
    ///
    /// The environment has an ARN for it that is not the ARN of a role.
    pub(crate) fn principal(&self, name: &str) -> Result<Option<Principal>, Error> {
        let variable = of_principal(name);
        let Some(value) = (self.variable)(&variable) else {
            return Ok(self.principals.get(name).cloned());
        };
        if !value.starts_with("arn:") {
            return Ok(Some(Principal { profile: Some(value), ..Principal::default() }));
        }
        if !is_role(&value) {
            return Err(Error::new(format!("`{variable}={value}` is not the ARN of a role"))
                .help("write `arn:aws:iam::<account>:role/<name>`, or the name of a profile"));
        }
        Ok(Some(Principal { role: Some(value), ..Principal::default() }))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("file", &self.file)
            .field("account", &self.account)
            .field("upstream", &self.upstream)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Error, Principal, Settings};
    use crate::tape::variables::FILE;
    use crate::tape::variables::is_aws;

    const WHOLE: &str = r#"
account = "123456789012"
region = "eu-central-1"
upstream = "https://kms.eu-central-1.amazonaws.com"
keep = ["TagKey", "EncryptionContext"]
profile = "sandbox"
schedule_made_keys = true
custom_key_stores = ["ConnectCustomKeyStore"]
[keys]
orders = "alias/sandbox-orders"
[allow]
orders = ["DisableKey", "PutKeyPolicy"]
[principals]
janitor = { profile = "janitor" }
worker = { role = "arn:aws:iam::123456789012:role/worker", session = "tests" }
alice = { arn = "arn:aws:iam::123456789012:user/alice", profile = "alice" }
"#;

    fn load(folder: &Path, set: &'static [(&str, &str)]) -> Result<Settings, Error> {
        Settings::load(folder, move |name| {
            let found = set.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn written(text: &str, set: &'static [(&str, &str)]) -> Result<Settings, Error> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        load(folder.path(), set)
    }

    #[test]
    fn every_setting_of_the_file_is_read() {
        let settings = written(WHOLE, &[]).unwrap();
        assert_eq!(settings.account, Some("123456789012".into()));
        assert_eq!(settings.region, Some("eu-central-1".into()));
        assert_eq!(settings.profile, Some("sandbox".into()));
        assert_eq!(settings.keep, ["TagKey", "EncryptionContext"]);
        assert!(is_aws(&settings.upstream.clone().unwrap()));
        assert_eq!(settings.key("orders"), Some("alias/sandbox-orders".into()));
        assert_eq!(settings.key("archive"), None);
        let rules = &settings.rules;
        assert!(rules.allow("orders", "DisableKey") && rules.allow("orders", "EnableKey"));
        assert!(!rules.allow("orders", "DeleteAlias") && !rules.allow("archive", "DisableKey"));
        assert!(rules.allow_key_stores("ConnectCustomKeyStore") && rules.schedule_made_keys);
        assert!(!rules.allow_key_stores("DeleteCustomKeyStore"));
        let worker = settings.principal("worker").unwrap().unwrap();
        assert_eq!(worker.session, Some("tests".into()));
        assert_eq!(worker.role, Some("arn:aws:iam::123456789012:role/worker".into()));
        let alice = settings.principal("alice").unwrap().unwrap();
        assert_eq!((alice.profile, alice.role), (Some("alice".into()), None));
        assert_eq!(settings.principal("bob").unwrap(), None);
    }

    #[test]
    fn the_environment_takes_precedence_over_the_file() {
        let settings = written(
            WHOLE,
            &[
                ("KMS_FIXTURE_ACCOUNT", "000000000000"),
                ("KMS_FIXTURE_UPSTREAM", "http://localhost:4566"),
                ("KMS_FIXTURE_KEY_ORDERS", "alias/mine"),
                ("KMS_FIXTURE_KEY_OLD_ONES", "alias/old"),
                ("KMS_FIXTURE_PRINCIPAL_WORKER", "hand"),
                ("KMS_FIXTURE_PRINCIPAL_JANITOR", ""),
                ("KMS_FIXTURE_PRINCIPAL_ALICE", "arn:aws:iam::123456789012:role/team/alice"),
                ("KMS_FIXTURE_PRINCIPAL_BOB", "arn:aws:iam::123456789012:user/bob"),
            ],
        )
        .unwrap();
        assert_eq!(settings.account, Some("000000000000".into()));
        assert_eq!(settings.upstream, Some("http://localhost:4566".into()));
        assert_eq!(settings.key("orders"), Some("alias/mine".into()));
        assert_eq!(settings.key("old-ones"), Some("alias/old".into()));
        let principal = |name| settings.principal(name).unwrap().unwrap();
        assert_eq!(
            principal("worker"),
            Principal { profile: Some("hand".into()), ..Principal::default() }
        );
        assert_eq!(principal("janitor").profile, Some("janitor".into()));
        assert_eq!(
            principal("alice").role,
            Some("arn:aws:iam::123456789012:role/team/alice".into())
        );
        let refused = written("", &[("KMS_FIXTURE_ACCOUNT", "12")]).unwrap_err();
        assert!(refused.to_string().contains("`KMS_FIXTURE_ACCOUNT=12`"));
        let refused = settings.principal("bob").unwrap_err().to_string();
        assert!(refused.contains("KMS_FIXTURE_PRINCIPAL_BOB"), "{refused}");
    }

    #[test]
    fn the_nearest_file_is_read_and_is_optional() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("crate/tests");
        fs::create_dir_all(&deep).unwrap();
        fs::write(root.path().join(FILE), "profile = 'far'").unwrap();
        assert_eq!(load(&deep, &[]).unwrap().profile, Some("far".into()));
        fs::write(root.path().join("crate").join(FILE), "profile = 'near'").unwrap();
        let near = load(&deep, &[]).unwrap();
        assert_eq!(near.profile, Some("near".into()));
        assert!(near.file.unwrap().ends_with("crate/kms-fixture.toml"));
        let none = load(Path::new("/"), &[]).unwrap();
        assert_eq!((none.file, none.account), (None, None));
    }

    #[test]
    fn a_file_that_the_environment_names_must_exist() {
        let folder = tempfile::tempdir().unwrap();
        let refused = load(folder.path(), &[("KMS_FIXTURE_CONFIG", "/nowhere/it.toml")]);
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("/nowhere/it.toml") && refused.contains("`KMS_FIXTURE_CONFIG`"),
            "{refused}"
        );
    }

    #[test]
    fn the_hosts_of_aws_are_known() {
        for aws in [
            "https://kms.eu-central-1.amazonaws.com",
            "https://KMS.us-east-1.AMAZONAWS.com.:443/",
            "https://kms.cn-north-1.amazonaws.com.cn",
            "https://kms.eu-west-1.api.aws",
            "https://vpce-1-a.kms.us-east-1.vpce.amazonaws.com",
        ] {
            assert!(is_aws(aws), "{aws}");
        }
        for other in [
            "http://127.0.0.1:4566",
            "https://kms.amazonaws.com.example.org",
            "https://kms.us-east-1.amazonaws.com@localhost:1/",
            "https://notamazonaws.com",
            "no url",
        ] {
            assert!(!is_aws(other), "{other}");
        }
    }
}
