//! Keys.

use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

use super::KeyPolicy;
use crate::model::{KeySpec, KeyState, KeyUsage, Origin};

/// Where a key stands in the store; keys keep their place for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyIndex(pub(crate) u32);

/// One KMS key.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) account: String,
    pub(crate) state: KeyState,
    pub(crate) spec: KeySpec,
    pub(crate) usage: KeyUsage,
    pub(crate) origin: Origin,
    pub(crate) multi_region: bool,
    pub(crate) description: String,
    /// In the order in which they were first set.
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) policy: KeyPolicy,
    pub(crate) created: SystemTime,
    /// Set while the key waits for its deletion.
    pub(crate) deletion: Option<SystemTime>,
    /// Whether material has been made or imported; a key that waits for either has none.
    pub(crate) has_material: bool,
    /// 64 hex digits; symmetric encryption keys show it.
    pub(crate) material_id: String,
}

/// All keys of a Region.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    all: Vec<Key>,
    by_id: HashMap<String, KeyIndex>,
    /// Sorted, for `ListKeys`.
    by_account: BTreeMap<(String, String), KeyIndex>,
}

impl Keys {
    pub(crate) fn insert(&mut self, key: Key) -> KeyIndex {
        let index = KeyIndex(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.by_id.insert(key.id.clone(), index);
        self.by_account
            .insert((key.account.clone(), key.id.clone()), index);
        self.all.push(key);
        index
    }

    pub(crate) fn find(&self, id: &str) -> Option<KeyIndex> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn get(&self, index: KeyIndex) -> &Key {
        &self.all[index.0 as usize]
    }

    pub(crate) fn get_mut(&mut self, index: KeyIndex) -> &mut Key {
        &mut self.all[index.0 as usize]
    }

    /// Every key, in the order in which they were made.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Key> {
        self.all.iter()
    }

    /// The keys of `account` behind the id `after`, sorted by id.
    pub(crate) fn of_account<'a>(
        &'a self,
        account: &'a str,
        after: &str,
    ) -> impl Iterator<Item = &'a Key> {
        use std::ops::Bound::{Excluded, Unbounded};
        let start = (account.to_owned(), after.to_owned());
        self.by_account
            .range((Excluded(start), Unbounded))
            .take_while(move |((owner, _), _)| owner == account)
            .map(|(_, &index)| self.get(index))
    }
}
