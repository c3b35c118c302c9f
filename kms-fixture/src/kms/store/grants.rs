//! The grants of a Region.

use std::collections::{HashMap, VecDeque};
use std::time::SystemTime;

use super::grant_index::{GrantIndex, Page};
use super::rendered::Rendered;
use super::use_index::{UseIndex, Wanted};
use super::{Grant, GrantId, KeyIndex, Terms};
use crate::kms::arrival::{Change, View};
use crate::kms::principals::Identity;

/// The number of ended grants that are remembered for explanations.
const REMEMBERED: usize = 100;

/// All grants of a Region.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    all: HashMap<GrantId, Grant>,
    index: GrantIndex,
    uses: UseIndex,
    /// Grants that have ended but may still be visible.
    ended: Vec<GrantId>,
    /// The last grants that have ended and are invisible. They explain refusals and allow nothing.
    gone: VecDeque<Grant>,
    /// The JSON of grants in lists.
    pub(crate) rendered: Rendered,
}

impl Grants {
    /// Returns the grant with this id, even if it is not visible yet or its end is not.
    pub(crate) fn get(&self, id: &GrantId) -> Option<&Grant> {
        self.all.get(id)
    }

    /// Returns the number of grants on the key.
    pub(crate) fn count(&self, key: KeyIndex) -> usize {
        self.index.count(key)
    }

    /// Returns the grant that an earlier CreateGrant with the same name and parameters created.
    pub(crate) fn find_retried(&self, terms: &Terms) -> Option<&Grant> {
        let name = terms.name.as_deref()?;
        self.index
            .named(terms.key, name)
            .iter()
            .filter_map(|id| self.all.get(id))
            .find(|grant| grant.is_open() && grant.has_terms(terms))
    }

    pub(crate) fn insert(
        &mut self,
        id: GrantId,
        created: SystemTime,
        terms: Terms,
        made: Option<Change>,
    ) {
        self.put(Grant::new(id, created, terms, made));
    }

    /// Ends a grant by the request `by`, at once or with an eventually consistent `change`. Has no effect on an ended
    /// grant.
    pub(crate) fn end(&mut self, id: &GrantId, change: Option<Change>, by: Option<u64>) {
        let Some(grant) = self.all.get_mut(id).filter(|it| it.is_open()) else {
            return;
        };
        self.index.end(grant.key);
        grant.end(change, by);
        match change {
            Some(_) => self.ended.push(*id),
            None => self.remove(id),
        }
    }

    /// Removes ended grants that are invisible in `view`.
    pub(crate) fn forget(&mut self, view: &View) {
        let is_gone = |it: &Grant| it.is_gone(view);
        let (gone, kept) = std::mem::take(&mut self.ended)
            .into_iter()
            .partition(|id| self.all.get(id).is_none_or(is_gone));
        self.ended = kept;
        let gone: Vec<GrantId> = gone;
        for id in gone {
            self.remove(&id);
        }
    }

    /// Removes all ended grants.
    pub(crate) fn settle(&mut self) {
        for id in std::mem::take(&mut self.ended) {
            self.remove(&id);
        }
    }

    fn remove(&mut self, id: &GrantId) {
        if let Some(grant) = self.detach(id) {
            if self.gone.len() == REMEMBERED {
                self.gone.pop_front();
            }
            self.gone.push_back(grant);
        }
    }

    fn detach(&mut self, id: &GrantId) -> Option<Grant> {
        let grant = self.all.remove(id)?;
        self.index.remove(&grant);
        self.uses.remove(&grant);
        Some(grant)
    }

    /// Takes a grant that has not ended out of the Region, for [`Grants::put`].
    pub(crate) fn take(&mut self, id: &GrantId) -> Option<Grant> {
        let key = self.all.get(id).filter(|it| it.is_open())?.key;
        self.index.end(key);
        self.detach(id)
    }

    /// Puts a grant back.
    pub(crate) fn put(&mut self, grant: Grant) {
        self.index.insert(&grant);
        self.uses.insert(&grant);
        self.all.insert(grant.id, grant);
    }

    /// Returns the remembered grants that have ended and are invisible, the last first.
    pub(crate) fn gone(&self) -> impl Iterator<Item = &Grant> {
        self.gone.iter().rev()
    }

    /// Returns the grants of a grantee on a key, whether or not they are visible.
    pub(crate) fn held(&self, key: KeyIndex, grantee: &Identity) -> impl Iterator<Item = &Grant> {
        self.index.of_grantee(key, grantee, None).filter_map(|id| self.all.get(&id))
    }

    /// Returns the grants on a key, whether or not they are visible.
    pub(crate) fn on_key(&self, key: KeyIndex) -> impl Iterator<Item = &Grant> {
        self.index.of_key(key, None).filter_map(|id| self.all.get(&id))
    }

    /// Removes every grant of a deleted key.
    pub(crate) fn remove_all_of(&mut self, key: KeyIndex) {
        let ids: Vec<_> = self.index.of_key(key, None).collect();
        for id in ids {
            self.end(&id, None, None);
            self.remove(&id);
        }
    }

    /// Returns the grants that have not ended, regardless of visibility, sorted by id.
    pub(crate) fn existing(&self, key: KeyIndex) -> impl Iterator<Item = &Grant> {
        let all = self.index.of_key(key, None);
        all.filter_map(|id| self.all.get(&id)).filter(|it| it.is_open())
    }

    /// Returns the page of a key's grants after `after`, sorted by id.
    pub(crate) fn of_key(
        &self,
        key: KeyIndex,
        after: Option<GrantId>,
        limit: usize,
        view: &View,
    ) -> Page<'_> {
        self.page(self.index.of_key(key, after), limit, view)
    }

    /// Returns the page of a grantee's grants on a key after `after`, sorted by id.
    pub(crate) fn of_grantee(
        &self,
        key: KeyIndex,
        grantee: &Identity,
        after: Option<GrantId>,
        limit: usize,
        view: &View,
    ) -> Page<'_> {
        self.page(self.index.of_grantee(key, grantee, after), limit, view)
    }

    /// Returns the grants of a grantee on a key that may allow a request; the caller must still check each one.
    /// `issuer` selects grants that this account issued.
    pub(crate) fn for_use<'a>(
        &'a self,
        key: KeyIndex,
        grantee: &Identity,
        wanted: Wanted<'_>,
        issuer: Option<&str>,
    ) -> impl Iterator<Item = &'a Grant> {
        let found = self.uses.find(key, grantee, wanted, issuer);
        found.filter_map(|id| self.all.get(&id))
    }

    /// Returns the page of grants that `retiring` may retire after `after`, sorted by key and id.
    pub(crate) fn of_retiring(
        &self,
        retiring: &Identity,
        after: Option<(KeyIndex, GrantId)>,
        limit: usize,
        view: &View,
    ) -> Page<'_> {
        self.page(self.index.of_retiring(retiring, after), limit, view)
    }

    fn page(&self, ids: impl Iterator<Item = GrantId>, limit: usize, view: &View) -> Page<'_> {
        let mut listed = ids.filter_map(|id| self.all.get(&id)).filter(|it| it.is_listed(view));
        let grants = listed.by_ref().take(limit).collect();
        Page { grants, more: listed.next().is_some() }
    }
}
