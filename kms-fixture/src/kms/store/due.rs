//! Events that become due as time passes: deletions, expiries, rotations.

use std::time::SystemTime;

use super::{Automatic, Imported, Key, KeyIndex, Material, MaterialId, Rotated, Store, days};
use crate::kms::ids::Ids;
use crate::model::{KeyState, Origin};

/// Returns the id of the `number`th material that KMS generates for a key, counted from 0.
pub(crate) fn material_id(ids: &Ids, key_id: &str, number: usize) -> MaterialId {
    let name = match number {
        0 => key_id.to_owned(),
        number => format!("{key_id}/{number}"),
    };
    ids.named("key-material", &name).bytes()
}

impl Store {
    /// Announces an event that is due `at` that time.
    pub(crate) fn schedule(&mut self, at: SystemTime) {
        self.next_due = Some(self.next_due.map_or(at, |due| due.min(at)));
    }

    /// Announces the next event of a key.
    pub(crate) fn schedule_next(&mut self, index: KeyIndex) {
        if let Some(at) = self.keys.get(index).next_due() {
            self.schedule(at);
        }
    }

    /// Applies the events that are due at `now`, for each key in chronological order.
    pub(crate) fn apply_due(&mut self, now: SystemTime) {
        self.time = now;
        let is_due = |at: Option<SystemTime>| at.is_some_and(|it| it <= now);
        if !is_due(self.next_due) {
            return;
        }
        while is_due(self.next_due) {
            let regions = self.regions();
            for region in &regions {
                let mut there = self.enter(region);
                for (index, at) in there.keys.due(now) {
                    there.apply_due_to(index, at);
                }
            }
            let due = regions.iter().filter_map(|it| self.keys_in(it)?.next_due());
            self.next_due = due.min();
        }
    }

    /// Applies the events of a key that are due `at` that time.
    fn apply_due_to(&mut self, index: KeyIndex, at: SystemTime) {
        let key = self.keys.get_mut(index);
        if key.deletion.is_some_and(|it| it <= at) {
            self.delete_key(index, at);
            return;
        }
        expire(key, at);
        if key.rotation.on_demand.is_some_and(|it| it.complete <= at) {
            key.rotation.on_demand = None;
            let id = key.id.clone();
            self.rotate(&id, at, true);
        }
        self.rotate_if_due(index, at);
    }

    /// Performs an automatic rotation that is due, or became due while the key was not enabled. The next one is due a
    /// period later (API reference, GetKeyRotationStatus).
    pub(crate) fn rotate_if_due(&mut self, index: KeyIndex, at: SystemTime) {
        let key = self.keys.get_mut(index);
        let automatic = key.rotation.automatic.filter(|it| it.next <= at);
        if let Some(automatic) = automatic
            && key.state == KeyState::Enabled
        {
            key.rotation.automatic = Some(Automatic::from(at, automatic.period_in_days));
            let id = key.id.clone();
            self.rotate(&id, at, false);
        }
    }

    /// Deletes a key with its grants and aliases.
    fn delete_key(&mut self, index: KeyIndex, at: SystemTime) {
        let key = self.keys.get(index);
        let id = key.id.clone();
        self.keys.remove(index);
        self.grants.remove_all_of(index);
        self.aliases.remove_all_of(index, &self.keys.get(index).account);
        // The waiting period of a primary begins when its last replica has been deleted (recorded).
        let left = self.regions_of(&id);
        let [(region, primary, false)] = left.as_slice() else {
            return;
        };
        let key = self.keys_in_mut(region).get_mut(*primary);
        if let Some(window) = key.deletion_window
            && key.state == KeyState::PendingReplicaDeletion
        {
            key.state = KeyState::PendingDeletion;
            key.deletion = Some(at + days(window));
            key.deletion_window = None;
        }
    }

    /// Replaces the current material in every Region of the key. A key with imported material requires a pending
    /// material; if that has been deleted, the rotation has no effect (recorded).
    pub(crate) fn rotate(&mut self, key_id: &str, at: SystemTime, on_demand: bool) {
        let regions = self.regions_of(key_id);
        let primary = regions.iter().find(|(.., is_replica)| !is_replica);
        let Some((region, index, _)) = primary else {
            return;
        };
        let Some(primary) = self.keys_in(region).map(|it| it.get(*index)) else {
            return;
        };
        let next = match primary.materials.pending() {
            Some(staged) => staged.clone(),
            None if primary.origin == Origin::EXTERNAL => return,
            None => {
                let made = primary.materials.iter().count();
                Material::new(material_id(&self.ids, key_id, made), None)
            }
        };
        for (region, index, _) in regions {
            let keys = self.keys_in_mut(&region);
            keys.index_material(next.id, index);
            let key = keys.get_mut(index);
            if key.materials.pending().is_none() {
                key.materials.stage(next.clone());
            }
            key.materials.rotate(Rotated { at, on_demand });
            key.await_missing_material();
        }
    }

    /// Returns whether the pending material has been imported in every Region of the key.
    pub(crate) fn pending_is_in_every_region(&self, key_id: &str) -> bool {
        self.regions_of(key_id).iter().all(|(region, index, _)| {
            let key = self.keys_in(region).map(|it| it.get(*index));
            let next = key.and_then(|it| it.materials.pending());
            next.is_some_and(|it| it.imported.as_ref().is_none_or(Imported::is_listed))
        })
    }

    /// Makes every change so far visible.
    pub(crate) fn settle(&mut self, now: SystemTime) {
        self.changes.settle();
        for region in self.regions() {
            let mut there = self.enter(&region);
            there.grants.settle();
            let running: Vec<_> = there.keys.iter().map(|it| it.id.clone()).collect();
            for id in running {
                if let Some(index) = there.keys.find(&id)
                    && let Some(running) = &mut there.keys.get_mut(index).rotation.on_demand
                {
                    running.complete = now;
                    there.schedule(now);
                }
            }
        }
        self.apply_due(now);
    }
}

/// Marks imported material that has expired as missing.
fn expire(key: &mut Key, at: SystemTime) {
    for material in key.materials.iter_mut() {
        if let Some(imported) = &mut material.imported
            && imported.valid_to.is_some_and(|it| it <= at)
        {
            imported.is_present = false;
        }
    }
    key.await_missing_material();
}
