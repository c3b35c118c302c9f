//! The aliases of a Region.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound::{Excluded, Unbounded};
use std::time::SystemTime;

use super::KeyIndex;

/// An alias.
#[derive(Clone, Debug)]
pub(crate) struct Alias {
    pub(crate) target: KeyIndex,
    pub(crate) created: SystemTime,
    pub(crate) updated: SystemTime,
}

/// All aliases of a Region.
#[derive(Debug, Default)]
pub(crate) struct Aliases {
    /// By account and name (`alias/...`).
    all: BTreeMap<(String, String), Alias>,
    /// The names of each key's aliases, which are all in the key's account.
    by_key: HashMap<KeyIndex, BTreeSet<String>>,
}

impl Aliases {
    pub(crate) fn get(&self, account: &str, name: &str) -> Option<&Alias> {
        self.all.get(&(account.to_owned(), name.to_owned()))
    }

    pub(crate) fn set(&mut self, account: &str, name: &str, alias: Alias) {
        self.remove(account, name);
        self.by_key.entry(alias.target).or_default().insert(name.to_owned());
        self.all.insert((account.to_owned(), name.to_owned()), alias);
    }

    pub(crate) fn remove(&mut self, account: &str, name: &str) -> Option<Alias> {
        let removed = self.all.remove(&(account.to_owned(), name.to_owned()))?;
        if let Some(names) = self.by_key.get_mut(&removed.target) {
            names.remove(name);
        }
        Some(removed)
    }

    /// Removes every alias of a deleted key.
    pub(crate) fn remove_all_of(&mut self, key: KeyIndex, account: &str) {
        for name in self.by_key.remove(&key).unwrap_or_default() {
            self.all.remove(&(account.to_owned(), name));
        }
    }

    /// Returns the aliases of `account` after the name `after`, sorted by name.
    pub(crate) fn of_account<'a>(
        &'a self,
        account: &'a str,
        after: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Alias)> {
        let start = (account.to_owned(), after.to_owned());
        self.all
            .range((Excluded(start), Unbounded))
            .take_while(move |((owner, _), _)| owner == account)
            .map(|((_, name), alias)| (name.as_str(), alias))
    }

    /// Returns the names of a key's aliases, sorted.
    pub(crate) fn of_key(&self, key: KeyIndex) -> impl ExactSizeIterator<Item = &str> {
        static NONE: BTreeSet<String> = BTreeSet::new();
        self.by_key.get(&key).unwrap_or(&NONE).iter().map(String::as_str)
    }
}
