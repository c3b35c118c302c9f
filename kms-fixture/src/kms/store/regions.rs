//! The Regions of a fixture: the declared one, and those with replicas of multi-Region keys.
//!
//! The store has one current Region and keeps the content of the others aside.

use std::mem;
use std::ops::{Deref, DerefMut};

use super::{Aliases, Grants, Key, KeyIndex, Keys, Store};
use crate::model::{is_region, partition};

/// The content of a Region other than the current one. Principals are global.
#[derive(Debug, Default)]
pub(crate) struct Regional {
    pub(crate) keys: Keys,
    pub(crate) aliases: Aliases,
    pub(crate) grants: Grants,
}

/// A store that has entered a Region. Dropping this goes back to the Region before.
#[derive(Debug)]
#[must_use = "the Region is left again as soon as this is dropped"]
pub(crate) struct Entered<'a> {
    store: &'a mut Store,
    /// The Region before; none if it was the same one.
    left: Option<String>,
}

impl Deref for Entered<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store
    }
}

impl DerefMut for Entered<'_> {
    fn deref_mut(&mut self) -> &mut Store {
        self.store
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if let Some(left) = &self.left {
            self.store.swap_with(left);
        }
    }
}

impl Store {
    /// Enters a Region until the guard that this returns is dropped.
    pub(crate) fn enter(&mut self, region: &str) -> Entered<'_> {
        let left = (self.region != region).then(|| self.region.clone());
        self.swap_with(region);
        Entered { store: self, left }
    }

    /// Swaps the Region that is entered for another one.
    fn swap_with(&mut self, region: &str) {
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

    /// Collects the results of `read` in every Region, beginning with the current one.
    pub(crate) fn in_each_region<T>(&mut self, read: impl Fn(&Self) -> Vec<T>) -> Vec<T> {
        let regions = self.regions();
        regions.iter().flat_map(|it| read(&self.enter(it))).collect()
    }

    /// Returns every Region, beginning with the current one.
    pub(crate) fn regions(&self) -> Vec<String> {
        let other_regions = self.other_regions.keys().cloned();
        [self.region.clone()].into_iter().chain(other_regions).collect()
    }

    /// Returns whether calls in a Region are served: it has or had keys, or any Region of the partition is served.
    pub(crate) fn serves(&self, region: &str) -> bool {
        let is_any = self.serves_any_region
            && is_region(region)
            && partition(region) == partition(&self.region);
        is_any || self.keys_in(region).is_some()
    }

    /// Returns the keys of a Region; `None` if it never had any.
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

    /// Returns the Regions with a key of this id, sorted, each with the key's index and whether it is a replica.
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

    /// Calls `act` with a key in each of its Regions.
    pub(crate) fn for_each_regional_key(&mut self, key_id: &str, mut act: impl FnMut(&mut Key)) {
        for (region, index, _) in self.regions_of(key_id) {
            act(self.keys_in_mut(&region).get_mut(index));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_region_is_left_on_every_way_out() {
        let mut store = Store::new("eu-central-1", 1, false, None);
        {
            let mut outer = store.enter("us-east-1");
            assert_eq!(outer.region, "us-east-1");
            assert_eq!(outer.enter("eu-central-1").region, "eu-central-1");
            assert_eq!(outer.region, "us-east-1");
        }
        assert_eq!(store.region, "eu-central-1");
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _there = store.enter("us-east-1");
            panic!("while another Region is entered");
        }));
        assert!(panicked.is_err());
        assert_eq!(store.region, "eu-central-1");
    }
}
