//! Grants.

use std::collections::HashMap;
use std::time::SystemTime;

use super::grant_index::{GrantIndex, Page};
use super::{GrantId, KeyIndex};
use crate::model::{Constraints, GrantOperation};
use crate::principals::Identity;

/// What a grant says: everything but its id and its date.
#[derive(Clone, Debug)]
pub(crate) struct GrantDraft {
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
    pub(crate) key: KeyIndex,
    pub(crate) name: Option<String>,
    pub(crate) grantee: Identity,
    pub(crate) retiring: Option<Identity>,
    pub(crate) operations: Vec<GrantOperation>,
    pub(crate) constraints: Constraints,
    pub(crate) issuing_account: String,
    pub(crate) created: SystemTime,
}

impl Grant {
    /// Whether a named CreateGrant with `draft` is a retry of the one that made this grant: identities are
    /// compared, not their spelling (facts 3.1.4, 8b.10). The order of operations does not count
    /// (INVENTED(same-parameters), section 10.6).
    fn is_the_same_as(&self, draft: &GrantDraft) -> bool {
        let sorted = |operations: &[GrantOperation]| {
            let mut sorted = operations.to_vec();
            sorted.sort_unstable();
            sorted
        };
        self.grantee == draft.grantee
            && self.retiring == draft.retiring
            && self.constraints == draft.constraints
            && self.issuing_account == draft.issuing_account
            && sorted(&self.operations) == sorted(&draft.operations)
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
    pub(crate) fn same(&self, draft: &GrantDraft) -> Option<&Grant> {
        let name = draft.name.as_deref()?;
        self.index
            .named(draft.key, name)
            .iter()
            .filter_map(|id| self.all.get(id))
            .find(|grant| grant.is_the_same_as(draft))
    }

    pub(crate) fn insert(&mut self, id: GrantId, created: SystemTime, draft: GrantDraft) {
        let grant = Grant {
            id,
            key: draft.key,
            name: draft.name,
            grantee: draft.grantee,
            retiring: draft.retiring,
            operations: draft.operations,
            constraints: draft.constraints,
            issuing_account: draft.issuing_account,
            created,
        };
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
