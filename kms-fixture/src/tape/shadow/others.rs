//! Grants of AWS services that appear or end while a cassette is recorded: EC2 makes and ends those of a key at any time.
//!
//! Only lists show them. The fake does not have such a grant before it appears and after it ends, if no recorded call made
//! or ended it. The lists that would show it have to agree on one span of calls; otherwise, and for grants without a
//! service among their principals, the difference is drift.

use std::collections::BTreeMap;

use super::lag::{ends, makes};
use super::{Before, infer};
use crate::kms::ids::from_hex;
use crate::kms::store::{Grant, GrantId, Store};
use crate::model::{is_service_principal, is_session_of_service};
use crate::tape::cassette::Interaction;
use crate::tape::redact::{Kind, literal};

/// The calls at which a grant of a service exists.
#[derive(Clone, Debug)]
pub(crate) struct Stay {
    id: GrantId,
    /// The id in the cassette.
    pub(super) shown: String,
    /// The first call that shows the grant, if an earlier list does not.
    pub(super) from: Option<usize>,
    /// The first list that does not show the grant any more.
    pub(super) to: Option<usize>,
}

impl Stay {
    /// Returns the stay of the grant with this id in the cassette, unless it exists at all calls.
    fn of(shown: &str, tape: &[Interaction]) -> Option<Self> {
        let is_by_a_call =
            |it: &Interaction| it.status == 200 && (makes(it, shown) || ends(it, shown, tape));
        if tape.iter().any(is_by_a_call) {
            return None;
        }
        let key = tape.iter().find_map(|it| key_of(it, shown));
        let mut lists: Vec<(usize, bool)> = Vec::new();
        for (at, call) in tape.iter().enumerate() {
            if key_of(call, shown).is_some() {
                lists.push((at, true));
            } else if is_whole(call) && infer::name_in(&call.input().value()["KeyId"]) == key {
                lists.push((at, false));
            }
        }
        let first = lists.iter().position(|it| it.1)?;
        let last = lists.iter().rposition(|it| it.1)?;
        if lists[first..=last].iter().any(|it| !it.1) {
            return None;
        }
        let from = (first > 0).then(|| lists[first].0);
        let to = lists.get(last + 1).map(|it| it.0);
        (from.is_some() || to.is_some()).then(|| Self {
            id: from_hex(shown).unwrap_or_default(),
            shown: shown.to_owned(),
            from,
            to,
        })
    }

    /// Returns whether the grant exists at the call at a position.
    fn covers(&self, at: usize) -> bool {
        self.from.is_none_or(|it| it <= at) && self.to.is_none_or(|it| at < it)
    }
}

/// Returns the stays of the grants of services that calls found.
pub(crate) fn stays(before: &Before, tape: &[Interaction]) -> Vec<Stay> {
    let is_of_service = |it: &Option<String>| {
        it.as_deref().is_some_and(|it| is_service_principal(it) || is_session_of_service(it))
    };
    let found = before.scenario.grants.iter().filter(|it| {
        it.listed.is_some() && (is_of_service(&it.grantee) || is_of_service(&it.retiring))
    });
    found.filter_map(|it| Stay::of(&literal(Kind::Grant, &it.declared, ""), tape)).collect()
}

/// Returns the name of the key of a grant that an answer shows.
fn key_of(call: &Interaction, id: &str) -> Option<String> {
    let mut grants = call.output().value()["Grants"].as_array()?.iter();
    infer::name_in(&grants.find(|it| it["GrantId"] == id)?["KeyId"])
}

/// Returns whether an answer lists all grants of a key.
fn is_whole(call: &Interaction) -> bool {
    let filters = ["GrantId", "GranteePrincipal", "GranteeServicePrincipal", "Marker"];
    call.operation == "ListGrants"
        && call.status == 200
        && call.output().value()["Truncated"] == false
        && filters.iter().all(|it| call.input().value().get(*it).is_none())
}

/// The grants of services in a world.
#[derive(Debug, Default)]
pub(super) struct Others {
    stays: Vec<Stay>,
    /// The grants that do not exist at the last call.
    away: BTreeMap<GrantId, Grant>,
}

impl Others {
    /// Returns the grants with these stays.
    pub(super) fn new(stays: Vec<Stay>) -> Self {
        Self { stays, ..Self::default() }
    }

    /// Gives a store the grants that exist at the call at a position.
    pub(super) fn arrive(&mut self, at: usize, store: &mut Store) {
        for stay in &self.stays {
            if stay.covers(at) {
                if let Some(grant) = self.away.remove(&stay.id) {
                    store.grants.put(grant);
                }
            } else if let Some(grant) = store.grants.take(&stay.id) {
                self.away.insert(stay.id, grant);
            }
        }
    }

    /// Returns the grants that appear, and those that end, before the call at a position.
    pub(super) fn changes(&self, at: usize) -> impl Iterator<Item = (&str, bool)> {
        self.stays.iter().filter_map(move |it| {
            let appears = it.from == Some(at);
            (appears || it.to == Some(at)).then_some((it.shown.as_str(), appears))
        })
    }
}
