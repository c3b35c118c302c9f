//! Keys that calls found: their account, alias, spec, usage and origin.

use serde_json::Value;

use super::spec::spec_of;
use super::{Found, name_in};
use crate::model::{Arn, KeySpec, KeyState, KeyUsage, Origin};
use crate::scenario::KeyDeclaration;
use crate::tape::cassette::Interaction;
use crate::tape::redact::{Kind, literal, name_of};
use crate::tape::shadow::before::KeyBefore;

impl Found {
    /// Declares a key, unless a call made it.
    pub(super) fn key(&mut self, reference: &Value) {
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
        let scenario = &mut self.before.scenario;
        key.account = Arn::parse(reference)
            .map(|it| it.account.to_owned())
            .filter(|it| *it != scenario.account);
        scenario.keys.push(key);
    }

    /// Returns a key that was found and whose spec is not known yet.
    fn found(&mut self, reference: &Value) -> Option<&mut KeyDeclaration> {
        let name = name_in(reference)?;
        let id = reference.as_str()?.rsplit('/').next()?;
        let keys = self.before.scenario.keys.iter_mut();
        let mut keys = keys.filter(|it| it.declared == name && it.spec.is_none());
        keys.next().filter(|_| !self.made.contains(id))
    }

    /// Sets the alias by which a call named a key, unless a call made the alias.
    pub(super) fn alias(&mut self, asked: &Value, found: &Value) {
        let Some(alias) = asked.as_str() else { return };
        let alias = match Arn::parse(alias) {
            Some(arn) => arn.resource,
            None => alias,
        };
        if alias.starts_with("alias/") {
            self.add_alias(alias, found);
        }
    }

    /// Gives a key an alias that a call listed, unless an earlier call changed that alias.
    pub(super) fn give_alias(&mut self, listed: &Value) {
        if let Some(alias) = listed["AliasName"].as_str() {
            self.add_alias(alias, &listed["TargetKeyId"]);
        }
    }

    fn add_alias(&mut self, alias: &str, target: &Value) {
        let Some(id) = target.as_str().and_then(|it| it.rsplit('/').next()) else {
            return;
        };
        if self.made.contains(alias) || self.made.contains(id) {
            return;
        }
        let Some(at) = self.place_of(id) else { return };
        let keys = &mut self.before.scenario.keys;
        let account = keys[at].account.clone();
        let more = |name: &str| self.before.keys.get(name).map(|it| it.aliases.as_slice());
        let is_taken = keys.iter().filter(|it| it.account == account).any(|it| {
            let more = more(&it.declared).unwrap_or_default();
            it.alias.iter().chain(more).any(|it| it == alias)
        });
        if is_taken {
            return;
        }
        if keys[at].alias.is_none() {
            keys[at].alias = Some(alias.to_owned());
        } else {
            self.more_of(at).aliases.push(alias.to_owned());
        }
    }

    /// Sets the spec of a key by its use.
    pub(super) fn guess_spec(&mut self, call: &Interaction) {
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

    /// Sets what an answer shows of a key and no call can change.
    pub(super) fn describe(&mut self, reference: &Value, metadata: &Value) {
        let text = |member: &str| metadata[member].as_str();
        let touched = name_in(&metadata["KeyId"]).is_some_and(|it| self.touched.contains(&it));
        self.alias(reference, &metadata["KeyId"]);
        let Some(key) = self.found(&metadata["KeyId"]) else {
            return;
        };
        key.spec = text("KeySpec").and_then(KeySpec::from_word);
        key.usage = text("KeyUsage").and_then(KeyUsage::from_word);
        key.origin = text("Origin").and_then(Origin::from_word);
        // A key that was used before may have been in another state.
        let state = text("KeyState").and_then(KeyState::from_word);
        key.state = key.state.or(state.filter(|_| !touched));
    }

    /// Returns the position of a key, declared or found.
    pub(super) fn place_of(&self, id: &str) -> Option<usize> {
        let mut keys = self.before.scenario.keys.iter();
        keys.position(|it| literal(Kind::Key, &it.declared, id) == id)
    }

    /// Returns the further properties of the key at a position.
    pub(super) fn more_of(&mut self, at: usize) -> &mut KeyBefore {
        let name = self.before.scenario.keys[at].declared.clone();
        self.before.keys.entry(name).or_default()
    }
}
