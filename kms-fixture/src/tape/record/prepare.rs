//! The start of a recording: who and what is meant in life, and whether it may be touched.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use super::guard::Guard;
use super::list::grants_on;
use super::live::{Identity, Live, Settings, Upstream};
use super::recorder::{Recorder, Wire};
use crate::error::Error;
use crate::kms::fake::Fake;
use crate::model::{Arn, KeyState, is_service_principal, partition};
use crate::scenario::{ADMIN, Entity, GrantDeclaration, KeyDeclaration, Scenario};
use crate::tape::redact::Redactor;
use crate::tape::shadow::Shadow;

/// What is to be recorded.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) scenario: Scenario,
    pub(crate) settings: Settings,
    /// The live service; that of the settings, or AWS, if not said.
    pub(crate) upstream: Option<String>,
    /// Certificates that are trusted beside the system's.
    pub(crate) ca_bundle: Option<PathBuf>,
    /// Whether grants may be ended that this run has not made.
    pub(crate) foreign_grants: bool,
}

/// A live thing and what it is called.
pub(crate) type Declared<T> = BTreeMap<String, T>;

/// Everything that was declared, in life.
pub(crate) struct Prepared {
    pub(super) wire: Wire,
    pub(super) guard: Guard,
    pub(crate) account: Option<String>,
    /// The ARNs by which grants name the declared principals.
    pub(crate) principals: Declared<String>,
    /// Ids and ARNs.
    pub(crate) keys: Declared<(String, String)>,
    /// Ids, tokens, and the ARNs of their keys.
    pub(crate) grants: Declared<(String, String, String)>,
    /// Live credentials, as what they are.
    pub(crate) secrets: Vec<(&'static str, String)>,
}

/// Finds or makes everything that is declared.
///
/// # Errors
///
/// The account is not named, or is another one; a key or a principal that is not bound; whatever the live service
/// refuses.
pub(crate) async fn prepare(plan: Plan) -> Result<Prepared, Error> {
    let Plan { scenario, settings, .. } = &plan;
    let url = plan.upstream.clone().or_else(|| settings.upstream.clone());
    let url = url.unwrap_or_else(|| aws(&scenario.region));
    let is_aws = Settings::is_aws(&url);
    if is_aws && settings.account.is_none() {
        return Err(Error::new(
            "recording AWS needs the account to be named, so that no other one can be meant",
        )
        .help("`account = \"..\"` in kms-fixture.toml, or `KMS_FIXTURE_ACCOUNT`"));
    }
    if let Some(region) = settings.region.as_ref().filter(|it| **it != scenario.region) {
        return Err(Error::new(format!(
            "the settings say `region = \"{region}\"`, and the recording is of `{}`",
            scenario.region
        ))
        .help(format!("a test says its Region with `region = \"{region}\"`")));
    }
    let upstream = Upstream::new(&url, plan.ca_bundle.as_deref())?;
    let loopback = upstream.is_loopback();
    let admin = Arc::new(Live::new(settings.profile.as_deref(), &scenario.region, loopback).await);
    let who = if is_aws { Some(expected(&admin, settings).await?) } else { None };
    let wire = Wire {
        upstream,
        region: scenario.region.clone(),
        callers: BTreeMap::from([(ADMIN.to_owned(), Arc::clone(&admin))]),
        admin,
        is_aws,
    };
    let mut prepared = Prepared {
        wire,
        guard: Guard::default(),
        account: settings.account.clone(),
        principals: BTreeMap::new(),
        keys: BTreeMap::new(),
        grants: BTreeMap::new(),
        secrets: Vec::new(),
    };
    prepared.guard.open = plan.foreign_grants && !is_aws;
    let named = settings.principal(ADMIN)?.and_then(|it| it.arn.or(it.role));
    if let Some(arn) = named {
        prepared.principals.insert(ADMIN.to_owned(), arn);
    } else if let Some(who) = who {
        prepared.principals.insert(ADMIN.to_owned(), role_of(&who.arn));
    }
    // Keys first: where no account is named, it is theirs.
    for key in &scenario.keys {
        prepared.key(&plan, key).await?;
    }
    let roles = scenario.roles.iter().map(|it| (&it.declared, &it.entity, ("iam", "role")));
    let users = scenario.users.iter().map(|it| (&it.declared, &it.entity, it.arn_form()));
    for (name, entity, form) in roles.chain(users) {
        prepared.principal(&plan, name, entity, form).await?;
    }
    if let (false, Some(account)) = (is_aws, &prepared.account) {
        let admin = format!("arn:{}:iam::{account}:role/Admin", partition(&scenario.region));
        prepared.principals.entry(ADMIN.to_owned()).or_insert(admin);
    }
    prepared.secrets = prepared.wire.secrets().await?;
    for grant in &scenario.grants {
        if let Err(error) = prepared.grant(grant).await {
            return Err(prepared.undo(error).await);
        }
    }
    Ok(prepared)
}

/// The endpoint of a Region.
fn aws(region: &str) -> String {
    let suffix = if partition(region) == "aws-cn" { ".cn" } else { "" };
    format!("https://kms.{region}.amazonaws.com{suffix}")
}

/// Who calls, who has to be of the account that was named.
async fn expected(admin: &Live, settings: &Settings) -> Result<Identity, Error> {
    let who = admin.who().await?;
    if settings.account.as_ref() == Some(&who.account) {
        return Ok(who);
    }
    Err(Error::new(format!(
        "the credentials are those of the account {}, and the one that may be recorded is {}",
        who.account,
        settings.account.as_deref().unwrap_or_default()
    ))
    .help("choose other credentials (`AWS_PROFILE`, or `profile` in kms-fixture.toml), or name this account"))
}

/// The role of a session, which is what a grant names; any other principal as it is.
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

/// Whether this is the ARN of such a principal: `iam` and `role`, for example.
fn has_form(arn: &str, service: &str, kind: &str) -> bool {
    Arn::parse(arn)
        .is_some_and(|it| it.service == service && it.resource.split('/').next() == Some(kind))
}

/// What a declared principal is called, with its article.
fn noun(kind: &str) -> &'static str {
    match kind {
        "role" => "a role",
        "user" => "an IAM user",
        _ => "a federated user",
    }
}

impl Prepared {
    async fn principal(
        &mut self,
        plan: &Plan,
        name: &str,
        entity: &Entity,
        (service, kind): (&str, &str),
    ) -> Result<(), Error> {
        let settings = &plan.settings;
        let bound = settings.principal(name)?;
        if bound.is_none() && self.wire.is_aws {
            let or_role = match kind {
                "role" => format!(" or `{name} = {{ role = \"arn:..\" }}`"),
                _ => String::new(),
            };
            return Err(Error::new(format!(
                "nobody in life is bound to the declared principal `{name}`"
            ))
            .help(format!(
                "`{name} = {{ profile = \"..\" }}`{or_role} below `[principals]` in kms-fixture.toml, or `{}`",
                Settings::principal_variable(name)
            )));
        }
        let bound = bound.unwrap_or_default();
        let mut arn = bound.arn.clone().or_else(|| bound.role.clone());
        if bound.profile.is_some() || bound.role.is_some() {
            let live = Arc::new(self.wire.admin.of(&bound).await?);
            if self.wire.is_aws {
                let who = expected(&live, settings).await?;
                arn.get_or_insert_with(|| role_of(&who.arn));
            }
            self.wire.callers.insert(name.to_owned(), live);
        } else if !self.wire.is_aws {
            // An emulator does not ask who calls.
            let admin = Arc::clone(&self.wire.admin);
            self.wire.callers.insert(name.to_owned(), admin);
        }
        // An emulator takes everybody at their word.
        let arn = arn.unwrap_or_else(|| {
            let account = entity.account.as_ref().or(self.account.as_ref());
            let account = account.unwrap_or(&plan.scenario.account);
            let in_iam = entity.name.as_deref().unwrap_or(name).trim_start_matches('/');
            format!("arn:{}:{service}::{account}:{kind}/{in_iam}", partition(&plan.scenario.region))
        });
        if !has_form(&arn, service, kind) {
            return Err(Error::new(format!(
                "`{name}` is declared as {}, and in life it is {arn}",
                noun(kind)
            ))
            .help(format!(
                "declare it as what it is, or bind it to another principal in kms-fixture.toml or by `{}`",
                Settings::principal_variable(name)
            )));
        }
        self.principals.insert(name.to_owned(), arn);
        Ok(())
    }

    async fn key(&mut self, plan: &Plan, key: &KeyDeclaration) -> Result<(), Error> {
        let name = &key.declared;
        let id = match plan.settings.key(name) {
            Some(id) => id,
            None if self.wire.is_aws => {
                return Err(Error::new(format!(
                    "no live key is bound to the declared key `{name}`; recordings of AWS make no keys"
                ))
                .help(format!(
                    "`{name} = \"alias/..\"` below `[keys]` in kms-fixture.toml, or `{}`",
                    Settings::key_variable(name)
                )));
            }
            None => self.make_key(key).await?,
        };
        let output = self.admin("DescribeKey", &json!({ "KeyId": id })).await?;
        let text =
            |member: &str| output["KeyMetadata"][member].as_str().unwrap_or_default().to_owned();
        let account = text("AWSAccountId");
        match &self.account {
            Some(named) if *named != account => {
                return Err(Error::new(format!(
                    "the key `{name}` is of the account {account}, and the one that may be recorded is {named}"
                )));
            }
            Some(_) => {}
            None => self.account = Some(account),
        }
        self.keys.insert(name.clone(), (text("KeyId"), text("Arn")));
        Ok(())
    }

    /// Makes a key in an emulator, as declared.
    async fn make_key(&self, key: &KeyDeclaration) -> Result<String, Error> {
        let mut input = json!({ "Description": key.description.clone().unwrap_or_default() });
        if let Some(spec) = key.spec {
            input["KeySpec"] = spec.as_str().into();
            if let Some(usage) = key.usage.or_else(|| spec.usages().first().copied()) {
                input["KeyUsage"] = usage.as_str().into();
            }
        }
        if let Some(origin) = key.origin {
            input["Origin"] = origin.as_str().into();
        }
        if key.multi_region {
            input["MultiRegion"] = true.into();
        }
        let tags = key.tags.iter().map(|(key, value)| json!({"TagKey": key, "TagValue": value}));
        let tags: Vec<_> = tags.collect();
        if !tags.is_empty() {
            input["Tags"] = tags.into();
        }
        let made = self.admin("CreateKey", &input).await?;
        let id = made["KeyMetadata"]["KeyId"].as_str().unwrap_or_default().to_owned();
        if let Some(alias) = &key.alias {
            self.admin("CreateAlias", &json!({"AliasName": alias, "TargetKeyId": id})).await?;
        }
        match key.state {
            Some(KeyState::Disabled) => {
                self.admin("DisableKey", &json!({ "KeyId": id })).await?;
            }
            Some(KeyState::PendingDeletion) => {
                self.admin("ScheduleKeyDeletion", &json!({ "KeyId": id })).await?;
            }
            _ => {}
        }
        Ok(id)
    }

    async fn grant(&mut self, grant: &GrantDeclaration) -> Result<(), Error> {
        let key = grant.key.as_deref().unwrap_or_default();
        let (_, key) = self.keys.get(key).cloned().unwrap_or_default();
        let mut input = json!({
            "KeyId": key,
            "Operations": grant.operations.iter().map(|it| it.as_str()).collect::<Vec<_>>(),
        });
        for (member, service, principal) in [
            ("GranteePrincipal", "GranteeServicePrincipal", &grant.grantee),
            ("RetiringPrincipal", "RetiringServicePrincipal", &grant.retiring),
        ] {
            let Some(principal) = principal else { continue };
            match self.principals.get(principal) {
                Some(arn) => input[member] = arn.as_str().into(),
                None if is_service_principal(principal) => {
                    input[service] = principal.as_str().into();
                }
                None => input[member] = principal.as_str().into(),
            }
        }
        if let Some(name) = &grant.name {
            input["Name"] = name.as_str().into();
        }
        for (member, pairs) in [
            ("EncryptionContextEquals", &grant.context_equals),
            ("EncryptionContextSubset", &grant.context_subset),
        ] {
            if let Some(pairs) = pairs {
                let pairs: BTreeMap<_, _> = pairs.iter().cloned().collect();
                input["Constraints"][member] = json!(pairs);
            }
        }
        if let Some(arn) = &grant.source_arn {
            input["Constraints"]["SourceArn"] = arn.as_str().into();
        }
        if grant.name.is_some() {
            self.guard.were_there(grants_on(&self.wire, &key).await?);
        }
        let made = self.admin("CreateGrant", &input).await?;
        let text = |member: &str| made[member].as_str().unwrap_or_default().to_owned();
        let (id, token) = (text("GrantId"), text("GrantToken"));
        self.guard.made(&key, &id, Some(&token));
        if self.guard.grants().all(|(it, _)| it != id) {
            return Err(Error::new(format!(
                "the declared grant `{}` is there already, made by somebody else with the same name and terms: a \
                 recording ends only what it has made",
                grant.declared
            ))
            .help("give it another `name`"));
        }
        self.grants.insert(grant.declared.clone(), (id, token, key));
        Ok(())
    }

    /// Revokes the grants that were made before something went wrong.
    async fn undo(&self, error: Error) -> Error {
        let mut text = error.to_string();
        for (id, key) in self.guard.grants() {
            if let Err(error) =
                self.admin("RevokeGrant", &json!({"KeyId": key, "GrantId": id})).await
            {
                let _ = write!(text, "\nthe grant {id} on {key} is left behind: {error}");
            }
        }
        Error::new(text)
    }

    /// The recorder of what was prepared.
    pub(crate) fn recorder(self, gate: Arc<Fake>, redactor: Redactor, shadow: Shadow) -> Recorder {
        Recorder::new(gate, self.wire, self.guard, redactor, shadow)
    }

    /// A call of the administrator, which is not recorded.
    async fn admin(&self, operation: &str, input: &Value) -> Result<Value, Error> {
        let body = Bytes::from(input.to_string());
        let (status, output) = self.wire.call(&self.wire.admin, operation, body).await?;
        let output: Value = serde_json::from_slice(&output).unwrap_or_default();
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
}
