//! What must have been there before a recording began, besides what was declared: whatever a call has found without a
//! recorded call having made it. Without this, a recording that declares nothing could not be followed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cassette::{Cassette, Interaction};
use crate::model::{
    Arn, GrantOperation, KeySpec, KeyState, KeyUsage, Origin, is_service_principal,
};
use crate::redact::{Kind, literal, name_of};
use crate::scenario::{
    ADMIN, GrantDeclaration, KeyDeclaration, RoleDeclaration, Scenario, UserDeclaration,
};

/// The scenario of `cassette`, and what its calls have found.
pub(crate) fn infer(cassette: &Cassette) -> Scenario {
    let mut found = Found {
        scenario: cassette.scenario.clone(),
        made: BTreeSet::new(),
        known: BTreeSet::new(),
    };
    let scenario = &found.scenario;
    let keys = scenario.keys.iter().map(|it| &it.declared);
    let grants = scenario.grants.iter().map(|it| &it.declared);
    let roles = scenario.roles.iter().map(|it| &it.declared);
    let users = scenario.users.iter().map(|it| &it.declared);
    found.known = keys
        .chain(grants)
        .chain(roles)
        .chain(users)
        .cloned()
        .collect();
    for call in cassette.interactions.iter().filter(|it| it.status == 200) {
        found.look_at(call);
    }
    found.scenario
}

struct Found {
    scenario: Scenario,
    /// Identifiers of what recorded calls have made.
    made: BTreeSet<String>,
    /// Names of what is declared by now.
    known: BTreeSet<String>,
}

impl Found {
    fn look_at(&mut self, call: &Interaction) {
        let (input, output) = (call.input().value(), call.output().value());
        self.principals(input);
        self.principals(output);
        match call.operation.as_str() {
            "CreateKey" => self.make(&output["KeyMetadata"]["KeyId"]),
            "CreateGrant" => self.make(&output["GrantId"]),
            _ => {}
        }
        for member in ["KeyId", "TargetKeyId"] {
            self.key(&input[member]);
        }
        if let Some(metadata) = output.get("KeyMetadata") {
            self.key(&metadata["Arn"]);
            self.describe(&input["KeyId"], metadata);
        }
        for listed in output["Keys"].as_array().into_iter().flatten() {
            self.key(&listed["KeyArn"]);
        }
        for listed in output["Grants"].as_array().into_iter().flatten() {
            self.key(&listed["KeyId"]);
            self.grant(listed);
        }
        // Of a grant that was only ended, no more is known than that it was there.
        self.grant(input);
    }

    fn make(&mut self, id: &Value) {
        self.made.extend(id.as_str().map(str::to_owned));
    }

    fn key(&mut self, reference: &Value) {
        let Some(reference) = reference.as_str() else {
            return;
        };
        let id = reference.rsplit('/').next().unwrap_or(reference);
        let Some(name) = name_of(Kind::Key, id) else {
            return;
        };
        if self.made.contains(id) || !self.known.insert(name.clone()) {
            return;
        }
        let mut key = KeyDeclaration::new(name).multi_region(id.starts_with("mrk-"));
        key.account = Arn::parse(reference)
            .map(|it| it.account.to_owned())
            .filter(|it| *it != self.scenario.account);
        self.scenario.keys.push(key);
    }

    /// What is told about a key that is known by now.
    fn describe(&mut self, reference: &Value, metadata: &Value) {
        let text = |member: &str| metadata[member].as_str();
        let name = text("KeyId").and_then(|it| name_of(Kind::Key, it));
        let made = text("KeyId").is_some_and(|it| self.made.contains(it));
        let key = self
            .scenario
            .keys
            .iter_mut()
            .find(|it| Some(&it.declared) == name.as_ref());
        let Some(key) = key.filter(|it| !made && it.spec.is_none()) else {
            return;
        };
        key.spec = text("KeySpec").and_then(KeySpec::from_word);
        key.usage = text("KeyUsage").and_then(KeyUsage::from_word);
        key.origin = text("Origin").and_then(Origin::from_word);
        key.state = text("KeyState").and_then(KeyState::from_word);
        key.description = text("Description")
            .filter(|it| !it.is_empty())
            .map(str::to_owned);
        let alias = reference.as_str().filter(|it| it.starts_with("alias/"));
        key.alias = alias.map(str::to_owned);
    }

    fn grant(&mut self, terms: &Value) {
        let text = |member: &str| terms[member].as_str();
        let (Some(id), Some(key)) = (text("GrantId"), text("KeyId")) else {
            return;
        };
        let key_id = key.rsplit('/').next().unwrap_or(key);
        // On a key that a call has made, a grant was made by a call, too.
        if self.made.contains(id) || self.made.contains(key_id) {
            return;
        }
        let (Some(name), Some(key)) = (name_of(Kind::Grant, id), self.name_of_key(key_id)) else {
            return;
        };
        // Grants of AWS's own services cannot be declared.
        let is_declarable = |it: &str| it.starts_with("arn:");
        let principals = ["GranteePrincipal", "RetiringPrincipal"];
        let services = ["GranteeServicePrincipal", "RetiringServicePrincipal"];
        if !principals.into_iter().filter_map(text).all(is_declarable)
            || !services
                .into_iter()
                .filter_map(text)
                .all(is_service_principal)
        {
            return;
        }
        if !self.known.insert(name.clone()) {
            return;
        }
        let operations = terms["Operations"].as_array().into_iter().flatten();
        let mut operations: Vec<_> = operations
            .filter_map(|it| GrantOperation::from_word(it.as_str()?))
            .collect();
        if operations.is_empty() {
            operations.push(GrantOperation::Decrypt);
        }
        let mut grant = GrantDeclaration::new(name)
            .key(key)
            .grantee(
                text("GranteePrincipal")
                    .or(text("GranteeServicePrincipal"))
                    .unwrap_or(ADMIN),
            )
            .operations(operations);
        let retiring = text("RetiringPrincipal").or(text("RetiringServicePrincipal"));
        grant.retiring = retiring.map(str::to_owned);
        let source_arn = terms["Constraints"]["SourceArn"].as_str();
        grant.source_arn = source_arn.map(str::to_owned);
        grant.name = text("Name").filter(|it| !it.is_empty()).map(str::to_owned);
        let pairs = |member: &str| {
            let map = terms["Constraints"][member].as_object()?;
            let pairs = map
                .iter()
                .map(|(key, it)| (key.clone(), it.as_str().unwrap_or_default().to_owned()));
            Some(pairs.collect::<Vec<_>>())
        };
        grant.context_equals = pairs("EncryptionContextEquals");
        grant.context_subset = pairs("EncryptionContextSubset");
        self.scenario.grants.push(grant);
    }

    /// The declared name of a key, or the one that it was given when it was found.
    fn name_of_key(&self, id: &str) -> Option<String> {
        let declared = self.scenario.keys.iter().map(|it| &it.declared);
        let mut declared = declared.filter(|it| literal(Kind::Key, it, id) == id);
        declared.next().cloned()
    }

    fn principals(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.principal(text),
            Value::Array(values) => values.iter().for_each(|it| self.principals(it)),
            Value::Object(members) => members.values().for_each(|it| self.principals(it)),
            _ => {}
        }
    }

    fn principal(&mut self, text: &str) {
        let Some(arn) = Arn::parse(text) else { return };
        let mut parts = arn.resource.split('/');
        let (kind, name) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let account = (arn.account != self.scenario.account).then(|| arn.account.to_owned());
        let declared = match &account {
            None => name.to_owned(),
            Some(account) => format!("{name}-{account}"),
        };
        match (arn.service, kind) {
            ("iam", "role") | ("sts", "assumed-role") => {
                let ours = name == "Admin" && account.is_none();
                if name_of(Kind::Role, name).is_some()
                    && !ours
                    && self.known.insert(declared.clone())
                {
                    let mut role = RoleDeclaration::new(declared).name(name);
                    role.entity.account = account;
                    self.scenario.roles.push(role);
                }
            }
            ("iam", "user")
                if name_of(Kind::User, name).is_some() && self.known.insert(declared.clone()) =>
            {
                let mut user = UserDeclaration::new(declared).name(name);
                user.entity.account = account;
                self.scenario.users.push(user);
            }
            _ => {}
        }
    }
}
