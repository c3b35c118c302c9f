//! The grants that come near to allowing a refused request.

use std::time::Duration;

use crate::kms::evidence::{Finding, Lack, NearGrant};
use crate::kms::ids::hex;
use crate::kms::principals::Identity;
use crate::kms::store::{Grant, KeyIndex, Store};
use crate::model::GrantOperation;

/// The number of grants that are looked at, for each identity of the caller, and on the key.
const LOOKED_AT: usize = 500;
/// The number of grants of the caller that are shown.
const SHOWN: usize = 5;
/// The number of ended grants, and of other principals' grants, that are shown.
const SHOWN_OTHERS: usize = 2;

/// A grant and what it lacks.
type Weighed<'s> = (&'s Grant, Vec<Lack>);

/// A search for grants on a key that nearly allow a request.
pub(super) struct Search<'a> {
    pub(super) store: &'a Store,
    pub(super) key: KeyIndex,
    /// The identities under which the caller may hold a grant.
    pub(super) identities: &'a [Identity],
    pub(super) wanted: GrantOperation,
    /// Returns what a grant lacks, apart from its grantee.
    pub(super) lacks: &'a dyn Fn(&Grant) -> Vec<Lack>,
    /// Returns the requirements that the caller's own policies do not meet for a grant, also for one to another principal,
    /// as if it were to the caller.
    pub(super) unmet: &'a dyn Fn(&Grant) -> Vec<Lack>,
}

impl Search<'_> {
    /// Adds the grants that come near: those of the caller, those of the caller that have ended, and if there are none,
    /// those of other principals. Returns how long it takes until one of them allows the request, if time alone is
    /// missing.
    pub(super) fn run(&self, findings: &mut Vec<Finding>) -> Option<Duration> {
        let Self { store, key, identities, wanted, lacks, unmet } = *self;
        let weigh = |grant| -> Weighed<'_> { (grant, lacks(grant)) };
        let is_held = |grant: &Grant| identities.contains(&grant.grantee);
        let held =
            identities.iter().flat_map(|it| store.grants.held(key, it).take(LOOKED_AT)).map(weigh);
        let (mut ended, mut held): (Vec<_>, Vec<_>) = held.partition(|it| has_ended(&it.1));
        let waits = held.iter().filter_map(|(grant, lacks)| match lacks.as_slice() {
            [Lack::Arrival(arrival)] if unmet(grant).is_empty() => arrival.left(),
            _ => None,
        });
        let wait = waits.min();
        for (grant, lacks) in &mut held {
            lacks.extend(unmet(grant));
        }
        held.sort_by_key(|(grant, lacks)| (lacks.len(), grant.created));
        // A grant that has ended is remembered for some time.
        let gone = store.grants.gone().filter(|it| it.key == key && is_held(it));
        ended.extend(gone.map(|grant| {
            let mut lacking = lacks(grant);
            if !has_ended(&lacking) {
                // A grant that ended before it arrived is ended.
                lacking.retain(|it| !matches!(it, Lack::Arrival(_)));
                lacking.push(Lack::Ended(grant.ended_by()));
            }
            (grant, lacking)
        }));
        ended.sort_by_key(|(_, lacks)| lacks.len());
        // Beside grants that exist, one that lacks more than its existence says little.
        let least = ended.first().map_or(0, |it| it.1.len());
        let nearest = if held.is_empty() { least } else { 1 };
        ended.retain(|it| it.1.len() == nearest);
        ended.truncate(SHOWN_OTHERS);
        let mut others: Vec<_> = if held.is_empty() && ended.is_empty() {
            let on_key = store.grants.on_key(key).take(LOOKED_AT);
            let others = on_key.filter(|it| !is_held(it)).map(weigh).filter(|it| it.1.is_empty());
            others.map(|(grant, _)| (grant, vec![Lack::Grantee])).take(SHOWN_OTHERS).collect()
        } else {
            Vec::new()
        };
        for (grant, lacks) in ended.iter_mut().chain(&mut others) {
            lacks.extend(unmet(grant));
        }
        let more = held.len().saturating_sub(SHOWN);
        let shown = held.into_iter().take(SHOWN).chain(ended).chain(others);
        findings.extend(shown.map(|(grant, lacks)| {
            Finding::Grant(NearGrant { wanted: Some(wanted), ..near(store, grant, lacks) })
        }));
        if more > 0 {
            findings.push(Finding::MoreGrants(more));
        }
        wait
    }
}

/// Returns a grant with what it lacks.
pub(crate) fn near(store: &Store, grant: &Grant, lacks: Vec<Lack>) -> NearGrant {
    NearGrant {
        id: hex(&grant.id),
        grantee: store.directory.name(&grant.grantee).into_owned(),
        operations: grant.operations.iter().copied().collect(),
        wanted: None,
        lacks,
    }
}

fn has_ended(lacks: &[Lack]) -> bool {
    lacks.iter().any(|it| matches!(it, Lack::Ended(_)))
}
