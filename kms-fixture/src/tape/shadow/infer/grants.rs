//! Grants that lists show, and grants that calls ended.

use serde_json::Value;

use super::Found;
use crate::model::{Arn, GrantOperation};
use crate::scenario::{ADMIN, GrantDeclaration, Listed};
use crate::tape::redact::{Kind, name_of};

impl Found {
    /// Declares a grant by its list entry, or by the call that ended it, unless a call made it.
    pub(super) fn grant(&mut self, terms: &Value) {
        let text = |member: &str| terms[member].as_str();
        let (Some(id), Some(key)) = (text("GrantId"), text("KeyId")) else {
            return;
        };
        let key_id = key.rsplit('/').next().unwrap_or(key);
        // A grant on a key that a call made was made by a call as well.
        if self.made.contains(id) || self.made.contains(key_id) {
            return;
        }
        let (Some(name), Some(at)) = (name_of(Kind::Grant, id), self.place_of(key_id)) else {
            return;
        };
        if !self.known.insert(name.clone()) {
            self.learn_names(&name, terms);
            return;
        }
        // A principal that cannot be declared is only a text.
        let principals = ["GranteePrincipal", "RetiringPrincipal"];
        self.before.principals.extend(principals.into_iter().filter_map(text).map(str::to_owned));
        let key = &self.before.scenario.keys[at];
        let owner = key.account.as_ref().unwrap_or(&self.before.scenario.account);
        let operations = terms["Operations"].as_array().into_iter().flatten();
        let mut operations: Vec<_> =
            operations.filter_map(|it| GrantOperation::from_word(it.as_str()?)).collect();
        if operations.is_empty() {
            operations.push(GrantOperation::Decrypt);
        }
        let mut grant = GrantDeclaration::new(name)
            .key(&key.declared)
            .grantee(text("GranteePrincipal").or(text("GranteeServicePrincipal")).unwrap_or(ADMIN))
            .operations(operations);
        let retiring = text("RetiringPrincipal").or(text("RetiringServicePrincipal"));
        grant.retiring = retiring.map(str::to_owned);
        grant.listed = Some(Listed {
            uses_as_principal: text("GranteePrincipal").is_some(),
            retires_as_principal: text("RetiringPrincipal").is_some(),
        });
        let issuing = text("IssuingAccount").and_then(Arn::parse).map(|it| it.account);
        grant.issuing_account = issuing.filter(|it| it != owner).map(str::to_owned);
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
        self.before.scenario.grants.push(grant);
    }

    /// Replaces the unique ids of a listed grant's principals by the ARNs that a later list shows: a new principal has
    /// arrived.
    fn learn_names(&mut self, name: &str, terms: &Value) {
        let mut grants = self.before.scenario.grants.iter_mut();
        let grant = grants.find(|it| it.declared == name && it.listed.is_some());
        let Some(grant) = grant else { return };
        let members =
            [("GranteePrincipal", &mut grant.grantee), ("RetiringPrincipal", &mut grant.retiring)];
        for (member, known) in members {
            let is_id = known.as_ref().is_some_and(|it| Kind::UniqueId.is_pseudonym(it));
            let shown = terms[member].as_str().filter(|it| is_id && it.starts_with("arn:"));
            if let Some(shown) = shown {
                *known = Some(shown.to_owned());
            }
        }
    }
}
