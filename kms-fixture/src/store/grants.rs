//! Grants.

use std::collections::HashMap;
use std::ops::Deref;
use std::time::SystemTime;

use super::grant_index::{GrantIndex, Page};
use super::{GrantId, KeyIndex};
use crate::model::{Constraints, GrantOperation};
use crate::principals::Identity;

/// What a grant says: everything but its id and its date.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) key: KeyIndex,
    pub(crate) name: Option<String>,
    pub(crate) grantee: Identity,
    pub(crate) retiring: Option<Identity>,
    /// As requested, without repetitions.
    pub(crate) operations: Vec<GrantOperation>,
    pub(crate) constraints: Constraints,
    /// The account of the caller that made the grant.
    pub(crate) issuing_account: String,
}

/// A grant.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) id: GrantId,
    pub(crate) created: SystemTime,
    terms: Terms,
}

impl Deref for Grant {
    type Target = Terms;

    fn deref(&self) -> &Terms {
        &self.terms
    }
}

impl Grant {
    /// Whether a named CreateGrant with `terms` is a retry of the one that made this grant: identities are
    /// compared, not their spelling (facts 3.1.4, 8b.10). The order of operations does not count
    /// (INVENTED(same-parameters), section 10.6).
    fn is_the_same_as(&self, terms: &Terms) -> bool {
        let sorted = |operations: &[GrantOperation]| {
            let mut sorted = operations.to_vec();
            sorted.sort_unstable();
            sorted
        };
        self.grantee == terms.grantee
            && self.retiring == terms.retiring
            && self.constraints == terms.constraints
            && self.issuing_account == terms.issuing_account
            && sorted(&self.operations) == sorted(&terms.operations)
    }
}

/// All grants of a Region.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    all: HashMap<GrantId, Grant>,
    index: GrantIndex,
}

impl Grants {
    pub(crate) fn get(&self, id: &GrantId) -> Option<&Grant> {
        self.all.get(id)
    }

    /// How many grants the key has.
    pub(crate) fn count(&self, key: KeyIndex) -> usize {
        self.index.count(key)
    }

    /// The grant that a CreateGrant with this name and these parameters made before.
    pub(crate) fn same(&self, terms: &Terms) -> Option<&Grant> {
        let name = terms.name.as_deref()?;
        self.index
            .named(terms.key, name)
            .iter()
            .filter_map(|id| self.all.get(id))
            .find(|grant| grant.is_the_same_as(terms))
    }

    pub(crate) fn insert(&mut self, id: GrantId, created: SystemTime, terms: Terms) {
        let grant = Grant { id, created, terms };
        self.index.insert(&grant);
        self.all.insert(id, grant);
    }

    pub(crate) fn remove(&mut self, id: &GrantId) -> Option<Grant> {
        let grant = self.all.remove(id)?;
        self.index.remove(&grant);
        Some(grant)
    }

    /// The grants of a key, sorted by id, behind `after`.
    pub(crate) fn of_key(&self, key: KeyIndex, after: Option<GrantId>, limit: usize) -> Page<'_> {
        self.page(self.index.of_key(key, after), limit)
    }

    /// The grants of a key for one grantee, sorted by id, behind `after`.
    pub(crate) fn of_grantee(
        &self,
        key: KeyIndex,
        grantee: &Identity,
        after: Option<GrantId>,
        limit: usize,
    ) -> Page<'_> {
        self.page(self.index.of_grantee(key, grantee, after), limit)
    }

    /// Every grant of a key for one grantee.
    pub(crate) fn held_by<'a>(
        &'a self,
        key: KeyIndex,
        grantee: &Identity,
    ) -> impl Iterator<Item = &'a Grant> {
        self.index
            .of_grantee(key, grantee, None)
            .filter_map(|id| self.all.get(&id))
    }

    /// The grants that name `retiring`, by key and id, behind `after`.
    pub(crate) fn of_retiring(
        &self,
        retiring: &Identity,
        after: Option<(KeyIndex, GrantId)>,
        limit: usize,
    ) -> Page<'_> {
        self.page(self.index.of_retiring(retiring, after), limit)
    }

    fn page(&self, mut ids: impl Iterator<Item = GrantId>, limit: usize) -> Page<'_> {
        let grants = ids
            .by_ref()
            .take(limit)
            .filter_map(|id| self.all.get(&id))
            .collect();
        Page {
            grants,
            more: ids.next().is_some(),
        }
    }
}
