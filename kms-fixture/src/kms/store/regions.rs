//! The Regions of a fixture: the one that it was declared with, and those that a multi-Region key has been replicated to.
//!
//! A store is always entered in one Region; what is in the others waits aside.

use std::mem;
use std::ops::{Deref, DerefMut};

use super::{Aliases, Grants, Key, KeyIndex, Keys, Store};

/// What exists in a Region that is not entered. Principals are the same everywhere.
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
        let mut there = self.elsewhere.remove(region).unwrap_or_default();
        mem::swap(&mut self.keys, &mut there.keys);
        mem::swap(&mut self.aliases, &mut there.aliases);
        mem::swap(&mut self.grants, &mut there.grants);
        let left = mem::replace(&mut self.region, region.to_owned());
        self.elsewhere.insert(left, there);
    }

    /// Returns what `read` finds in every Region, the one that is entered first.
    pub(crate) fn in_each_region<T>(&mut self, read: impl Fn(&Self) -> Vec<T>) -> Vec<T> {
        let regions = self.regions();
        regions.iter().flat_map(|it| read(&self.enter(it))).collect()
    }

    /// Every Region, the one that is entered first.
    pub(crate) fn regions(&self) -> Vec<String> {
        let elsewhere = self.elsewhere.keys().cloned();
        [self.region.clone()].into_iter().chain(elsewhere).collect()
    }

    /// The keys of another Region; none if nothing has ever been there.
    pub(crate) fn keys_in(&self, region: &str) -> Option<&Keys> {
        if region == self.region {
            return Some(&self.keys);
        }
        self.elsewhere.get(region).map(|it| &it.keys)
    }

    pub(crate) fn keys_in_mut(&mut self, region: &str) -> &mut Keys {
        if region == self.region {
            return &mut self.keys;
        }
        &mut self.elsewhere.entry(region.to_owned()).or_default().keys
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
