//! The account before the first call of a cassette: declarations, and what no declaration can express.

use std::collections::{BTreeMap, BTreeSet};

use crate::scenario::Scenario;

/// The account before the first call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before {
    /// The declared things, and the keys, grants and principals that calls found.
    pub(crate) scenario: Scenario,
    /// Further accounts.
    pub(crate) accounts: BTreeSet<String>,
    /// Principals that lists show and that cannot be declared: sessions of AWS's own roles, deleted principals.
    pub(crate) principals: BTreeSet<String>,
    /// Further properties of keys, by declared name.
    pub(crate) keys: BTreeMap<String, KeyBefore>,
}

/// The properties of a key that its declaration cannot express, or leaves open.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyBefore {
    /// Its aliases after the first.
    pub(crate) aliases: Vec<String>,
    /// The key policy, unless one is declared.
    pub(crate) policy: Option<String>,
    /// The period of automatic rotation in days, if that is enabled.
    pub(crate) rotation: Option<u32>,
    /// Whether AWS manages it, for one of its services.
    pub(crate) by_aws: bool,
    /// Whether its imported material expires.
    pub(crate) expires: bool,
    /// The Region of its primary key, if the key is a replica.
    pub(crate) primary: Option<String>,
    /// The Regions of its replicas.
    pub(crate) replicas: Vec<String>,
    /// The operations that the key allows to another account.
    pub(crate) trusts: BTreeMap<String, BTreeSet<String>>,
}

impl Before {
    /// Returns an account with these declarations only.
    pub(crate) fn of(scenario: Scenario) -> Self {
        Self { scenario, ..Self::default() }
    }
}
