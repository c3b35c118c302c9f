//! The keys of a Region.

use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

use super::{KeyPolicy, MaterialId, Materials, Rotation};
use crate::kms::arrival::Change;
use crate::model::{KeySpec, KeyState, KeyUsage, Origin};

/// The position of a key in the store, which never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyIndex(pub(crate) u32);

/// One KMS key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) account: String,
    pub(crate) state: KeyState,
    pub(crate) spec: KeySpec,
    pub(crate) usage: KeyUsage,
    pub(crate) origin: Origin,
    pub(crate) multi_region: bool,
    /// For a replica, the Region of its primary.
    pub(crate) primary_region: Option<String>,
    pub(crate) description: String,
    /// In the order in which their keys were first set.
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) policy: KeyPolicy,
    pub(crate) created: SystemTime,
    /// When the key is deleted. Set while it is pending deletion.
    pub(crate) deletion: Option<SystemTime>,
    /// The waiting period in days. Set while the key is pending the deletion of its replicas.
    pub(crate) deletion_window: Option<u32>,
    /// Whether AWS manages the key, for one of its services.
    pub(crate) by_aws: bool,
    pub(crate) materials: Materials,
    pub(crate) rotation: Rotation,
    /// The creation of the key, which may not be visible yet.
    pub(crate) made: Option<Change>,
}

impl Key {
    /// Returns whether this key is a multi-Region replica.
    pub(crate) fn is_replica(&self) -> bool {
        self.primary_region.is_some()
    }

    /// Sets the state to `PendingImport` if material that is or was current is missing.
    pub(crate) fn await_missing_material(&mut self) {
        let is_usable = matches!(self.state, KeyState::Enabled | KeyState::Disabled);
        if is_usable && !self.materials.are_complete() {
            self.state = KeyState::PendingImport;
        }
    }

    /// Returns when the next deletion, expiry or rotation of the key is due.
    pub(super) fn next_due(&self) -> Option<SystemTime> {
        let expiries = self.materials.iter().filter_map(|it| it.imported.as_ref());
        let expiries = expiries.filter(|it| it.is_present).filter_map(|it| it.valid_to);
        // Automatic rotation is postponed while the key is not enabled (API reference, GetKeyRotationStatus).
        let automatic = self.rotation.automatic;
        let automatic = automatic.filter(|_| self.state == KeyState::Enabled);
        let rotations =
            [automatic.map(|it| it.next), self.rotation.on_demand.map(|it| it.complete)];
        let deletion = self.deletion.into_iter();
        deletion.chain(expiries).chain(rotations.into_iter().flatten()).min()
    }
}

/// The last successful cryptographic operation with a key (API reference, GetKeyLastUsage).
#[derive(Clone, Debug)]
pub(crate) struct LastUse {
    pub(crate) operation: &'static str,
    pub(crate) time: SystemTime,
    /// The id of the request, as its response has it.
    pub(crate) request_id: String,
}

/// All keys of a Region.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    all: Vec<Key>,
    by_id: HashMap<String, KeyIndex>,
    by_material: HashMap<MaterialId, KeyIndex>,
    /// Sorted, for `ListKeys`.
    by_account: BTreeMap<(String, String), KeyIndex>,
    /// A key that was never used has none.
    last_uses: HashMap<KeyIndex, LastUse>,
}

impl Keys {
    pub(crate) fn insert(&mut self, key: Key) -> KeyIndex {
        let index = KeyIndex(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.by_id.insert(key.id.clone(), index);
        self.by_account.insert((key.account.clone(), key.id.clone()), index);
        for material in key.materials.iter() {
            self.by_material.insert(material.id, index);
        }
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

    /// Returns all keys in the order of their creation.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Key> {
        // Deleted keys keep their place, and a new replica may have the id of a deleted one.
        let exists = |(at, key): &(usize, &Key)| {
            let index = self.by_id.get(&key.id);
            index.is_some_and(|it| it.0 as usize == *at)
        };
        self.all.iter().enumerate().filter(exists).map(|(_, key)| key)
    }

    /// Returns the key that has or had this material.
    pub(crate) fn find_by_material(&self, id: &MaterialId) -> Option<KeyIndex> {
        self.by_material.get(id).copied()
    }

    /// Records the key of a material.
    pub(crate) fn index_material(&mut self, id: MaterialId, index: KeyIndex) {
        self.by_material.insert(id, index);
    }

    /// Notes a successful use of a key.
    pub(crate) fn note_use(&mut self, key: KeyIndex, last_use: LastUse) {
        self.last_uses.insert(key, last_use);
    }

    /// Returns the last use of a key; `None` if it was never used.
    pub(crate) fn last_use(&self, key: KeyIndex) -> Option<&LastUse> {
        self.last_uses.get(&key)
    }

    /// Removes a key.
    pub(crate) fn remove(&mut self, index: KeyIndex) {
        let key = &self.all[index.0 as usize];
        self.by_id.remove(&key.id);
        self.by_account.remove(&(key.account.clone(), key.id.clone()));
        self.by_material.retain(|_, it| *it != index);
        self.last_uses.remove(&index);
    }

    /// Returns when the next event of any key is due.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        self.iter().filter_map(Key::next_due).min()
    }

    /// Returns the keys with events due at `now`, each with the time of its first one.
    pub(crate) fn due(&self, now: SystemTime) -> Vec<(KeyIndex, SystemTime)> {
        let due = |key: &Key| {
            let at = key.next_due().filter(|at| *at <= now)?;
            Some((self.find(&key.id)?, at))
        };
        self.iter().filter_map(due).collect()
    }

    /// Returns the keys of `account` after the id `after`, sorted by id.
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
