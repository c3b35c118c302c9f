//! Grants of AWS services that appear or end while a cassette is recorded: EC2 makes and ends those of a key at any time.
//!
//! Only lists show them. The fake does not have such a grant before it appears and after it ends, if no recorded call made
//! or ended it. The lists that would show it have to agree on one span of calls; otherwise, and for grants without a
//! service among their principals, the difference is drift.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::lag::is_end;
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
    fn of(shown: &str, seen: &Seen<'_>) -> Option<Self> {
        if seen.by_a_call.contains(shown) {
            return None;
        }
        let by = seen.shows.get(shown)?;
        let key = &by.first()?.1;
        let showing = by.iter().map(|it| (it.0, true));
        let others = seen.whole.get(key).into_iter().flatten();
        let others = others.filter(|at| by.binary_search_by_key(*at, |it| it.0).is_err());
        let mut lists: Vec<_> = showing.chain(others.map(|at| (*at, false))).collect();
        lists.sort_unstable();
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
    let found: Vec<_> = found.map(|it| literal(Kind::Grant, &it.declared, "")).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let seen = Seen::of(&found.iter().map(String::as_str).collect(), tape);
    found.iter().filter_map(|it| Stay::of(it, &seen)).collect()
}

/// The calls that show, make and end some grants.
#[derive(Default)]
struct Seen<'a> {
    /// The ids of grants that a call made or ended.
    by_a_call: HashSet<&'a str>,
    /// The calls whose answers show a grant, by its id, with the name of its key.
    shows: HashMap<&'a str, Vec<(usize, String)>>,
    /// The lists of all grants of a key, by its name.
    whole: HashMap<String, Vec<usize>>,
}

impl<'a> Seen<'a> {
    /// Finds the calls for the grants `wanted`, by their ids.
    fn of(wanted: &HashSet<&str>, tape: &'a [Interaction]) -> Self {
        let mut seen = Self::default();
        // The grant of each token, by the first call that returned the token.
        let mut of_token: HashMap<&str, Option<&str>> = HashMap::new();
        for call in tape {
            let output = call.output().value();
            if let Some(token) = output["GrantToken"].as_str() {
                let makes = call.operation == "CreateGrant";
                let made = output["GrantId"].as_str().filter(|_| makes);
                of_token.entry(token).or_insert(made);
            }
        }
        for (at, call) in tape.iter().enumerate() {
            let (input, output) = (call.input().value(), call.output().value());
            let ended = || {
                let by_token =
                    input["GrantToken"].as_str().and_then(|it| of_token.get(it).copied()?);
                input["GrantId"].as_str().into_iter().chain(by_token)
            };
            if call.status == 200 && call.operation == "CreateGrant" {
                seen.by_a_call.extend(output["GrantId"].as_str());
            } else if call.status == 200 && is_end(call) {
                seen.by_a_call.extend(ended());
            }
            for grant in output["Grants"].as_array().into_iter().flatten() {
                let id = grant["GrantId"].as_str().filter(|it| wanted.contains(it));
                if let (Some(id), Some(key)) = (id, infer::name_in(&grant["KeyId"])) {
                    let shows = seen.shows.entry(id).or_default();
                    if shows.last().is_none_or(|it| it.0 != at) {
                        shows.push((at, key));
                    }
                }
            }
            if is_whole(call)
                && let Some(key) = infer::name_in(&input["KeyId"])
            {
                seen.whole.entry(key).or_default().push(at);
            }
        }
        seen
    }
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
