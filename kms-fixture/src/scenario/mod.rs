//! The initial state of a fixture as data, with the same words in the attribute, the builder and the scenario file.

mod account;
mod check;
mod clock;
mod consistency;
mod declarations;
mod fault;
mod fields;
mod json;
mod mistakes;
mod permissions;
mod policy_source;
mod quotas;
mod strict;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use clock::ClockKind;
pub use consistency::Consistency;
pub use declarations::{GrantDeclaration, KeyDeclaration, RoleDeclaration, UserDeclaration};
pub use fault::Fault;
pub use quotas::Quotas;

pub(crate) use declarations::{Entity, Listed};
pub(crate) use fault::{FaultKind, read_faults};
pub(crate) use permissions::Permission;
pub(crate) use policy_source::PolicySource;

pub(crate) use crate::model::declare::{ADMIN, ADMIN_ROLE, DEFAULT_ACCOUNT, DEFAULT_REGION};

use self::fields::fields;
use crate::error::Error;
use crate::file;
use crate::model::declare::Limit;

/// Rejects a name that STS does not accept for a session.
pub(crate) fn check_session_name(name: &str) -> Result<(), Error> {
    let mistake = Limit::SessionName.mistake(name);
    mistake.map_or(Ok(()), |it| Err(Error::new(it.in_one_line())))
}

/// Rejects a name that STS does not accept for a federated user.
pub(crate) fn check_federated_name(name: &str) -> Result<(), Error> {
    let mistake = Limit::FederatedName.mistake(name);
    mistake.map_or(Ok(()), |it| Err(Error::new(it.in_one_line())))
}

/// A Region, an account, and the keys, roles, users and grants to start with.
///
/// In JSON, the options of the attribute are members of the same names: `"consistency": "eventual"` or
/// `{"eventual": {"seconds": 60}}`, `"clock": "machine"`, `"quotas": "aws"` or `{"CreateGrant": 2}`, `"leaks": "deny"`,
/// `"unknown_principals": "accept"`, `"regions": "any"`, `"faults": [{"fault": "throttled", "operation": "RetireGrant",
/// "times": 2}]`.
///
/// `"$schema"` may name the JSON schema of scenarios, `src/scenario/scenario.schema.json` in this crate, for editors.
///
/// `serde` reads it from JSON. Unknown words, wrong types and undeclared names are errors with the JSON path and the
/// nearest known word. All errors are reported at once.
///
/// ```
/// use kms_fixture::Scenario;
///
/// let scenario: Scenario = serde_json::from_str(
///     r#"{"keys":{"orders":{}},"roles":{"worker":{}},
///         "grants":{"access":{"key":"orders","grantee":"worker","operations":["Decrypt"]}}}"#,
/// )?;
/// assert_eq!(scenario.account(), "111122223333");
///
/// let wrong = serde_json::from_str::<Scenario>(r#"{"keys":{"orders":{"stat":"Disabled"}}}"#).unwrap_err();
/// assert!(wrong.to_string().contains("$.keys.orders.stat: unknown key option `stat`; an option with a similar name exists: `state`"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    pub(crate) region: String,
    /// Whether calls in every Region are served.
    pub(crate) any_region: bool,
    pub(crate) account: String,
    pub(crate) accept_unknown_principals: bool,
    pub(crate) consistency: Consistency,
    /// The source of time, if it is not the default.
    pub(crate) clock: Option<ClockKind>,
    pub(crate) quotas: Quotas,
    /// Whether a grant that is left behind fails the test.
    pub(crate) deny_leaks: bool,
    pub(crate) faults: Vec<Fault>,
    pub(crate) keys: Vec<KeyDeclaration>,
    pub(crate) roles: Vec<RoleDeclaration>,
    pub(crate) users: Vec<UserDeclaration>,
    pub(crate) grants: Vec<GrantDeclaration>,
}

// In the order of the output.
fields!(Scenario {
    ("region") = region,
    ("regions") = any_region,
    ("account") = account,
    ("unknown_principals") = accept_unknown_principals,
    ("consistency") = consistency,
    ("clock") = clock,
    ("quotas") = quotas,
    ("leaks") = deny_leaks,
    ("faults") = faults,
    ("keys") = keys,
    ("roles") = roles,
    ("users") = users,
    ("grants") = grants,
});

impl Default for Scenario {
    /// Returns one account in `us-east-1`, with only its administrator.
    fn default() -> Self {
        Self {
            region: DEFAULT_REGION.to_owned(),
            any_region: false,
            account: DEFAULT_ACCOUNT.to_owned(),
            accept_unknown_principals: false,
            consistency: Consistency::strong(),
            clock: None,
            quotas: Quotas::new(),
            deny_leaks: false,
            faults: Vec::new(),
            keys: Vec::new(),
            roles: Vec::new(),
            users: Vec::new(),
            grants: Vec::new(),
        }
    }
}

impl Scenario {
    /// Reads a scenario file. The paths of its policies are relative to its folder.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, is not JSON, or is not a valid scenario.
    ///
    /// ```no_run
    /// let scenario = kms_fixture::Scenario::from_file("scenario.json")?;
    /// # Ok::<(), kms_fixture::Error>(())
    /// ```
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let shown = path.display();
        let text = file::text(path, file::SMALL)
            .map_err(|it| Error::new(format!("cannot read the scenario {shown}: {it}")))?;
        let mut scenario: Self = serde_json::from_str(&text)
            .map_err(|it| Error::new(format!("the scenario {shown} is not valid:\n{it}")))?;
        if let Some(folder) = path.parent() {
            scenario.find_files_in(folder);
        }
        Ok(scenario)
    }

    /// Makes the paths of policies relative to `folder`.
    pub(crate) fn find_files_in(&mut self, folder: &Path) {
        self.policies_mut().for_each(|it| it.find_in(folder));
    }

    /// Returns all policies.
    fn policies_mut(&mut self) -> impl Iterator<Item = &mut PolicySource> {
        let keys = self.keys.iter_mut().filter_map(|it| it.policy.as_mut());
        let roles = self.roles.iter_mut().flat_map(|it| {
            let entity = &mut it.entity;
            [&mut it.session_policy, &mut entity.policy, &mut entity.boundary]
        });
        let users = self.users.iter_mut().flat_map(|it| {
            let entity = &mut it.entity;
            [&mut entity.policy, &mut entity.boundary]
        });
        keys.chain(roles.chain(users).filter_map(Option::as_mut))
    }

    /// Returns the policies that are given by a path, as the JSON path of the option and the path of the file.
    pub(crate) fn named_files(&self) -> Vec<(String, &str)> {
        let mut all = Vec::new();
        for key in &self.keys {
            all.push((format!("$.keys.{}.policy", key.declared), &key.policy));
        }
        for role in &self.roles {
            let at = format!("$.roles.{}", role.declared);
            all.push((format!("{at}.policy"), &role.entity.policy));
            all.push((format!("{at}.boundary"), &role.entity.boundary));
            all.push((format!("{at}.session_policy"), &role.session_policy));
        }
        for user in &self.users {
            let at = format!("$.users.{}", user.declared);
            all.push((format!("{at}.policy"), &user.entity.policy));
            all.push((format!("{at}.boundary"), &user.entity.boundary));
        }
        let files = all.into_iter().filter_map(|(at, source)| match source {
            Some(PolicySource::File(path)) => Some((at, path.as_str())),
            _ => None,
        });
        files.collect()
    }

    /// Returns whether something has to be true at the end: no grant is left, each fault has struck a call.
    #[cfg(feature = "cli")]
    pub(crate) fn is_checked_at_the_end(&self) -> bool {
        self.deny_leaks || !self.faults.is_empty()
    }

    /// Returns the Region.
    ///
    /// ```
    /// assert_eq!(kms_fixture::Scenario::default().region(), "us-east-1");
    /// ```
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Returns the default account, which is the administrator's.
    ///
    /// ```
    /// assert_eq!(kms_fixture::Scenario::default().account(), "111122223333");
    /// ```
    pub fn account(&self) -> &str {
        &self.account
    }
}
