//! Indexes over grants. The cost of a page depends on its size, not on the number of grants.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound::{Excluded, Included};

use super::{Grant, GrantId, KeyIndex};
use crate::kms::principals::Identity;

/// The number of a principal in this index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PrincipalNumber(u32);

/// One page of grants, and whether more follow.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) grants: Vec<&'a Grant>,
    pub(crate) more: bool,
}

/// The sorted positions of grants.
#[derive(Debug, Default)]
pub(super) struct GrantIndex {
    numbers: HashMap<Identity, PrincipalNumber>,
    per_key: HashMap<KeyIndex, usize>,
    by_key: BTreeSet<(KeyIndex, GrantId)>,
    by_grantee: BTreeSet<(KeyIndex, PrincipalNumber, GrantId)>,
    by_retiring: BTreeSet<(PrincipalNumber, KeyIndex, GrantId)>,
    by_name: HashMap<(KeyIndex, String), Vec<GrantId>>,
}

const FIRST: GrantId = [0; 32];
const LAST: GrantId = [0xff; 32];

impl GrantIndex {
    fn number(&mut self, identity: &Identity) -> PrincipalNumber {
        if let Some(&number) = self.numbers.get(identity) {
            return number;
        }
        let number = PrincipalNumber(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
        self.numbers.insert(identity.clone(), number);
        number
    }

    pub(super) fn insert(&mut self, grant: &Grant) {
        let grantee = self.number(&grant.grantee);
        self.by_key.insert((grant.key, grant.id));
        self.by_grantee.insert((grant.key, grantee, grant.id));
        if let Some(retiring) = &grant.retiring {
            let retiring = self.number(retiring);
            self.by_retiring.insert((retiring, grant.key, grant.id));
        }
        if let Some(name) = &grant.name {
            self.by_name.entry((grant.key, name.clone())).or_default().push(grant.id);
        }
        *self.per_key.entry(grant.key).or_default() += 1;
    }

    pub(super) fn remove(&mut self, grant: &Grant) {
        let grantee = self.number(&grant.grantee);
        self.by_key.remove(&(grant.key, grant.id));
        self.by_grantee.remove(&(grant.key, grantee, grant.id));
        if let Some(retiring) = &grant.retiring {
            let retiring = self.number(retiring);
            self.by_retiring.remove(&(retiring, grant.key, grant.id));
        }
        if let Some(name) = &grant.name {
            let slot = (grant.key, name.clone());
            if let Some(ids) = self.by_name.get_mut(&slot) {
                ids.retain(|id| *id != grant.id);
                if ids.is_empty() {
                    self.by_name.remove(&slot);
                }
            }
        }
    }

    /// Removes an ended grant from the count of its key; it may still be visible.
    pub(super) fn end(&mut self, key: KeyIndex) {
        if let Some(count) = self.per_key.get_mut(&key) {
            *count -= 1;
        }
    }

    pub(super) fn count(&self, key: KeyIndex) -> usize {
        self.per_key.get(&key).copied().unwrap_or_default()
    }

    pub(super) fn named(&self, key: KeyIndex, name: &str) -> &[GrantId] {
        self.by_name.get(&(key, name.to_owned())).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of_key(
        &self,
        key: KeyIndex,
        after: Option<GrantId>,
    ) -> impl Iterator<Item = GrantId> + '_ {
        let start = match after {
            Some(id) => Excluded((key, id)),
            None => Included((key, FIRST)),
        };
        self.by_key.range((start, Included((key, LAST)))).map(|&(_, id)| id)
    }

    pub(super) fn of_grantee(
        &self,
        key: KeyIndex,
        grantee: &Identity,
        after: Option<GrantId>,
    ) -> impl Iterator<Item = GrantId> + '_ {
        self.numbers.get(grantee).into_iter().flat_map(move |&number| {
            let start = match after {
                Some(id) => Excluded((key, number, id)),
                None => Included((key, number, FIRST)),
            };
            self.by_grantee.range((start, Included((key, number, LAST)))).map(|&(_, _, id)| id)
        })
    }

    pub(super) fn of_retiring(
        &self,
        retiring: &Identity,
        after: Option<(KeyIndex, GrantId)>,
    ) -> impl Iterator<Item = GrantId> + '_ {
        self.numbers.get(retiring).into_iter().flat_map(move |&number| {
            let start = match after {
                Some((key, id)) => Excluded((number, key, id)),
                None => Included((number, KeyIndex(0), FIRST)),
            };
            self.by_retiring
                .range((start, Included((number, KeyIndex(u32::MAX), LAST))))
                .map(|&(_, _, id)| id)
        })
    }
}
