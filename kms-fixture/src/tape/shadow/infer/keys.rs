//! Keys that calls found: their account, spec, usage and origin.

use serde_json::Value;

use super::spec::{granted, spec_of};
use super::{Found, name_in};
use crate::model::{Arn, KeySpec, KeyState, KeyUsage, Origin};
use crate::scenario::KeyDeclaration;
use crate::tape::cassette::Interaction;
use crate::tape::redact::{Kind, literal, name_of};
use crate::tape::shadow::before::KeyBefore;

/// A spec for each set of grant operations that a key can have, the most common one first.
const KINDS: [(KeySpec, KeyUsage); 6] = [
    (KeySpec::SYMMETRIC_DEFAULT, KeyUsage::ENCRYPT_DECRYPT),
    (KeySpec::RSA_2048, KeyUsage::SIGN_VERIFY),
    (KeySpec::RSA_2048, KeyUsage::ENCRYPT_DECRYPT),
    (KeySpec::HMAC_256, KeyUsage::GENERATE_VERIFY_MAC),
    (KeySpec::ECC_NIST_P256, KeyUsage::KEY_AGREEMENT),
    (KeySpec::ML_KEM_768, KeyUsage::ENCAPSULATE_DECAPSULATE),
];

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

    /// Sets the usage of each key without a spec by the operations of its grants: AWS accepts only those that fit the key.
    pub(super) fn guess_usages(&mut self, calls: &[Interaction]) {
        for (key, operations) in granted(calls) {
            let Some(key) = self.found(&Value::from(key)) else { continue };
            let mut fitting = KINDS.iter().filter(|(spec, usage)| {
                let fitting = spec.grant_operations(*usage);
                operations.iter().all(|it| fitting.contains(it))
            });
            if let Some((spec, usage)) = fitting.next() {
                (key.spec, key.usage) = (Some(*spec), Some(*usage));
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
