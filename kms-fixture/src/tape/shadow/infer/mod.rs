//! The keys, grants and principals that recorded calls found without making or declaring them. The fake starts with
//! them, so that it can follow a recording that declares nothing.

mod given;
mod principals;
mod spec;

use std::collections::BTreeSet;

use serde_json::Value;

use self::given::Property;
use self::spec::spec_of;
use crate::model::{
    Arn, GrantOperation, KeySpec, KeyState, KeyUsage, Origin, is_service_principal,
};
use crate::scenario::{ADMIN, GrantDeclaration, KeyDeclaration, Scenario};
use crate::tape::cassette::{Cassette, Interaction};
use crate::tape::redact::{Kind, literal, name_of};

/// Returns the scenario of `cassette`, with the things that its calls found.
pub(crate) fn infer(cassette: &Cassette) -> Scenario {
    let mut found = Found {
        scenario: cassette.scenario.clone(),
        made: BTreeSet::new(),
        known: BTreeSet::new(),
        touched: BTreeSet::new(),
        settled: BTreeSet::new(),
    };
    let scenario = &found.scenario;
    let keys = scenario.keys.iter().map(|it| &it.declared);
    let grants = scenario.grants.iter().map(|it| &it.declared);
    let roles = scenario.roles.iter().map(|it| &it.declared);
    let users = scenario.users.iter().map(|it| &it.declared);
    found.known = keys.chain(grants).chain(roles).chain(users).cloned().collect();
    for call in cassette.interactions.iter().filter(|it| it.status == 200) {
        found.look_at(call);
    }
    for call in cassette.interactions.iter().filter(|it| it.status == 200) {
        found.guess_spec(call);
    }
    found.scenario
}

/// Returns the name of the key with the id or ARN `reference`.
fn name_in(reference: &Value) -> Option<String> {
    name_of(Kind::Key, reference.as_str()?.rsplit('/').next()?)
}

struct Found {
    scenario: Scenario,
    /// Identifiers of things that recorded calls made.
    made: BTreeSet<String>,
    /// Names of things that are declared by now.
    known: BTreeSet<String>,
    /// Names of keys that were used or changed: their earlier state may have been different.
    touched: BTreeSet<String>,
    /// Names of keys with the properties that a call has read or changed.
    settled: BTreeSet<(String, Property)>,
}

impl Found {
    fn look_at(&mut self, call: &Interaction) {
        let (input, output) = (call.input().value(), call.output().value());
        self.principals(input);
        self.principals(output);
        match call.operation.as_str() {
            "CreateKey" => self.make(&output["KeyMetadata"]["KeyId"]),
            "CreateGrant" => self.make(&output["GrantId"]),
            // The alias of a later answer is not necessarily the one before the call.
            "CreateAlias" | "UpdateAlias" | "DeleteAlias" => self.make(&input["AliasName"]),
            _ => {}
        }
        for member in ["KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId"] {
            self.key(&input[member]);
        }
        for (asked, found) in
            [("KeyId", "KeyId"), ("SourceKeyId", "SourceKeyId"), ("DestinationKeyId", "KeyId")]
        {
            self.key(&output[found]);
            self.alias(&input[asked], &output[found]);
        }
        if output.get("PublicKey").is_some() && output.get("KeyUsage").is_some() {
            self.describe(&input["KeyId"], output);
        }
        if let Some(metadata) = output.get("KeyMetadata") {
            self.key(&metadata["Arn"]);
            self.describe(&input["KeyId"], metadata);
        }
        for listed in output["Keys"].as_array().into_iter().flatten() {
            self.key(&listed["KeyArn"]);
        }
        for listed in output["Aliases"].as_array().into_iter().flatten() {
            self.key(&listed["TargetKeyId"]);
            self.give_alias(listed);
        }
        for listed in output["Grants"].as_array().into_iter().flatten() {
            self.key(&listed["KeyId"]);
            self.grant(listed);
        }
        self.give(call);
        // A grant that was only ended is known only by its id.
        self.grant(input);
        let reads = ["Describe", "Get", "List"];
        if !reads.iter().any(|it| call.operation.starts_with(it)) {
            let keys = [&input["KeyId"], &output["KeyId"], &output["SourceKeyId"]];
            let touched = keys.into_iter().filter_map(name_in);
            self.touched.extend(touched);
        }
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

    /// Returns a key that was found and whose spec is not known yet.
    fn found(&mut self, reference: &Value) -> Option<&mut KeyDeclaration> {
        let name = name_in(reference)?;
        let id = reference.as_str()?.rsplit('/').next()?;
        let keys = self.scenario.keys.iter_mut();
        let mut keys = keys.filter(|it| it.declared == name && it.spec.is_none());
        keys.next().filter(|_| !self.made.contains(id))
    }

    /// Sets the alias by which a call named a key, unless a call made the alias.
    fn alias(&mut self, asked: &Value, found: &Value) {
        let Some(alias) = asked.as_str().filter(|it| it.starts_with("alias/")) else {
            return;
        };
        if self.made.contains(alias) {
            return;
        }
        if let Some(key) = self.found(found).filter(|it| it.alias.is_none()) {
            key.alias = Some(alias.to_owned());
        }
    }

    /// Sets the spec of a key by its use.
    fn guess_spec(&mut self, call: &Interaction) {
        let (input, output) = (call.input().value(), call.output().value());
        for (member, prefix) in [("KeyId", ""), ("SourceKeyId", "Source"), ("KeyId", "Destination")]
        {
            if let Some((spec, usage)) = spec_of(input, output, prefix)
                && let Some(key) = self.found(&output[member])
            {
                key.spec = Some(spec);
                key.usage = Some(usage);
            }
        }
    }

    /// Sets the properties of a known key that an answer shows.
    fn describe(&mut self, reference: &Value, metadata: &Value) {
        let text = |member: &str| metadata[member].as_str();
        let touched = name_in(&metadata["KeyId"]).is_some_and(|it| self.touched.contains(&it));
        let Some(key) = self.found(&metadata["KeyId"]) else {
            return;
        };
        key.spec = text("KeySpec").and_then(KeySpec::from_word);
        key.usage = text("KeyUsage").and_then(KeyUsage::from_word);
        key.origin = text("Origin").and_then(Origin::from_word);
        key.state = text("KeyState").and_then(KeyState::from_word).filter(|_| !touched);
        key.description = text("Description").filter(|it| !it.is_empty()).map(str::to_owned);
        let asked = reference.as_str();
        if let Some(alias) = asked.filter(|it| it.starts_with("alias/")) {
            key.alias = Some(alias.to_owned());
        }
    }

    fn grant(&mut self, terms: &Value) {
        let text = |member: &str| terms[member].as_str();
        let (Some(id), Some(key)) = (text("GrantId"), text("KeyId")) else {
            return;
        };
        let key_id = key.rsplit('/').next().unwrap_or(key);
        // A grant on a key that a call made was made by a call as well.
        if self.made.contains(id) || self.made.contains(key_id) {
            return;
        }
        let (Some(name), Some(key)) = (name_of(Kind::Grant, id), self.name_of_key(key_id)) else {
            return;
        };
        // Grants of AWS services cannot be declared.
        let is_declarable = |it: &str| it.starts_with("arn:");
        let principals = ["GranteePrincipal", "RetiringPrincipal"];
        let services = ["GranteeServicePrincipal", "RetiringServicePrincipal"];
        if !principals.into_iter().filter_map(text).all(is_declarable)
            || !services.into_iter().filter_map(text).all(is_service_principal)
        {
            return;
        }
        if !self.known.insert(name.clone()) {
            return;
        }
        let operations = terms["Operations"].as_array().into_iter().flatten();
        let mut operations: Vec<_> =
            operations.filter_map(|it| GrantOperation::from_word(it.as_str()?)).collect();
        if operations.is_empty() {
            operations.push(GrantOperation::Decrypt);
        }
        let mut grant = GrantDeclaration::new(name)
            .key(key)
            .grantee(text("GranteePrincipal").or(text("GranteeServicePrincipal")).unwrap_or(ADMIN))
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

    /// Returns the name of a key, declared or assigned when it was found.
    fn name_of_key(&self, id: &str) -> Option<String> {
        let declared = self.scenario.keys.iter().map(|it| &it.declared);
        let mut declared = declared.filter(|it| literal(Kind::Key, it, id) == id);
        declared.next().cloned()
    }
}
