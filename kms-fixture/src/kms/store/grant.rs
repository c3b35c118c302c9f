//! One grant: its terms, and from when to when it is seen.

use std::ops::Deref;
use std::time::SystemTime;

use super::{GrantId, KeyIndex};
use crate::kms::arrival::{Change, View};
use crate::kms::principals::Identity;
use crate::model::{Constraints, GrantOperation};

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
    made: Option<Change>,
    ended: Option<Ended>,
}

/// The end of a grant, which may not have arrived.
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
        Self { id, created, terms, made, ended: None }
    }

    /// Ends the grant; its end arrives with `change`.
    pub(super) fn end(&mut self, change: Change) {
        self.ended = Some(Ended(change));
    }

    /// Whether the grant has not ended, arrived or not.
    pub(super) fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether the grant has ended and no request of `view` shows it any more.
    pub(super) fn is_gone(&self, view: &View) -> bool {
        self.has_ended(view) && !self.is_listed(view)
    }

    /// Whether a request decides by this grant: it has arrived, or the request brings its token along, and its end has
    /// not arrived (facts 5.1 to 5.3; a token does not bring back what has ended).
    pub(crate) fn is_seen(&self, view: &View, tokens: &[GrantId]) -> bool {
        (view.sees(self.made) || tokens.contains(&self.id)) && !self.has_ended(view)
    }

    /// Whether a list shows it.
    pub(crate) fn is_listed(&self, view: &View) -> bool {
        view.lists(self.made) && !self.ended.is_some_and(|it| view.lists(Some(it.0)))
    }

    fn has_ended(&self, view: &View) -> bool {
        self.ended.is_some_and(|it| view.sees(Some(it.0)))
    }

    /// Whether a named CreateGrant with `terms` is a retry of the one that made this grant: identities are
    /// compared, not their spelling (facts 3.1.4, 8b.10). The order of operations does not count
    /// (INVENTED(same-parameters), section 10.6).
    pub(super) fn has_terms(&self, terms: &Terms) -> bool {
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
