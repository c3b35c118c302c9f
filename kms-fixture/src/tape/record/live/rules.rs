//! The changes of AWS for good that `kms-fixture.toml` allows to a recording.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::api::{OPERATIONS, is_mutation};

/// The operations on a key or an alias whose effect cannot be undone.
const FOR_GOOD: &[&str] = &[
    "DeleteAlias",
    "DeleteImportedKeyMaterial",
    "DisableKey",
    "ImportKeyMaterial",
    "PutKeyPolicy",
    "ReplicateKey",
    "RotateKeyOnDemand",
    "ScheduleKeyDeletion",
    "UpdatePrimaryRegion",
];

/// The changes that the user allows besides those of bound keys that can be undone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// By declared keys.
    pub(crate) allow: BTreeMap<String, BTreeSet<ForGood>>,
    pub(crate) custom_key_stores: BTreeSet<OfKeyStores>,
    /// Whether keys that a recording made are scheduled for deletion at its end.
    pub(crate) schedule_made_keys: bool,
}

impl Rules {
    /// Returns whether `operation` may change the key that is bound to the declared key `name`.
    pub(crate) fn allow(&self, name: &str, operation: &str) -> bool {
        !FOR_GOOD.contains(&operation)
            || self.allow.get(name).is_some_and(|it| it.iter().any(|it| it.0 == operation))
    }

    /// Returns whether `operation` may change custom key stores.
    pub(crate) fn allow_key_stores(&self, operation: &str) -> bool {
        self.custom_key_stores.iter().any(|it| it.0 == operation)
    }
}

/// Returns whether an operation changes custom key stores.
pub(crate) fn is_of_key_stores(operation: &str) -> bool {
    operation.ends_with("CustomKeyStore") && is_mutation(operation)
}

/// An operation on a key that cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ForGood(String);

impl TryFrom<String> for ForGood {
    type Error = String;

    fn try_from(operation: String) -> Result<Self, String> {
        if FOR_GOOD.contains(&operation.as_str()) {
            return Ok(Self(operation));
        }
        let all = FOR_GOOD.join("`, `");
        Err(format!("`{operation}` is not an operation that has to be allowed; these are: `{all}`"))
    }
}

/// An operation on custom key stores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct OfKeyStores(String);

impl TryFrom<String> for OfKeyStores {
    type Error = String;

    fn try_from(operation: String) -> Result<Self, String> {
        if is_of_key_stores(&operation) {
            return Ok(Self(operation));
        }
        let all = OPERATIONS.iter().map(|it| it.name).filter(|it| is_of_key_stores(it));
        let all = all.collect::<Vec<_>>().join("`, `");
        Err(format!(
            "`{operation}` is not an operation that changes custom key stores; these are: `{all}`"
        ))
    }
}
