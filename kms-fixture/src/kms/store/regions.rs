//! The Regions of a fixture: the one that it was declared with, and those that a multi-Region key has been replicated to.
//!
//! A store is always entered in one Region; what is in the others waits aside.

use std::mem;

use super::{Aliases, Grants, Key, KeyIndex, Keys, Store};

/// What exists in a Region that is not entered. Principals are the same everywhere.
#[derive(Debug, Default)]
pub(crate) struct Regional {
    pub(crate) keys: Keys,
    pub(crate) aliases: Aliases,
    pub(crate) grants: Grants,
}

impl Store {
    /// Goes to another Region.
    pub(crate) fn enter(&mut self, region: &str) {
        if self.region == region {
            return;
        }
        let mut there = self.other_regions.remove(region).unwrap_or_default();
        mem::swap(&mut self.keys, &mut there.keys);
        mem::swap(&mut self.aliases, &mut there.aliases);
        mem::swap(&mut self.grants, &mut there.grants);
        let left = mem::replace(&mut self.region, region.to_owned());
        self.other_regions.insert(left, there);
    }

    /// What `read` finds in every Region, the one that is entered first.
    pub(crate) fn in_each_region<T>(&mut self, read: impl Fn(&Self) -> Vec<T>) -> Vec<T> {
        let home = self.region.clone();
        let mut found = Vec::new();
        for region in self.regions() {
            self.enter(&region);
            found.extend(read(self));
        }
        self.enter(&home);
        found
    }

    /// Every Region, the one that is entered first.
    pub(crate) fn regions(&self) -> Vec<String> {
        let other_regions = self.other_regions.keys().cloned();
        [self.region.clone()].into_iter().chain(other_regions).collect()
    }

    /// The keys of another Region; none if nothing has ever been there.
    pub(crate) fn keys_in(&self, region: &str) -> Option<&Keys> {
        if region == self.region {
            return Some(&self.keys);
        }
        self.other_regions.get(region).map(|it| &it.keys)
    }

    pub(crate) fn keys_in_mut(&mut self, region: &str) -> &mut Keys {
        if region == self.region {
            return &mut self.keys;
        }
        &mut self.other_regions.entry(region.to_owned()).or_default().keys
    }

    /// The Regions in which a key of this id exists, sorted, each with whether it is a replica there.
    pub(crate) fn regions_of(&self, key_id: &str) -> Vec<(String, KeyIndex, bool)> {
        let mut found: Vec<_> = self
            .regions()
            .into_iter()
            .filter_map(|region| {
                let keys = self.keys_in(&region)?;
                let index = keys.find(key_id)?;
                Some((region, index, keys.get(index).is_replica()))
            })
            .collect();
        found.sort();
        found
    }

    /// Does the same to a key in every Region in which it exists.
    pub(crate) fn each_related(&mut self, key_id: &str, mut act: impl FnMut(&mut Key)) {
        for (region, index, _) in self.regions_of(key_id) {
            act(self.keys_in_mut(&region).get_mut(index));
        }
    }
}
