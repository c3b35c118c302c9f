//! Checks beyond the types of a scenario: values that AWS accepts, names that exist, specs that fit usages.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::fields;
use super::mistakes::{At, Mistakes};
use super::{ADMIN, Fault, GrantDeclaration, Scenario};
use crate::model::declare::{
    self, Alias, Kind, Language, Message, Principal, Sort, TOP, boundary_of_federated_user,
    declared_twice, not_declared, reserved, two_contexts, unfit_context, unfit_operations,
};
use crate::model::{KeySpec, is_service_principal};

const LANGUAGE: Language = Language::Scenario;

impl Scenario {
    /// Returns every mistake, each with its JSON path.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        self.mistakes_but(&[])
    }

    /// Returns every mistake that does not follow from the declarations `broken`, which could not be read in full. They are
    /// given by their JSON paths.
    pub(super) fn mistakes_but(&self, broken: &[String]) -> Vec<String> {
        let mut found = Mistakes::default();
        fields::check(self, &TOP, &At::Root("$"), &mut found);
        self.check_names(&mut found);
        self.check_keys(&mut found);
        self.check_principals(&mut found);
        for grant in &self.grants {
            self.check_grant(grant, broken, &mut found);
        }
        for (index, fault) in self.faults.iter().enumerate() {
            self.check_fault(fault, &format!("$.faults[{index}]"), &mut found);
        }
        found.0
    }

    fn account_of<'a>(&'a self, account: Option<&'a String>) -> &'a str {
        account.unwrap_or(&self.account)
    }

    /// Returns the mistake if no key of this name is declared.
    fn undeclared_key(&self, name: &str) -> Option<Message> {
        if self.keys.iter().any(|it| it.declared == name) {
            return None;
        }
        let known: BTreeSet<&str> = self.keys.iter().map(AsRef::as_ref).collect();
        let known: Vec<_> = known.into_iter().collect();
        Some(not_declared("a key", name, &known))
    }

    /// Returns the mistake if no principal of this name is declared.
    fn undeclared_principal(&self, name: &str) -> Option<Message> {
        if self.is_principal(name) {
            return None;
        }
        let roles = self.roles.iter().map(AsRef::as_ref);
        let known: BTreeSet<&str> = roles.chain(self.users.iter().map(AsRef::as_ref)).collect();
        let known: Vec<_> = known.into_iter().collect();
        Some(not_declared("a role or user", name, &known))
    }

    fn is_principal(&self, name: &str) -> bool {
        name == ADMIN
            || self.roles.iter().any(|it| it.declared == name)
            || self.users.iter().any(|it| it.declared == name)
    }

    fn check_names(&self, found: &mut Mistakes) {
        let keys = self.keys.iter().map(|it| (Kind::Key, "keys", it.as_ref()));
        let roles = self.roles.iter().map(|it| (Kind::Role, "roles", it.as_ref()));
        let users = self.users.iter().map(|it| (Kind::User, "users", it.as_ref()));
        let grants = self.grants.iter().map(|it| (Kind::Grant, "grants", it.as_ref()));
        let mut seen: BTreeMap<&str, Kind> = BTreeMap::new();
        for (kind, group, name) in keys.chain(roles).chain(users).chain(grants) {
            let first = match seen.entry(name) {
                Entry::Occupied(first) => Some(*first.get()),
                Entry::Vacant(place) => {
                    place.insert(kind);
                    None
                }
            };
            let twice = || first.map(|first| declared_twice(name, first, kind));
            found.extend_at(format_args!("$.{group}.{name}"), reserved(name).or_else(twice));
        }
    }

    fn check_keys(&self, found: &mut Mistakes) {
        for key in &self.keys {
            let message = declare::usage(key.spec, key.usage, LANGUAGE);
            found.extend_at(format_args!("$.keys.{}.usage", key.declared), message);
        }
        let with_alias = self.keys.iter().filter_map(|key| {
            let account = self.account_of(key.account.as_ref());
            Some(Alias { key: &key.declared, account, name: key.alias.as_ref()? })
        });
        let aliases: Vec<_> = with_alias.collect();
        for (at, message) in declare::aliases(&aliases) {
            found.add(&format!("$.keys.{}.alias", aliases[at].key), &message);
        }
    }

    fn check_principals(&self, found: &mut Mistakes) {
        let roles = self.roles.iter().map(|it| (Sort::Role, &it.declared, &it.entity));
        let users = self.users.iter().map(|user| {
            let sort = if user.federated { Sort::Federated } else { Sort::User };
            (sort, &user.declared, &user.entity)
        });
        let all: Vec<_> = roles.chain(users).collect();
        for (sort, declared, entity) in &all {
            if *sort == Sort::Federated && entity.boundary.is_some() {
                let at = format!("$.users.{declared}.boundary");
                found.add(&at, &boundary_of_federated_user(LANGUAGE));
            }
        }
        for (sort, declared, entity) in &all {
            let group = if *sort == Sort::Role { "roles" } else { "users" };
            for (index, permission) in entity.allow.iter().enumerate() {
                for (inner, key) in permission.keys().unwrap_or_default().iter().enumerate() {
                    let at = format_args!("$.{group}.{declared}.allow[{index}].on[{inner}]");
                    found.extend_at(at, self.undeclared_key(key));
                }
            }
        }
        let principals = all.iter().map(|(sort, declared, entity)| Principal {
            declared,
            sort: *sort,
            name: entity.name.as_deref(),
            account: Some(self.account_of(entity.account.as_ref())),
        });
        let principals: Vec<_> = principals.collect();
        for (at, message) in declare::principals(&principals, &self.account, LANGUAGE) {
            let group = if principals[at].sort == Sort::Role { "roles" } else { "users" };
            found.add(&format!("$.{group}.{}.name", principals[at].declared), &message);
        }
    }

    fn check_fault(&self, fault: &Fault, at: &str, found: &mut Mistakes) {
        if let Some(key) = &fault.key {
            found.extend(&format!("{at}.key"), self.undeclared_key(key));
        }
        if let Some(caller) = &fault.caller {
            found.extend_at(format_args!("{at}.caller"), self.undeclared_principal(caller));
        }
    }

    /// Returns the mistakes of faults that are added to this scenario; `at` is the JSON path of the list.
    pub(crate) fn mistakes_of_faults(&self, faults: &[Fault], at: &str) -> Vec<String> {
        let mut found = Mistakes::default();
        super::fault::check_all(faults, &At::Root(at), &mut found);
        for (index, fault) in faults.iter().enumerate() {
            self.check_fault(fault, &format!("{at}[{index}]"), &mut found);
        }
        found.0
    }

    fn check_grant(&self, grant: &GrantDeclaration, broken: &[String], found: &mut Mistakes) {
        let path = At::Root("$.grants");
        let at = path.member(&grant.declared);
        let key = grant.key.as_deref().and_then(|name| {
            found.extend_at(at.member("key"), self.undeclared_key(name));
            self.keys.iter().find(|it| it.declared == name)
        });
        for (option, principal) in [("grantee", &grant.grantee), ("retiring", &grant.retiring)] {
            let Some(name) = principal else { continue };
            let undeclared = self.undeclared_principal(name);
            // The fixture checks ARNs and unique ids against the directory when it starts.
            let undeclared = undeclared.filter(|_| declare::principal(name).is_some());
            found.extend_at(at.member(option), undeclared);
        }
        if let Some(grantee) = &grant.grantee
            && !self.is_principal(grantee)
            && is_service_principal(grantee)
        {
            let (arn, retiring) = (grant.source_arn.is_some(), grant.retiring.is_some());
            let message = declare::service(grantee, arn, retiring, LANGUAGE);
            found.extend_at(at.member("grantee"), message);
        }
        if grant.context_equals.is_some() && grant.context_subset.is_some() {
            found.extend_at(at, [two_contexts()]);
        }
        let Some(key) = key else { return };
        if !broken.is_empty() && broken.contains(&format!("$.keys.{}", key.declared)) {
            return;
        }
        let spec = key.spec.unwrap_or(KeySpec::DEFAULT);
        if let Some(usage) = spec.usage_of(key.usage) {
            let words = grant.operations.iter().map(|it| it.as_str());
            for (index, message) in unfit_operations(&key.declared, (spec, usage), words) {
                found.extend_at(at.member("operations").element(index), [message]);
            }
        }
        let contexts =
            [("context_equals", &grant.context_equals), ("context_subset", &grant.context_subset)];
        for (option, _) in contexts.into_iter().filter(|it| it.1.is_some()) {
            let message = unfit_context(option, &key.declared, spec);
            found.extend_at(at.member(option), message);
        }
    }
}
