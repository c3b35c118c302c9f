//! What happens by itself when time passes: deletions, expiries, rotations.

use std::time::SystemTime;

use super::{Key, KeyIndex, Material, MaterialId, Rotated, Store, days};
use crate::ids::Ids;
use crate::model::KeyState;

/// The id of a material that KMS makes for a key, the `number`th one from 0.
pub(crate) fn material_id(ids: &Ids, key_id: &str, number: usize) -> MaterialId {
    let name = match number {
        0 => key_id.to_owned(),
        number => format!("{key_id}/{number}"),
    };
    ids.named("key-material", &name).bytes()
}

impl Store {
    /// Says that something will happen by itself.
    pub(crate) fn expect(&mut self, at: SystemTime) {
        self.next_due = Some(self.next_due.map_or(at, |due| due.min(at)));
    }

    /// Lets happen what is due.
    pub(crate) fn pass(&mut self, now: SystemTime) {
        if self.next_due.is_none_or(|due| now < due) {
            return;
        }
        let home = self.region.clone();
        for region in self.regions() {
            self.enter(&region);
            // Something may be due more than once.
            loop {
                let due = self.keys.due(now);
                if due.is_empty() {
                    break;
                }
                for index in due {
                    self.pass_for(index, now);
                }
            }
        }
        self.enter(&home);
        let all = self.regions();
        let due = all.iter().filter_map(|it| self.keys_in(it)?.next_due());
        self.next_due = due.min();
    }

    fn pass_for(&mut self, index: KeyIndex, now: SystemTime) {
        let key = self.keys.get_mut(index);
        if key.deletion.is_some_and(|it| it <= now) {
            self.delete_key(index, now);
            return;
        }
        expire(key, now);
        let id = key.id.clone();
        if let Some(on_demand) = key.rotation.on_demand.filter(|it| it.complete <= now) {
            key.rotation.on_demand = None;
            self.rotate(&id, on_demand.complete, true);
        }
        let key = self.keys.get_mut(index);
        if let Some(automatic) = key.rotation.automatic.filter(|it| it.next <= now) {
            key.rotation.automatic = Some(automatic.again());
            // A key that cannot be used is not rotated; the date goes on (API reference, EnableKeyRotation).
            if matches!(key.state, KeyState::Enabled) && !key.is_replica() {
                self.rotate(&id, automatic.next, false);
            }
        }
    }

    /// Deletes a key for good, with its grants and aliases.
    fn delete_key(&mut self, index: KeyIndex, now: SystemTime) {
        let key = self.keys.get(index);
        let id = key.id.clone();
        self.keys.remove(index);
        self.grants.remove_all_of(index);
        self.aliases.remove_all_of(index);
        // A primary that has waited for its last replica begins its own window (recorded).
        let left = self.regions_of(&id);
        let [(region, primary, false)] = left.as_slice() else {
            return;
        };
        let key = self.keys_in_mut(region).get_mut(*primary);
        if let Some(window) = key.deletion_window
            && key.state == KeyState::PendingReplicaDeletion
        {
            key.state = KeyState::PendingDeletion;
            key.deletion = Some(now + days(window));
            self.expect(now + days(window));
        }
    }

    /// Puts new material in the place of the current one, in every Region of the key.
    pub(crate) fn rotate(&mut self, key_id: &str, at: SystemTime, on_demand: bool) {
        let regions = self.regions_of(key_id);
        let Some((region, index, _)) = regions.first() else {
            return;
        };
        let Some(first) = self.keys_in(region).map(|it| it.get(*index)) else {
            return;
        };
        let staged = first.materials.pending().cloned();
        let made = first.materials.iter().count();
        let next =
            staged.unwrap_or_else(|| Material::new(material_id(&self.ids, key_id, made), None));
        for (region, index, _) in regions {
            let keys = self.keys_in_mut(&region);
            keys.learn_material(next.id, index);
            let key = keys.get_mut(index);
            if key.materials.pending().is_none() {
                key.materials.stage(next.clone());
            }
            key.materials.rotate(Rotated { at, on_demand });
            if key.state == KeyState::Enabled && !key.materials.are_complete() {
                key.state = KeyState::PendingImport;
            }
        }
    }

    /// Lets every change so far arrive.
    pub(crate) fn settle(&mut self, now: SystemTime) {
        self.changes.settle();
        let home = self.region.clone();
        for region in self.regions() {
            self.enter(&region);
            self.grants.settle();
            let running: Vec<_> = self.keys.iter().map(|it| it.id.clone()).collect();
            for id in running {
                if let Some(index) = self.keys.find(&id)
                    && let Some(running) = &mut self.keys.get_mut(index).rotation.on_demand
                {
                    running.complete = now;
                    self.expect(now);
                }
            }
        }
        self.enter(&home);
        self.pass(now);
    }
}

/// Imported material goes when its time is over.
fn expire(key: &mut Key, now: SystemTime) {
    let mut gone = false;
    for material in key.materials.iter_mut() {
        if let Some(imported) = &mut material.imported
            && imported.is_present
            && imported.valid_to.is_some_and(|it| it <= now)
        {
            imported.is_present = false;
            gone = true;
        }
    }
    let usable = matches!(key.state, KeyState::Enabled | KeyState::Disabled);
    if gone && usable && !key.materials.are_complete() {
        key.state = KeyState::PendingImport;
    }
}
