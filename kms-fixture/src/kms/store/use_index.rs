//! Grants by what a request has to bring along to use them, so that a use looks at few grants, however many there are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Grant, GrantId, KeyIndex};
use crate::kms::principals::Identity;
use crate::model::{ContextConstraint, EncryptionContext, GrantOperation};

/// What a request asks of a grant.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) operation: GrantOperation,
    /// The encryption context; none where constraints on it do not count.
    pub(crate) context: Option<&'a EncryptionContext>,
    /// The resource for which an AWS service asks.
    pub(crate) source: Option<&'a str>,
}

/// A hash of something that a grant and a request must have in common. What has the same hash and is not the same is told
/// apart by whoever looks at the grant itself.
type Sum = u64;

fn sum(value: &(impl Hash + ?Sized)) -> Sum {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Which encryption contexts a grant is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    /// Any.
    Open,
    /// This one.
    Equals(Sum),
    /// One that holds this pair, one of those asked for.
    Holds(Sum),
    /// Where the same grants stand once more, for requests whose context does not count.
    Uncounted,
}

/// The lanes that a grant can stand in: in any one of them, every request finds it that it can be for.
fn lanes_for(grant: &Grant) -> Vec<Lane> {
    match &grant.constraints.context {
        Some(ContextConstraint::Equals(context)) => vec![Lane::Equals(sum(context))],
        Some(ContextConstraint::Subset(context)) if !context.is_empty() => {
            context.iter().map(|it| Lane::Holds(sum(&it))).collect()
        }
        _ => vec![Lane::Open],
    }
}

/// The lanes that a request has to look into.
fn lanes(context: Option<&EncryptionContext>) -> Vec<Lane> {
    match context {
        None => vec![Lane::Open, Lane::Uncounted],
        Some(context) => [Lane::Open, Lane::Equals(sum(context))]
            .into_iter()
            .chain(context.iter().map(|it| Lane::Holds(sum(&it))))
            .collect(),
    }
}

/// A set of operations, one bit each.
type OperationSet = u32;

fn bit(operation: GrantOperation) -> OperationSet {
    1 << operation as u32
}

fn operations(grant: &Grant) -> OperationSet {
    grant.operations.iter().fold(0, |set, it| set | bit(*it))
}

/// Grants in the same lane for the same source, by the operations that they allow and by who has issued them: there are
/// few of either.
type Alike = BTreeMap<(OperationSet, Sum), BTreeSet<GrantId>>;

/// The grants of one grantee on one key.
type Held = BTreeMap<(Lane, Option<Sum>), Alike>;

/// The index.
#[derive(Debug, Default)]
pub(super) struct UseIndex {
    held: HashMap<(KeyIndex, Identity), Held>,
    /// The lane that was chosen, of grants for which several are possible.
    chosen: HashMap<GrantId, Lane>,
}

impl UseIndex {
    pub(super) fn insert(&mut self, grant: &Grant) {
        let held = self.held.entry((grant.key, grant.grantee.clone()));
        let held = held.or_default();
        let source = source(grant);
        let possible = lanes_for(grant);
        // The emptiest: that many grants have one pair in common does not make them all stand in line.
        let length = |lane: &Lane| {
            let alike = held.get(&(*lane, source)).into_iter().flatten();
            alike.map(|(_, ids)| ids.len()).sum::<usize>()
        };
        let lane = possible.iter().copied().min_by_key(length);
        let lane = lane.unwrap_or(Lane::Open);
        if possible.len() > 1 {
            self.chosen.insert(grant.id, lane);
        }
        let uncounted = (lane != Lane::Open).then_some(Lane::Uncounted);
        for lane in [Some(lane), uncounted].into_iter().flatten() {
            let alike = held.entry((lane, source)).or_default();
            alike.entry(kind(grant)).or_default().insert(grant.id);
        }
    }

    pub(super) fn remove(&mut self, grant: &Grant) {
        let slot = (grant.key, grant.grantee.clone());
        let chosen = self.chosen.remove(&grant.id);
        let Some(held) = self.held.get_mut(&slot) else {
            return;
        };
        let lane = chosen.or_else(|| lanes_for(grant).first().copied());
        for lane in lane.into_iter().chain([Lane::Uncounted]) {
            let place = (lane, source(grant));
            let Some(alike) = held.get_mut(&place) else {
                continue;
            };
            if let Some(ids) = alike.get_mut(&kind(grant)) {
                ids.remove(&grant.id);
                if ids.is_empty() {
                    alike.remove(&kind(grant));
                }
            }
            if alike.is_empty() {
                held.remove(&place);
            }
        }
        if held.is_empty() {
            self.held.remove(&slot);
        }
    }

    /// The grants of `grantee` on `key` that can be for a request; only those that `issuer` has issued, if one is given.
    pub(super) fn find<'a>(
        &'a self,
        key: KeyIndex,
        grantee: &Identity,
        wanted: Wanted<'_>,
        issuer: Option<&str>,
    ) -> impl Iterator<Item = GrantId> + 'a {
        let sources = [None].into_iter().chain(wanted.source.map(|it| Some(sum(it))));
        let places: Vec<_> = sources
            .flat_map(|source| lanes(wanted.context).into_iter().map(move |it| (it, source)))
            .collect();
        let operation = bit(wanted.operation);
        let issuer = issuer.map(sum);
        let held = self.held.get(&(key, grantee.clone()));
        held.into_iter()
            .flat_map(move |held| places.clone().into_iter().filter_map(|it| held.get(&it)))
            .flatten()
            .filter(move |((set, by), _)| set & operation != 0 && issuer.is_none_or(|it| it == *by))
            .flat_map(|(_, ids)| ids.iter().copied())
    }
}

fn source(grant: &Grant) -> Option<Sum> {
    grant.constraints.source_arn.as_deref().map(sum)
}

fn kind(grant: &Grant) -> (OperationSet, Sum) {
    (operations(grant), sum(grant.issuing_account.as_str()))
}
