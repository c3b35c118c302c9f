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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_aliases_of_a_key_follow_every_change() {
        let mut aliases = Aliases::default();
        let to = |target| Alias {
            target: KeyIndex(target),
            created: SystemTime::UNIX_EPOCH,
            updated: SystemTime::UNIX_EPOCH,
        };
        let of = |aliases: &Aliases, key| {
            aliases.of_key(KeyIndex(key)).map(str::to_owned).collect::<Vec<_>>()
        };
        for name in ["alias/b", "alias/a", "alias/c"] {
            aliases.set("111122223333", name, to(1));
        }
        aliases.set("111122223333", "alias/c", to(2));
        assert_eq!(of(&aliases, 1), ["alias/a", "alias/b"]);
        assert_eq!(of(&aliases, 2), ["alias/c"]);
        assert!(aliases.remove("111122223333", "alias/a").is_some());
        assert!(aliases.remove("111122223333", "alias/a").is_none());
        assert_eq!(of(&aliases, 1), ["alias/b"]);
        aliases.remove_all_of(KeyIndex(1), "111122223333");
        assert_eq!(of(&aliases, 1), [""; 0]);
        let left: Vec<_> = aliases.of_account("111122223333", "").map(|it| it.0).collect();
        assert_eq!(left, ["alias/c"]);
    }
}
