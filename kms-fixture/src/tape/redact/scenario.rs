//! The declarations of a test in a cassette: declared names are kept, the texts behind them are redacted.

use std::collections::HashSet;

use super::arn::is_unique_id;
use super::kind::{Kind, literal};
use super::known;
use super::substitute::Redact;
use super::walk::Walk;
use super::{Direction, Redactor};
use crate::error::Error;
use crate::model::declare::bare_name;
use crate::model::{is_service_principal, partition};
use crate::scenario::{
    ADMIN, ADMIN_ROLE, DEFAULT_ACCOUNT, Entity, GrantDeclaration, KeyDeclaration, Permission,
    PolicySource, Scenario,
};

/// The account of every test in its cassette.
pub(crate) const ACCOUNT: &str = DEFAULT_ACCOUNT;

/// Returns `scenario` without texts that may be live, and the redactor that replaced them.
///
/// Accounts, names of principals and sessions, aliases, descriptions, tags, contexts and the texts of policies are
/// replaced; declared names, states, specs, usages and operations are kept.
///
/// # Errors
///
/// A policy file that cannot be read.
pub(crate) fn redact_scenario(
    scenario: &Scenario,
    keep: &[String],
    ordered: &[String],
) -> Result<(Scenario, Redactor), Error> {
    let mut redactor = Redactor::new(ACCOUNT, keep, ordered);
    redactor.declare(Kind::Account, &scenario.account, ACCOUNT);
    redactor.declare(Kind::Session, ADMIN, ADMIN);
    for role in &scenario.roles {
        redactor.declare(Kind::Session, role.session_name(), &role.declared);
    }
    redact_with(redactor, scenario)
}

/// Redacts `scenario` with a redactor that knows the live values of declared things.
pub(crate) fn redact_with(
    mut redactor: Redactor,
    scenario: &Scenario,
) -> Result<(Scenario, Redactor), Error> {
    redactor.declare(Kind::Role, ADMIN_ROLE, ADMIN_ROLE);
    // Names come first, because policies contain them.
    for role in &scenario.roles {
        let name = entity_name(&role.declared, &role.entity);
        redactor.declare(Kind::Role, name, &role.declared);
    }
    for user in &scenario.users {
        let kind = if user.federated { Kind::Federated } else { Kind::User };
        let name = entity_name(&user.declared, &user.entity);
        redactor.declare(kind, name, &user.declared);
    }
    for key in &scenario.keys {
        if let Some(alias) = key.alias.as_deref().and_then(|it| it.strip_prefix("alias/")) {
            redactor.declare(Kind::Alias, alias, &key.declared);
        }
    }
    let mut redacted = scenario.clone();
    ACCOUNT.clone_into(&mut redacted.account);
    // Whether leaks are denied belongs to the test, not to the recording.
    redacted.deny_leaks = false;
    // Faults strike in front of the recording.
    redacted.faults.clear();
    let mut walk = redactor.redact();
    for key in &mut redacted.keys {
        walk.key(key)?;
    }
    for role in &mut redacted.roles {
        walk.entity(&mut role.entity)?;
        role.session = None;
        walk.source(role.session_policy.as_mut())?;
    }
    for user in &mut redacted.users {
        walk.entity(&mut user.entity)?;
    }
    let roles = scenario.roles.iter().map(|it| it.declared.clone());
    let users = scenario.users.iter().map(|it| it.declared.clone());
    let declared = roles.chain(users).collect();
    for grant in &mut redacted.grants {
        walk.grant(grant, &declared);
    }
    Ok((redacted, redactor))
}

/// Returns the name in IAM, without its path.
fn entity_name<'a>(declared: &'a str, entity: &'a Entity) -> &'a str {
    let name = entity.name.as_deref().unwrap_or(declared);
    bare_name(name)
}

impl Walk<Redact<'_>> {
    fn key(&mut self, key: &mut KeyDeclaration) -> Result<(), Error> {
        if let Some(account) = &mut key.account {
            *account = self.account(account);
        }
        if let Some(alias) = &mut key.alias {
            *alias = self.alias(alias);
        }
        if let Some(description) = &mut key.description {
            *description = self.text_of("Description", description);
        }
        for (tag, value) in &mut key.tags {
            *tag = self.text_of("TagKey", tag);
            *value = self.text_of("TagValue", value);
        }
        self.source(key.policy.as_mut())
    }

    fn entity(&mut self, entity: &mut Entity) -> Result<(), Error> {
        if let Some(account) = &mut entity.account {
            *account = self.account(account);
        }
        entity.name = None;
        for action in entity.allow.iter_mut().flat_map(Permission::actions_mut) {
            if !known::is_action(action) {
                *action = self.action(action);
            }
        }
        self.source(entity.policy.as_mut())?;
        self.source(entity.boundary.as_mut())
    }

    fn grant(&mut self, grant: &mut GrantDeclaration, declared: &HashSet<String>) {
        for principal in [&mut grant.grantee, &mut grant.retiring].into_iter().flatten() {
            if principal.starts_with("arn:") || is_unique_id(principal) {
                *principal = self.principal(principal);
            } else if is_service_principal(principal) && !declared.contains(principal) {
                *principal = self.service_principal(principal);
            }
        }
        if let Some(account) = &mut grant.issuing_account {
            *account = self.account(account);
        }
        if let Some(arn) = &mut grant.source_arn {
            *arn = self.arn(arn);
        }
        if let Some(name) = &mut grant.name {
            self.0.0.declare(Kind::Text("name"), name, &grant.declared);
            *name = self.text_of("Name", name);
        }
        for (member, pairs) in [
            ("EncryptionContextEquals", &mut grant.context_equals),
            ("EncryptionContextSubset", &mut grant.context_subset),
        ] {
            let Some(pairs) = pairs else { continue };
            let map = pairs.drain(..).map(|(key, value)| (key, value.into())).collect();
            let redacted = self.context(member, &map);
            pairs.extend(redacted.into_iter().map(|(key, value)| {
                let value = value.as_str().unwrap_or_default().to_owned();
                (key, value)
            }));
        }
    }

    /// Redacts a policy and embeds it, so that it can be checked without its file.
    fn source(&mut self, source: Option<&mut PolicySource>) -> Result<(), Error> {
        let Some(source) = source else {
            return Ok(());
        };
        let text = source.document()?;
        *source = PolicySource::Document(self.policy(&text));
        Ok(())
    }

    /// Redacts the text of a member.
    fn text_of(&mut self, member: &str, text: &str) -> String {
        self.text(member, text, Direction::Sent)
    }
}

impl Redactor {
    /// Declares the ids of declared keys and grants, as a cassette has them.
    pub(crate) fn declare_ids(&mut self, scenario: &Scenario) {
        self.declare_ids_and_tokens(scenario, |_| true);
    }

    /// Declares the ids of declared keys and grants, and the tokens of the grants whose names `has_token` accepts.
    pub(crate) fn declare_ids_and_tokens(
        &mut self,
        scenario: &Scenario,
        has_token: impl Fn(&str) -> bool,
    ) {
        for key in &scenario.keys {
            let form = if key.multi_region { "mrk-" } else { "" };
            let id = literal(Kind::Key, &key.declared, form);
            self.declare(Kind::Key, &id, &key.declared);
        }
        for grant in &scenario.grants {
            let name = &grant.declared;
            self.declare(Kind::Grant, &literal(Kind::Grant, name, ""), name);
            if has_token(name) {
                self.declare(Kind::Token, &literal(Kind::Token, name, ""), name);
            }
        }
    }
}

/// Returns the names of the principals of a redacted scenario, by their ARNs and those of their sessions.
pub(crate) fn principal_names(scenario: &Scenario) -> Vec<(String, String)> {
    let partition = partition(&scenario.region);
    let mut names = Vec::new();
    let mut role = |account: &str, role: &str, session: &str, name: &str| {
        names.push((format!("arn:{partition}:iam::{account}:role/{role}"), name.to_owned()));
        let session = format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}");
        names.push((session, name.to_owned()));
    };
    role(&scenario.account, ADMIN_ROLE, ADMIN, ADMIN);
    for it in &scenario.roles {
        let account = it.entity.account.as_ref().unwrap_or(&scenario.account);
        role(account, &it.declared, &it.declared, &it.declared);
    }
    for it in &scenario.users {
        let account = it.entity.account.as_ref().unwrap_or(&scenario.account);
        let (service, kind) = it.arn_form();
        names.push((
            format!("arn:{partition}:{service}::{account}:{kind}/{}", it.declared),
            it.declared.clone(),
        ));
    }
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn redacted(scenario: &Scenario) -> (Scenario, Redactor) {
        redact_scenario(scenario, &[], &[]).unwrap()
    }

    #[test]
    fn a_service_and_its_resource_keep_their_form() {
        let scenario: Scenario = serde_json::from_value(json!({
            "keys": {"orders": {}}, "roles": {"worker": {"session_seconds": 3600}}, "leaks": "deny",
            "consistency": {"eventual": {"seconds": 60}},
            "grants": {"table": {
                "key": "orders", "grantee": "orders-of-acme.eu-west-1.amazonaws.com", "retiring": "worker",
                "operations": ["Decrypt"], "source_arn": "arn:aws:orders-of-acme:eu-west-1:999988887777:table/acme"
            }}
        }))
        .unwrap();
        let (once, mut redactor) = redacted(&scenario);
        assert_eq!(once.mistakes(), [""; 0]);
        let written = serde_json::to_value(&once).unwrap();
        let grant = &written["grants"]["table"];
        assert_eq!(grant["grantee"], "service-1.eu-west-1.amazonaws.com");
        assert_eq!(grant["source_arn"], "arn:aws:service-1:eu-west-1:000000000001:resource-1");
        assert_eq!(written["consistency"], json!({"eventual": {"seconds": 60}}));
        assert_eq!(written["roles"]["worker"]["session_seconds"], 3600);
        // Denied leaks do not change the cassette of a test.
        assert_eq!(written.get("leaks"), None);
        assert_eq!(redacted(&once).0, once);
        // A call has the same pseudonyms.
        let input = json!({
            "GranteeServicePrincipal": "orders-of-acme.eu-west-1.amazonaws.com",
            "Constraints": {"SourceArn": "arn:aws:orders-of-acme:eu-west-1:999988887777:table/acme"}
        });
        let input = redactor.input(&input).into_value();
        assert_eq!(input["GranteeServicePrincipal"], grant["grantee"]);
        assert_eq!(input["Constraints"]["SourceArn"], grant["source_arn"]);
    }

    #[test]
    fn the_cassette_s_own_redactor_is_the_one_that_reads_it() {
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Sid": "acme", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
            "Principal": {"AWS": ["arn:aws:iam::999988887777:role/team/acme", "arn:aws:iam::111122223333:user/acme"]},
            "Condition": {"StringEquals": {"kms:EncryptionContext:tenant": "acme", "aws:acme": "acme"}}
        }]});
        let scenario: Scenario = serde_json::from_value(json!({
            "account": "444455556666",
            "keys": {"orders": {
                "alias": "alias/acme-orders", "description": "acme's", "tags": {"acme": "acme"}, "policy": policy
            }},
            "roles": {"worker": {"name": "team/acme-worker", "session": "acme"}},
            "users": {"guest": {"federated": true}},
            "grants": {"access": {
                "key": "orders", "grantee": "worker", "operations": ["Decrypt"], "name": "acme",
                "context_subset": {"tenant": "acme"}
            }}
        }))
        .unwrap();
        let (once, redactor) = redacted(&scenario);
        let (twice, read) = redacted(&once);
        assert_eq!(twice, once);
        let (mut derived, mut read) = (redactor.of_cassette(), read);
        assert!(derived.names().eq(read.names()));
        let known = serde_json::to_value(&once).unwrap();
        let new = json!({"Name": "nightly", "GranteePrincipal": "arn:aws:iam::444455556666:role/acme", "more": known});
        assert_eq!(derived.output(&new), read.output(&new));
    }
}
