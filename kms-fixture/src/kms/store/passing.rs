//! What happens by itself when time passes: deletions, expiries, rotations.

use std::time::SystemTime;

use super::{Automatic, Imported, Key, KeyIndex, Material, MaterialId, Rotated, Store, days};
use crate::kms::ids::Ids;
use crate::model::{KeyState, Origin};

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

    /// Says when the next thing will happen to this key by itself.
    pub(crate) fn expect_next(&mut self, index: KeyIndex) {
        if let Some(at) = self.keys.get(index).next_due() {
            self.expect(at);
        }
    }

    /// Lets happen what is due, in the order in which it is due for each key.
    pub(crate) fn pass(&mut self, now: SystemTime) {
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
                    there.pass_for(index, at);
                }
            }
            let due = regions.iter().filter_map(|it| self.keys_in(it)?.next_due());
            self.next_due = due.min();
        }
    }

    /// Lets happen to a key what is due `at` that time.
    fn pass_for(&mut self, index: KeyIndex, at: SystemTime) {
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

    /// Rotates a key that can be used if the date of its automatic rotation has come, or had come when it could not be
    /// used; the next one is a period later (API reference, GetKeyRotationStatus).
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

    /// Deletes a key for good, with its grants and aliases.
    fn delete_key(&mut self, index: KeyIndex, at: SystemTime) {
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
            key.deletion = Some(at + days(window));
            key.deletion_window = None;
        }
    }

    /// Puts new material in the place of the current one, in every Region of the key. Imported material must have been
    /// staged; if it has been deleted meanwhile, nothing happens (recorded).
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
            keys.learn_material(next.id, index);
            let key = keys.get_mut(index);
            if key.materials.pending().is_none() {
                key.materials.stage(next.clone());
            }
            key.materials.rotate(Rotated { at, on_demand });
            key.miss_material();
        }
    }

    /// Whether the material that waits for its rotation has been imported in every Region of the key.
    pub(crate) fn next_is_everywhere(&self, key_id: &str) -> bool {
        self.regions_of(key_id).iter().all(|(region, index, _)| {
            let key = self.keys_in(region).map(|it| it.get(*index));
            let next = key.and_then(|it| it.materials.pending());
            next.is_some_and(|it| it.imported.as_ref().is_none_or(Imported::is_listed))
        })
    }

    /// Lets every change so far arrive.
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
                    there.expect(now);
                }
            }
        }
        self.pass(now);
    }
}

/// Imported material goes when its time is over.
fn expire(key: &mut Key, at: SystemTime) {
    for material in key.materials.iter_mut() {
        if let Some(imported) = &mut material.imported
            && imported.valid_to.is_some_and(|it| it <= at)
        {
            imported.is_present = false;
        }
    }
    key.miss_material();
}
