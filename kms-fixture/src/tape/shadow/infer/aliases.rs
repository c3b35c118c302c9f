//! Aliases of keys that calls found.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Found;
use super::refusals::{message_of, tells_of_a_key};
use crate::model::Arn;
use crate::scenario::KeyDeclaration;
use crate::tape::cassette::Interaction;

/// The members of an input that name a key by an alias.
const REFERENCES: [&str; 4] = ["AliasName", "KeyId", "SourceKeyId", "DestinationKeyId"];

impl Found {
    /// Sets the alias by which a call named a key, unless a call made the alias.
    pub(super) fn alias(&mut self, asked: &Value, found: &Value) {
        if let Some((_, alias)) = alias_in(asked) {
            self.add_alias(alias, found);
        }
    }

    /// Gives a key an alias that a call listed, unless an earlier call changed that alias.
    pub(super) fn give_alias(&mut self, listed: &Value) {
        if let Some(alias) = listed["AliasName"].as_str() {
            self.add_alias(alias, &listed["TargetKeyId"]);
        }
    }

    /// Gives the key whose ARN is in the text of a refusal the alias by which the call named it.
    pub(super) fn alias_of_refusal(&mut self, call: &Interaction, message: &str) {
        let (input, text) = (call.input().value(), message);
        let words = text.split_whitespace().map(|it| it.trim_matches(['\'', '"', ',', '.', ';']));
        let mut keys = words.filter(|it| {
            Arn::parse(it).is_some_and(|it| it.service == "kms" && it.resource.starts_with("key/"))
        });
        let Some(key) = keys.next().map(Value::from) else { return };
        self.key(&key);
        let asked = match call.operation.as_str() {
            "ReEncrypt" if text.contains("ReEncryptFrom") => "SourceKeyId",
            "ReEncrypt" => "DestinationKeyId",
            _ => "KeyId",
        };
        self.alias(&input[asked], &key);
    }

    fn add_alias(&mut self, alias: &str, target: &Value) {
        let Some(id) = target.as_str().and_then(|it| it.rsplit('/').next()) else {
            return;
        };
        if self.made.contains(alias) || self.made.contains(id) {
            return;
        }
        let Some(at) = self.place_of(id) else { return };
        let account = self.before.scenario.keys[at].account.clone();
        if self.holder(alias, account.as_deref()).is_some() {
            return;
        }
        let keys = &mut self.before.scenario.keys;
        if keys[at].alias.is_none() {
            keys[at].alias = Some(alias.to_owned());
        } else {
            self.more_of(at).aliases.push(alias.to_owned());
        }
    }

    /// Returns the position of the key that had an alias before the first call.
    pub(super) fn place_of_alias(&self, reference: &Value) -> Option<usize> {
        let (account, alias) = alias_in(reference)?;
        self.holder(alias, account.filter(|it| *it != self.before.scenario.account))
    }

    /// Returns the position of the key with an alias; `account` is another account than the scenario's.
    fn holder(&self, alias: &str, account: Option<&str>) -> Option<usize> {
        let more = |name: &str| self.before.keys.get(name).map(|it| it.aliases.as_slice());
        self.before.scenario.keys.iter().position(|it| {
            let more = more(&it.declared).unwrap_or_default();
            it.account.as_deref() == account && it.alias.iter().chain(more).any(|it| it == alias)
        })
    }

    /// Declares a key for each alias that was there and whose key no call shows.
    pub(super) fn keys_of_aliases(&mut self, calls: &[Interaction]) {
        let mut told = BTreeSet::new();
        for call in calls {
            let input = call.input().value();
            for reference in REFERENCES.iter().filter_map(|it| alias_in(&input[*it])) {
                let Some(is_there) = was_there(call) else { continue };
                let (account, alias) = reference;
                let account = account.filter(|it| *it != self.before.scenario.account);
                let is_first = told.insert((account.map(str::to_owned), alias.to_owned()));
                if is_first && is_there && self.holder(alias, account).is_none() {
                    let name = format!("key-of-{}", alias.replace('/', "-"));
                    let mut key = KeyDeclaration::new(name.clone()).alias(alias);
                    key.account = account.map(str::to_owned);
                    if self.known.insert(name) {
                        self.before.scenario.keys.push(key);
                    }
                }
            }
        }
    }
}

/// Returns the account, if it is named, and the name of the alias in a reference.
fn alias_in(reference: &Value) -> Option<(Option<&str>, &str)> {
    let text = reference.as_str()?;
    let (account, alias) = match Arn::parse(text) {
        Some(arn) => (Some(arn.account), arn.resource),
        None => (None, text),
    };
    alias.starts_with("alias/").then_some((account, alias))
}

/// Returns whether the alias that a call names was there when the call was made; nothing if the answer does not tell.
fn was_there(call: &Interaction) -> Option<bool> {
    let error = call.output().value();
    if call.status == 200 {
        return Some(call.operation != "CreateAlias");
    }
    if call.operation == "CreateAlias" {
        return (error["__type"] == "AlreadyExistsException").then_some(true);
    }
    let is_missing =
        error["__type"] == "NotFoundException" && message_of(error).starts_with("Alias ");
    if is_missing {
        return Some(false);
    }
    tells_of_a_key(call).then_some(true)
}
