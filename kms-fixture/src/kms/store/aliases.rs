//! The aliases of a Region.

use std::collections::BTreeMap;
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

/// All aliases of a Region, by account and name (`alias/...`).
#[derive(Debug, Default)]
pub(crate) struct Aliases(BTreeMap<(String, String), Alias>);

impl Aliases {
    pub(crate) fn get(&self, account: &str, name: &str) -> Option<&Alias> {
        self.0.get(&(account.to_owned(), name.to_owned()))
    }

    pub(crate) fn set(&mut self, account: &str, name: &str, alias: Alias) {
        self.0.insert((account.to_owned(), name.to_owned()), alias);
    }

    pub(crate) fn remove(&mut self, account: &str, name: &str) -> Option<Alias> {
        self.0.remove(&(account.to_owned(), name.to_owned()))
    }

    /// Removes every alias of a deleted key.
    pub(crate) fn remove_all_of(&mut self, key: KeyIndex) {
        self.0.retain(|_, alias| alias.target != key);
    }

    /// Returns the aliases of `account` after the name `after`, sorted by name.
    pub(crate) fn of_account<'a>(
        &'a self,
        account: &'a str,
        after: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Alias)> {
        let start = (account.to_owned(), after.to_owned());
        self.0
            .range((Excluded(start), Unbounded))
            .take_while(move |((owner, _), _)| owner == account)
            .map(|((_, name), alias)| (name.as_str(), alias))
    }

    /// Returns the names of the aliases of `account` that point to `key`.
    pub(crate) fn of_key<'a>(
        &'a self,
        account: &'a str,
        key: KeyIndex,
    ) -> impl Iterator<Item = &'a str> {
        self.of_account(account, "")
            .filter(move |(_, alias)| alias.target == key)
            .map(|(name, _)| name)
    }
}
