//! What the types cannot say of a scenario: names that exist, accounts that are accounts, specs that fit usages.

use std::collections::HashSet;

use super::limits;
use super::nearest::nearest;
use super::{ADMIN, Scenario};
use crate::model::{is_account_id, is_service_principal};

impl Scenario {
    /// Every mistake, each with the JSON path of where it stands.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut found = Vec::new();
        if !is_account_id(&self.account) {
            found.push(format!("$.account: {}", not_an_account(&self.account)));
        }
        found.extend(limits::region(&self.region).map(|it| format!("$.region: {it}")));
        self.check_consistency(&mut found);
        self.check_names(&mut found);
        self.check_keys(&mut found);
        self.check_principals(&mut found);
        self.check_grants(&mut found);
        found
    }

    fn check_consistency(&self, found: &mut Vec<String>) {
        let Some(eventual) = &self.consistency.eventual else {
            return;
        };
        let said = [("seconds", Some(eventual.seconds)), ("list_seconds", eventual.list_seconds)];
        for (word, seconds) in said {
            let mistake = seconds.and_then(limits::delay_seconds);
            found.extend(mistake.map(|it| format!("$.consistency.eventual.{word}: {it}")));
        }
    }

    fn declared(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let keys = self.keys.iter().map(|it| ("keys", it.as_ref()));
        let roles = self.roles.iter().map(|it| ("roles", it.as_ref()));
        let users = self.users.iter().map(|it| ("users", it.as_ref()));
        let grants = self.grants.iter().map(|it| ("grants", it.as_ref()));
        keys.chain(roles).chain(users).chain(grants)
    }

    fn check_names(&self, found: &mut Vec<String>) {
        let mut seen = HashSet::new();
        for (group, name) in self.declared() {
            if name.is_empty() {
                found.push(format!("$.{group}: a name is empty"));
            }
            if name == ADMIN || name == "kms" {
                found.push(format!(
                    "$.{group}.{name}: `{name}` is reserved; every fixture has an administrator called `{ADMIN}`"
                ));
            }
            if !seen.insert(name) {
                found.push(format!("$.{group}.{name}: `{name}` is declared twice"));
            }
        }
    }

    fn check_keys(&self, found: &mut Vec<String>) {
        let mut aliases = HashSet::new();
        for key in &self.keys {
            let at = format!("$.keys.{}", key.declared);
            check_account(&at, key.account.as_deref(), found);
            if let Some(alias) = &key.alias {
                if let Some(mistake) = limits::alias(alias) {
                    found.push(format!("{at}.alias: {mistake}"));
                }
                let account = key.account.as_deref().unwrap_or(&self.account);
                if !aliases.insert((account, alias)) {
                    found.push(format!("{at}.alias: another key has the alias `{alias}`"));
                }
            }
            let tags = limits::tags(&key.tags).into_iter();
            found.extend(tags.map(|it| format!("{at}.tags: {it}")));
            if key.description.as_ref().is_some_and(|it| it.chars().count() > 8192) {
                found.push(format!("{at}.description: at most 8192 characters"));
            }
            let spec = key.spec.unwrap_or(crate::model::KeySpec::SYMMETRIC_DEFAULT);
            match key.usage {
                Some(usage) if !spec.usages().contains(&usage) => found.push(format!(
                    "{at}.usage: a key of spec `{spec}` cannot have the usage `{usage}`; it can have {}",
                    list(spec.usages().iter().map(|it| it.as_str()))
                )),
                None if spec.usages().len() > 1 => found.push(format!(
                    "{at}.usage: a key of spec `{spec}` needs a usage: one of {}",
                    list(spec.usages().iter().map(|it| it.as_str()))
                )),
                _ => {}
            }
        }
    }

    fn check_principals(&self, found: &mut Vec<String>) {
        let roles = self.roles.iter().map(|it| ("roles", false, &it.declared, &it.entity));
        let users = self.users.iter().map(|it| ("users", it.federated, &it.declared, &it.entity));
        let mut arns = HashSet::new();
        for (group, federated, declared, entity) in roles.chain(users) {
            let at = format!("$.{group}.{declared}");
            check_account(&at, entity.account.as_deref(), found);
            let name = entity.name.as_ref().unwrap_or(declared);
            let mistake =
                if federated { limits::federated_name(name) } else { limits::entity_name(name) };
            found.extend(mistake.map(|it| format!("{at}.name: {it}")));
            for action in entity.allow.iter().filter(|it| *it != "*" && !it.contains(':')) {
                found
                    .push(format!("{at}.allow: `{action}` is not an action; write `kms:{action}`"));
            }
            if federated && entity.boundary.is_some() {
                found.push(format!(
                    "{at}.boundary: a federated user has none; what it may do is its `policy` and `allow`"
                ));
            }
            // IAM does not allow two of one name, whatever their paths.
            let account = entity.account.as_deref().unwrap_or(&self.account);
            let bare = if federated { name.clone() } else { limits::bare(name).to_lowercase() };
            let is_admin = group == "roles" && bare == "admin" && account == self.account;
            if is_admin || !arns.insert((group, federated, account, bare)) {
                found.push(format!(
                    "{at}.name: account {account} already has one called `{}`",
                    limits::bare(name)
                ));
            }
        }
        for role in &self.roles {
            let session = role.session.as_ref().and_then(|it| limits::session_name(it));
            found.extend(session.map(|it| format!("$.roles.{}.session: {it}", role.declared)));
            let seconds = role.session_seconds.and_then(limits::session_seconds);
            found.extend(
                seconds.map(|it| format!("$.roles.{}.session_seconds: {it}", role.declared)),
            );
        }
    }

    fn check_grants(&self, found: &mut Vec<String>) {
        let principals: HashSet<&str> = [ADMIN]
            .into_iter()
            .chain(self.roles.iter().map(AsRef::as_ref))
            .chain(self.users.iter().map(AsRef::as_ref))
            .collect();
        let keys: HashSet<&str> = self.keys.iter().map(AsRef::as_ref).collect();
        for grant in &self.grants {
            let at = format!("$.grants.{}", grant.declared);
            match &grant.key {
                None => found.push(format!("{at}: a grant needs `key`")),
                Some(key) if !keys.contains(key.as_str()) => {
                    found.push(format!("{at}.key: {}", undeclared("key", key, &keys)));
                }
                Some(_) => {}
            }
            if grant.grantee.is_none() {
                found.push(format!("{at}: a grant needs `grantee`"));
            }
            for (word, principal) in [("grantee", &grant.grantee), ("retiring", &grant.retiring)] {
                // ARNs and unique ids are checked against the directory when the fixture starts.
                if let Some(name) = principal.as_deref().filter(|it| is_plain_name(it))
                    && !principals.contains(name)
                    && !is_service_principal(name)
                {
                    found.push(format!(
                        "{at}.{word}: {}",
                        undeclared("principal", name, &principals)
                    ));
                }
            }
            let is_of_a_service = grant
                .grantee
                .as_deref()
                .is_some_and(|it| !principals.contains(it) && is_service_principal(it));
            if is_of_a_service && (grant.source_arn.is_none() || grant.retiring.is_none()) {
                found.push(format!("{at}.grantee: a service needs `source_arn` and `retiring`"));
            }
            let source_arn = grant.source_arn.as_ref();
            let mistake = source_arn.and_then(|it| limits::source_arn(it));
            found.extend(mistake.map(|it| format!("{at}.source_arn: {it}")));
            if let Some(mistake) = limits::operations(&grant.operations) {
                found.push(format!("{at}.operations: {mistake}"));
            }
            if let Some(mistake) = grant.name.as_ref().and_then(|it| limits::grant_name(it)) {
                found.push(format!("{at}.name: {mistake}"));
            }
            let contexts = [
                ("context_equals", &grant.context_equals),
                ("context_subset", &grant.context_subset),
            ];
            for (word, pairs) in contexts {
                let mistake = pairs.as_ref().and_then(|it| limits::context(it));
                found.extend(mistake.map(|it| format!("{at}.{word}: {it}")));
            }
            if grant.context_equals.is_some() && grant.context_subset.is_some() {
                found.push(format!(
                    "{at}: a grant has at most one of `context_equals` and `context_subset`"
                ));
            }
        }
    }
}

/// Whether a principal is meant as a declared name, as opposed to an ARN or a unique id.
pub(super) fn is_plain_name(text: &str) -> bool {
    !text.contains(':')
        && !(text.len() == 21 && (text.starts_with("AROA") || text.starts_with("AIDA")))
}

fn check_account(at: &str, account: Option<&str>, found: &mut Vec<String>) {
    if let Some(account) = account.filter(|it| !is_account_id(it)) {
        found.push(format!("{at}.account: {}", not_an_account(account)));
    }
}

fn not_an_account(text: &str) -> String {
    format!("`{text}` is not an account id: twelve digits")
}

fn undeclared(kind: &str, name: &str, known: &HashSet<&str>) -> String {
    let mut known: Vec<_> = known.iter().copied().collect();
    known.sort_unstable();
    match nearest(name, known.iter().copied()) {
        Some(word) => format!("no {kind} named `{name}` is declared; did you mean `{word}`?"),
        None if known.is_empty() => format!("no {kind} named `{name}` is declared"),
        None => format!(
            "no {kind} named `{name}` is declared; declared are {}",
            list(known.iter().copied())
        ),
    }
}

/// Words in backticks, with commas.
pub(super) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(|it| format!("`{it}`")).collect();
    words.join(", ")
}
