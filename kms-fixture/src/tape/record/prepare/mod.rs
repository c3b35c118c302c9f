//! The start of a recording: binding declared things to live ones, and checking the account.

mod bound;
mod principals;
mod things;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::guard::Guard;
use super::keys::Keys;
use super::ledger::Ledger;
use super::live::{Identity, Live, Settings, Upstream};
use super::recorder::{MakeShadow, Recorder};
use super::service::Service;
use super::stop::Stop;
use crate::error::Error;
use crate::kms::fake::Fake;
use crate::model::{Arn, partition};
use crate::scenario::{ADMIN, ADMIN_ROLE, Scenario};
use crate::tape::redact::{Redactor, Secret};
use crate::tape::variables;

/// A recording that is about to start.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) scenario: Scenario,
    pub(crate) settings: Settings,
    /// The URL of the live service. Default: that of the settings, or AWS.
    pub(crate) upstream: Option<String>,
    /// Certificates to trust in addition to the system's.
    pub(crate) ca_bundle: Option<PathBuf>,
    /// Whether grants may be ended that this recording did not make.
    pub(crate) foreign_grants: bool,
    /// The cassette beside which a journal is written; none while a killed recording is cleaned up.
    pub(crate) journal: Option<PathBuf>,
    /// Tells that the recording shall not start.
    pub(crate) stop: Stop,
}

/// Live things by their declared names.
pub(crate) type Declared<T> = BTreeMap<String, T>;

/// All declared things in the live account.
pub(crate) struct Prepared {
    pub(super) service: Service,
    pub(super) guard: Guard,
    /// The declarations in the recorded account; bound keys have their live properties.
    pub(crate) scenario: Scenario,
    /// The options of bound keys that the live service has filled in.
    pub(crate) found: Declared<Vec<String>>,
    pub(crate) account: Option<String>,
    /// The ARNs by which grants name the declared principals.
    pub(crate) principals: Declared<String>,
    /// Ids and ARNs.
    pub(crate) keys: Declared<(String, String)>,
    /// Ids, tokens, and the ARNs of their keys.
    pub(crate) grants: Declared<(String, String, String)>,
    /// Live credentials.
    pub(crate) secrets: Vec<Secret>,
}

/// Finds or makes all declared things.
///
/// # Errors
///
/// An account that is not named, or not the named one; a key or a principal that is not bound; an error of the live
/// service; a stop. Grants that were made are revoked.
pub(crate) async fn prepare(plan: Plan) -> Result<Prepared, Error> {
    let mut prepared = plan.stop.unless(Box::pin(Prepared::connect(&plan))).await??;
    match plan.stop.unless(Box::pin(prepared.bind(&plan))).await {
        Ok(Ok(())) => Ok(prepared),
        Ok(Err(error)) | Err(error) => Err(prepared.undo(error).await),
    }
}

/// Returns the endpoint of a Region.
fn aws(region: &str) -> String {
    let suffix = if partition(region) == "aws-cn" { ".cn" } else { "" };
    format!("https://kms.{region}.amazonaws.com{suffix}")
}

/// Returns the identity of a caller, which must be in the account of the settings.
async fn expected(admin: &Live, settings: &Settings) -> Result<Identity, Error> {
    let who = admin.who().await?;
    if settings.account.as_ref() == Some(&who.account) {
        return Ok(who);
    }
    Err(Error::new(format!(
        "the credentials belong to the account {}, but only {} may be recorded",
        who.account,
        settings.account.as_deref().unwrap_or_default()
    ))
    .help("choose other credentials (`AWS_PROFILE`, or `profile` in kms-fixture.toml), or set this account"))
}

/// Returns the ARN by which a grant names a principal; for a session, the ARN of its role.
fn role_of(arn: &str) -> String {
    match Arn::parse(arn) {
        Some(Arn { partition, service: "sts", account, resource, .. }) => {
            match resource.split('/').collect::<Vec<_>>().as_slice() {
                ["assumed-role", role, _] => format!("arn:{partition}:iam::{account}:role/{role}"),
                _ => arn.to_owned(),
            }
        }
        _ => arn.to_owned(),
    }
}

impl Prepared {
    /// Connects to the live service as the administrator.
    pub(super) async fn connect(plan: &Plan) -> Result<Self, Error> {
        let Plan { scenario, settings, .. } = plan;
        let url = plan.upstream.clone().or_else(|| settings.upstream.clone());
        let url = url.unwrap_or_else(|| aws(&scenario.region));
        let is_aws = variables::is_aws(&url);
        if is_aws && settings.account.is_none() {
            return Err(Error::new(
                "recording AWS requires the account in the settings, so that no other account is used",
            )
            .help("set `account = \"..\"` in kms-fixture.toml, or `KMS_FIXTURE_ACCOUNT`"));
        }
        if let Some(region) = settings.region.as_ref().filter(|it| **it != scenario.region) {
            return Err(Error::new(format!(
                "the settings have `region = \"{region}\"`, but the recording is of `{}`",
                scenario.region
            ))
            .help(format!("set the test's Region with `region = \"{region}\"`")));
        }
        let upstream = Upstream::new(&url, plan.ca_bundle.as_deref())?;
        let profile = settings.profile.as_deref();
        let live = Live::new(profile, &scenario.region, upstream.is_loopback(), is_aws).await;
        let admin = Arc::new(live);
        let who = if is_aws { Some(expected(&admin, settings).await?) } else { None };
        let service = Service {
            upstream,
            region: scenario.region.clone(),
            callers: BTreeMap::from([(ADMIN.to_owned(), Arc::clone(&admin))]),
            admin,
            is_aws,
        };
        let open = plan.foreign_grants && !is_aws;
        let ledger = plan.journal.as_deref().map(Ledger::open).transpose()?;
        if let Some(ledger) = &ledger {
            ledger.begin(&scenario.region, is_aws);
        }
        let guard = Guard::new(is_aws, open, ledger);
        let named = settings.principal(ADMIN)?.and_then(|it| it.arn.or(it.role));
        let admin = named.or_else(|| who.map(|it| role_of(&it.arn)));
        Ok(Self {
            service,
            guard,
            scenario: scenario.clone(),
            found: BTreeMap::new(),
            account: settings.account.clone(),
            principals: admin.into_iter().map(|it| (ADMIN.to_owned(), it)).collect(),
            keys: BTreeMap::new(),
            grants: BTreeMap::new(),
            secrets: Vec::new(),
        })
    }

    /// Finds or makes the declared things.
    async fn bind(&mut self, plan: &Plan) -> Result<(), Error> {
        let settings = &plan.settings;
        let is_aws = self.service.is_aws;
        // Keys come first: without an account in the settings, theirs is used.
        self.find_keys(plan).await?;
        if let Some(account) = &self.account {
            self.scenario = self.scenario.in_account(account)?;
        }
        let scenario = self.scenario.clone();
        let roles = scenario.roles.iter().map(|it| (&it.declared, &it.entity, ("iam", "role")));
        let users = scenario.users.iter().map(|it| (&it.declared, &it.entity, it.arn_form()));
        for (name, entity, form) in roles.chain(users) {
            self.principal(plan, name, entity, form).await?;
        }
        if let (false, Some(account)) = (is_aws, &self.account) {
            let partition = partition(&scenario.region);
            let admin = format!("arn:{partition}:iam::{account}:role/{ADMIN_ROLE}");
            self.principals.entry(ADMIN.to_owned()).or_insert(admin);
        }
        let bound = self.keys.iter().map(|(name, (_, arn))| (arn.clone(), name.clone()));
        let account = settings.account.clone().filter(|_| is_aws);
        self.guard.keys = Keys::new(bound.collect(), account, settings.rules.clone())
            .of_account(self.account.clone());
        self.secrets = self.service.secrets().await?;
        for grant in &scenario.grants {
            self.grant(grant).await?;
        }
        Ok(())
    }

    /// Revokes the grants that were made before `error`; adds to it which may be left.
    pub(crate) async fn undo(self, error: Error) -> Error {
        match self.service.end_grants(self.guard, true).await {
            Ok(notes) if notes.is_empty() => error,
            Ok(notes) => Error::new(format!("{error}\n{}", notes.join("\n"))),
            Err(left) => Error::new(format!("{error}\n{left}")),
        }
    }

    /// Returns the recorder for these things.
    pub(crate) fn recorder(
        self,
        verifier: Arc<Fake>,
        redactor: Redactor,
        make_shadow: MakeShadow,
    ) -> Recorder {
        Recorder::new(verifier, self.service, self.guard, redactor, make_shadow)
    }

    /// Makes a call as the administrator; it is not recorded.
    async fn admin(&self, operation: &str, input: &Value) -> Result<Value, Error> {
        let body = Bytes::from(input.to_string());
        let (status, output) = self.service.call(&self.service.admin, operation, body).await?;
        accepted(operation, status, &output)
    }
}

/// Returns the output of a call of the preparation.
fn accepted(operation: &str, status: u16, output: &[u8]) -> Result<Value, Error> {
    let output: Value = serde_json::from_slice(output).unwrap_or_default();
    if status == 200 {
        return Ok(output);
    }
    let message = output.get("message").or_else(|| output.get("Message"));
    Err(Error::new(format!(
        "preparing the recording, {operation} was refused: {} {}",
        output["__type"].as_str().unwrap_or("an answer without a code"),
        message.and_then(Value::as_str).unwrap_or_default()
    )))
}
