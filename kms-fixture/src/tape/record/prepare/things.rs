//! Declared keys and grants: found in the live account, or made there.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::json;

use super::{Plan, Prepared, accepted};
use crate::error::Error;
use crate::model::{KeyState, is_service_principal};
use crate::scenario::{GrantDeclaration, KeyDeclaration};
use crate::tape::variables::of_key;

impl Prepared {
    /// Finds the live keys for the declared ones; makes those in an emulator that are not configured. All bound keys are
    /// checked before one is made.
    pub(super) async fn find_keys(&mut self, plan: &Plan) -> Result<(), Error> {
        let declared = self.scenario.keys.clone();
        let mut unbound = Vec::new();
        for key in &declared {
            let name = &key.declared;
            match plan.settings.key(name) {
                Some(reference) => self.bound_key(plan, key, &reference).await?,
                None if self.service.is_aws => {
                    return Err(Error::new(format!(
                        "no live key is configured for `{name}`; a recording of AWS makes no keys"
                    ))
                    .help(format!(
                        "set `{name} = \"alias/..\"` below `[keys]` in kms-fixture.toml, or `{}`",
                        of_key(name)
                    )));
                }
                None => unbound.push(key),
            }
        }
        let mistakes = self.scenario.mistakes();
        if !mistakes.is_empty() {
            return Err(Error::new(format!(
                "the declarations do not fit the live keys:\n{}",
                mistakes.join("\n")
            )));
        }
        for key in unbound {
            self.new_key(key).await?;
        }
        Ok(())
    }

    async fn new_key(&mut self, key: &KeyDeclaration) -> Result<(), Error> {
        let name = &key.declared;
        let id = self.make_key(key).await?;
        let output = self.admin("DescribeKey", &json!({ "KeyId": id })).await?;
        let text =
            |member: &str| output["KeyMetadata"][member].as_str().unwrap_or_default().to_owned();
        let account = text("AWSAccountId");
        match &self.account {
            Some(named) if *named != account => {
                return Err(Error::new(format!(
                    "the key `{name}` belongs to the account {account}, but only {named} may be recorded"
                )));
            }
            Some(_) => {}
            None => self.account = Some(account),
        }
        self.keys.insert(name.clone(), (text("KeyId"), text("Arn")));
        Ok(())
    }

    /// Makes a declared key in an emulator.
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

    /// Makes a declared grant.
    pub(super) async fn grant(&mut self, grant: &GrantDeclaration) -> Result<(), Error> {
        if grant.issuing_account.is_some() {
            return Err(Error::new(format!(
                "the declared grant `{}` has an `issuing_account`, but a recording makes declared grants itself",
                grant.declared
            ))
            .help("let the live key have the grant, and list it in the test"));
        }
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
        if !self.guard.has_looked(&key) {
            self.guard.were_there(&key, self.service.grants_before(&key).await?);
        }
        if input["Name"].is_string() && !self.guard.knows(&key) {
            return Err(Error::new(format!(
                "the declared grant `{}` has a `name`, but the service does not list grants: a grant with this name may \
                 exist already, and CreateGrant would return it",
                grant.declared
            ))
            .help("declare the grant without a `name`"));
        }
        let sent = self.guard.sends("CreateGrant", &input)?;
        let body = Bytes::from(input.to_string());
        let (status, output) = self.service.call(&self.service.admin, "CreateGrant", body).await?;
        if let Some(number) = sent {
            self.guard.learn(number, status, &serde_json::from_slice(&output).unwrap_or_default());
        }
        let made = accepted("CreateGrant", status, &output)?;
        let text = |member: &str| made[member].as_str().unwrap_or_default().to_owned();
        let (id, token) = (text("GrantId"), text("GrantToken"));
        if self.guard.grants().all(|(it, _)| it != id) {
            return Err(Error::new(format!(
                "a grant with the name and terms of the declared grant `{}` exists already, and a recording ends only \
                 the grants that it made",
                grant.declared
            ))
            .help("give the declared grant another `name`"));
        }
        self.grants.insert(grant.declared.clone(), (id, token, key));
        Ok(())
    }
}
