//! One grant: its terms, and when requests see it.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::time::SystemTime;

use super::{GrantId, KeyIndex};
use crate::kms::arrival::{Change, View};
use crate::kms::principals::Identity;
use crate::model::{Constraints, GrantOperation};

/// The content of a grant, except its id and creation date.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) key: KeyIndex,
    pub(crate) name: Option<String>,
    pub(crate) grantee: Identity,
    pub(crate) retiring: Option<Identity>,
    /// In the order of the API model, as lists show them (fact 15.5).
    pub(crate) operations: BTreeSet<GrantOperation>,
    pub(crate) constraints: Constraints,
    /// The account of the caller that created the grant.
    pub(crate) issuing_account: String,
}

/// A grant.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) id: GrantId,
    pub(crate) created: SystemTime,
    terms: Terms,
    made: Option<Change>,
    ended: Option<Ended>,
    /// The number of the request that ended the grant.
    ended_by: Option<u64>,
    /// The place of its JSON among what lists keep; another grant may have it now.
    pub(super) place: Cell<usize>,
}

/// The retirement or revocation of a grant, which may not be visible yet.
#[derive(Clone, Copy, Debug)]
struct Ended(Change);

impl Deref for Grant {
    type Target = Terms;

    fn deref(&self) -> &Terms {
        &self.terms
    }
}

impl Grant {
    pub(super) fn new(
        id: GrantId,
        created: SystemTime,
        terms: Terms,
        made: Option<Change>,
    ) -> Self {
        let place = Cell::new(0);
        Self { id, created, terms, made, ended: None, ended_by: None, place }
    }

    /// Ends the grant by the request `by`; the end becomes visible with `change`, or at once.
    pub(super) fn end(&mut self, change: Option<Change>, by: Option<u64>) {
        self.ended = change.map(Ended);
        self.ended_by = by;
    }

    /// Returns the number of the request that ended the grant, if it is known.
    pub(crate) fn ended_by(&self) -> Option<u64> {
        self.ended_by
    }

    /// Returns the creation of the grant, if that is not visible in `view`.
    pub(crate) fn unseen(&self, view: &View) -> Option<Change> {
        self.made.filter(|_| !view.sees(self.made))
    }

    /// Returns whether the grant has not ended, regardless of visibility.
    pub(super) fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Returns whether the grant has ended and is invisible in `view`.
    pub(super) fn is_gone(&self, view: &View) -> bool {
        self.has_ended(view) && !self.is_listed(view)
    }

    /// Returns whether the grant is effective for a request: it is visible, or the request contains its token, and its
    /// end is not visible (facts 5.1 to 5.3). A token does not revive an ended grant.
    pub(crate) fn is_seen(&self, view: &View, tokens: &[GrantId]) -> bool {
        (view.sees(self.made) || tokens.contains(&self.id)) && !self.has_ended(view)
    }

    /// Returns whether lists show the grant.
    pub(crate) fn is_listed(&self, view: &View) -> bool {
        view.lists(self.made) && !self.ended.is_some_and(|it| view.lists(Some(it.0)))
    }

    /// Returns whether the end of the grant is visible in `view`.
    pub(crate) fn has_ended(&self, view: &View) -> bool {
        self.ended.is_some_and(|it| view.sees(Some(it.0)))
    }

    /// Returns whether a CreateGrant with `terms` and this grant's name is a retry. Compares identities, not their
    /// spelling (facts 3.1.4, 8b.10); the other members of a request do not count (INVENTED(same-parameters), section 10.6).
    pub(super) fn has_terms(&self, terms: &Terms) -> bool {
        self.grantee == terms.grantee
            && self.retiring == terms.retiring
            && self.constraints == terms.constraints
            && self.issuing_account == terms.issuing_account
            && self.operations == terms.operations
    }
}
