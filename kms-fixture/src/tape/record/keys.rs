//! The keys and aliases that a recording of AWS may change: those that are bound, and those that it made.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::live::{Rules, is_of_key_stores};
use crate::api::is_mutation;
use crate::model::{Arn, is_key_id};

/// The keys that each name in a call names now, by their ARNs; nothing for a name without a key.
pub(super) type Resolved = BTreeMap<String, Option<String>>;

/// The keys and aliases of a recording.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    /// The bound keys, by ARN, with their declared names.
    bound: BTreeMap<String, String>,
    /// The ARNs of the keys that the recording made.
    made: BTreeSet<String>,
    /// Those whose deletion is scheduled.
    ending: BTreeSet<String>,
    /// The aliases that the recording made.
    aliases: BTreeSet<String>,
    /// The other aliases that it pointed to another key, with the key before.
    moved: BTreeMap<String, String>,
    /// Things that calls without an answer may have made.
    perhaps: Vec<String>,
    /// The account that is recorded, if AWS is.
    account: Option<String>,
    /// The account whose keys the service lists, if it is known.
    owner: Option<String>,
    rules: Rules,
}

impl Keys {
    /// Returns the keys of a recording that begins; `account` is the recorded one if AWS is recorded.
    pub(super) fn new(
        bound: BTreeMap<String, String>,
        account: Option<String>,
        rules: Rules,
    ) -> Self {
        Self { bound, owner: account.clone(), account, rules, ..Self::default() }
    }

    /// Sets the account whose keys the service lists.
    pub(super) fn of_account(self, owner: Option<String>) -> Self {
        Self { owner, ..self }
    }

    /// Returns the ARN of a key, if it is known, and whether the service lists the key as one of the account.
    pub(super) fn find<'a>(&'a self, key: &'a str) -> (Option<&'a str>, bool) {
        let known = self.bound.keys().chain(&self.made).find(|it| is_named(it, key));
        let arn =
            known.map(String::as_str).or_else(|| Some(key).filter(|it| it.starts_with("arn:")));
        let own = match arn.map(Arn::parse) {
            None => is_key_id(key),
            Some(None) => false,
            Some(Some(it)) => {
                it.resource.starts_with("key/") && self.owner.as_deref() == Some(it.account)
            }
        };
        (arn, own)
    }

    /// Returns the keys and aliases that a killed recording made; the aliases with their keys.
    pub(super) fn of_killed(
        made: BTreeSet<String>,
        aliases: BTreeMap<String, String>,
        rules: Rules,
    ) -> Self {
        let bound = aliases.values().map(|it| (it.clone(), String::new())).collect();
        let aliases = aliases.into_keys().collect();
        Self { bound, made, aliases, rules, ..Self::default() }
    }

    /// Returns the names in a call for which [`Keys::refuses`] needs the keys.
    pub(super) fn names<'a>(operation: &str, input: &'a Value) -> Vec<&'a str> {
        changed(operation).iter().filter_map(|it| input[*it].as_str()).collect()
    }

    /// Returns why a call may not be sent, or nothing.
    pub(super) fn refuses(
        &self,
        operation: &str,
        input: &Value,
        resolved: &Resolved,
    ) -> Option<String> {
        let account = self.account.as_ref()?;
        if is_of_key_stores(operation) && !self.rules.allow_key_stores(operation) {
            return Some(format!(
                "{operation} was not sent: a recording changes no custom key store of AWS unless kms-fixture.toml says \
                 so. Write `custom_key_stores = [\"{operation}\"]` there."
            ));
        }
        if operation == "CreateGrant" {
            return self.refuses_account(input["KeyId"].as_str()?, account);
        }
        let alias = input["AliasName"].as_str();
        for member in changed(operation) {
            let name = input[*member].as_str();
            let Some(Some(arn)) = name.and_then(|it| resolved.get(it)) else {
                continue;
            };
            let is_alias = *member == "AliasName";
            if self.made.contains(arn) {
                // An alias of a bound key may have been pointed to it.
                let before = alias.filter(|_| is_alias).and_then(|it| self.moved.get(it));
                let before = before.and_then(|it| self.bound.get(it));
                match before.filter(|it| !self.rules.allow(it, operation)) {
                    Some(declared) => return Some(forbidden(operation, declared)),
                    None => continue,
                }
            }
            let Some(declared) = self.bound.get(arn) else {
                return Some(unbound(operation, arn, is_alias));
            };
            let is_own_alias = is_alias && alias.is_some_and(|it| self.aliases.contains(it));
            if !is_own_alias && !self.rules.allow(declared, operation) {
                return Some(forbidden(operation, declared));
            }
        }
        None
    }

    /// Returns why no grant may be made on `key`, or nothing: it is another account's, and not bound.
    fn refuses_account(&self, key: &str, account: &str) -> Option<String> {
        let other = Arn::parse(key).map(|it| it.account).filter(|it| *it != account)?;
        (!self.bound.contains_key(key)).then(|| {
            format!(
                "CreateGrant was not sent: the key belongs to the account {other}, but only {account} may be recorded. \
                 Declare the key and bind it, if its owner agrees."
            )
        })
    }

    /// Remembers what an accepted call made or changed.
    pub(super) fn accepted(
        &mut self,
        operation: &str,
        input: &Value,
        output: &Value,
        resolved: &Resolved,
    ) {
        let arn = |metadata: &str| output[metadata]["Arn"].as_str().map(str::to_owned);
        let alias = input["AliasName"].as_str().map(str::to_owned);
        let key = input["KeyId"].as_str().unwrap_or_default();
        let listed = output["Keys"][0]["KeyArn"].as_str().filter(|_| operation == "ListKeys");
        let made = output["KeyMetadata"]["Arn"].as_str().filter(|_| operation == "CreateKey");
        if let (None, Some(arn)) = (&self.owner, listed.or(made).and_then(Arn::parse)) {
            self.owner = Some(arn.account.to_owned());
        }
        match (operation, alias) {
            ("CreateKey", _) => self.made.extend(arn("KeyMetadata")),
            ("ReplicateKey", _) => self.made.extend(arn("ReplicaKeyMetadata")),
            ("CreateAlias", Some(alias)) => {
                self.aliases.insert(alias);
            }
            ("UpdateAlias", Some(alias)) if !self.aliases.contains(&alias) => {
                if let Some(Some(before)) = resolved.get(&alias) {
                    self.moved.entry(alias).or_insert_with(|| before.clone());
                }
            }
            ("DeleteAlias", Some(alias)) => {
                self.aliases.remove(&alias);
                self.moved.remove(&alias);
            }
            ("ScheduleKeyDeletion", _) => {
                let made = self.made.iter().filter(|it| is_named(it, key));
                self.ending.extend(made.cloned());
            }
            ("CancelKeyDeletion", _) => self.ending.retain(|it| !is_named(it, key)),
            _ => {}
        }
    }

    /// Remembers a call without an answer that shows what became of it.
    pub(super) fn lost(&mut self, operation: &str, input: &Value) {
        let what = match (operation, input["AliasName"].as_str()) {
            ("CreateKey", _) => "a key".to_owned(),
            ("ReplicateKey", _) => "a replica of a key".to_owned(),
            ("CreateAlias", Some(alias)) => format!("the alias {alias}"),
            _ => return,
        };
        self.perhaps.push(format!("{what}, because {operation} had no answer"));
    }

    /// Returns the aliases that the recording made.
    pub(super) fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(String::as_str)
    }

    /// Returns the keys that the recording made and whose deletion is not scheduled.
    pub(super) fn left(&self) -> impl Iterator<Item = &str> {
        self.made.difference(&self.ending).map(String::as_str)
    }

    /// Returns the aliases that the recording pointed to another key, with the key before.
    pub(super) fn moved(&self) -> impl Iterator<Item = (&str, &str)> {
        self.moved.iter().map(|(alias, key)| (alias.as_str(), key.as_str()))
    }

    /// Returns what calls without an answer may have made.
    pub(super) fn perhaps(&self) -> &[String] {
        &self.perhaps
    }

    /// Returns the declared name of a bound key.
    pub(super) fn name(&self, key: &str) -> Option<&str> {
        let found = self.bound.iter().find(|(arn, _)| is_named(arn, key));
        found.map(|(_, name)| name.as_str())
    }

    /// Returns whether a key is bound or made by the recording.
    pub(super) fn has(&self, arn: &str) -> bool {
        self.bound.contains_key(arn) || self.made.contains(arn)
    }

    /// Returns whether keys that the recording made are scheduled for deletion.
    pub(super) fn schedules(&self) -> bool {
        self.rules.schedule_made_keys
    }
}

/// Returns the members of an operation's input that name a key or an alias that it changes. Grants have rules of their
/// own.
fn changed(operation: &str) -> &'static [&'static str] {
    match operation {
        "CreateGrant" | "RetireGrant" | "RevokeGrant" => &[],
        "CreateAlias" => &["TargetKeyId"],
        "DeleteAlias" => &["AliasName"],
        "UpdateAlias" => &["AliasName", "TargetKeyId"],
        _ if is_mutation(operation) => &["KeyId"],
        _ => &[],
    }
}

/// Returns whether `name` is this ARN or the id in it.
fn is_named(arn: &str, name: &str) -> bool {
    arn == name || arn.rsplit_once(":key/").is_some_and(|(_, id)| id == name)
}

/// Returns why a call is refused that changes a key that is neither bound nor made.
fn unbound(operation: &str, arn: &str, is_alias: bool) -> String {
    let what = if is_alias { "its alias belongs to" } else { "it changes" };
    format!(
        "{operation} was not sent: {what} the key {arn}, which is neither bound nor made by this recording. Declare a key \
         and bind it in kms-fixture.toml: `name = \"{arn}\"` below `[keys]`."
    )
}

/// Returns why a call is refused that changes a bound key for good.
fn forbidden(operation: &str, declared: &str) -> String {
    format!(
        "{operation} was not sent: it cannot be undone, and kms-fixture.toml does not allow it for `{declared}`. Write \
         `{declared} = [\"{operation}\"]` below `[allow]` there."
    )
}

#[cfg(test)]
mod tests;
