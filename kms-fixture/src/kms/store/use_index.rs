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
type HashValue = u64;

fn hash_of(value: &(impl Hash + ?Sized)) -> HashValue {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Which encryption contexts a grant is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bucket {
    /// Any.
    Unconstrained,
    /// This one.
    Equals(HashValue),
    /// One that holds this pair, one of those asked for.
    Contains(HashValue),
    /// Where the same grants stand once more, for requests whose context does not count.
    Constrained,
}

/// The buckets that a grant can stand in: in any one of them, every request finds it that it can be for.
fn buckets_for(grant: &Grant) -> Vec<Bucket> {
    match &grant.constraints.context {
        Some(ContextConstraint::Equals(context)) => vec![Bucket::Equals(hash_of(context))],
        Some(ContextConstraint::Subset(context)) if !context.is_empty() => {
            context.iter().map(|it| Bucket::Contains(hash_of(&it))).collect()
        }
        _ => vec![Bucket::Unconstrained],
    }
}

/// The buckets that a request has to look into.
fn buckets_of_request(context: Option<&EncryptionContext>) -> Vec<Bucket> {
    match context {
        None => vec![Bucket::Unconstrained, Bucket::Constrained],
        Some(context) => [Bucket::Unconstrained, Bucket::Equals(hash_of(context))]
            .into_iter()
            .chain(context.iter().map(|it| Bucket::Contains(hash_of(&it))))
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

/// Grants in the same bucket for the same source, by the operations that they allow and by who has issued them: there are
/// few of either.
type Groups = BTreeMap<(OperationSet, HashValue), BTreeSet<GrantId>>;

/// The grants of one grantee on one key.
type Held = BTreeMap<(Bucket, Option<HashValue>), Groups>;

/// The index.
#[derive(Debug, Default)]
pub(super) struct UseIndex {
    held: HashMap<(KeyIndex, Identity), Held>,
    /// The bucket that was chosen, of grants for which several are possible.
    chosen: HashMap<GrantId, Bucket>,
}

impl UseIndex {
    pub(super) fn insert(&mut self, grant: &Grant) {
        let held = self.held.entry((grant.key, grant.grantee.clone()));
        let held = held.or_default();
        let source = source(grant);
        let possible = buckets_for(grant);
        // The emptiest: that many grants have one pair in common does not make them all stand in line.
        let length = |bucket: &Bucket| {
            let groups = held.get(&(*bucket, source)).into_iter().flatten();
            groups.map(|(_, ids)| ids.len()).sum::<usize>()
        };
        let bucket = possible.iter().copied().min_by_key(length);
        let bucket = bucket.unwrap_or(Bucket::Unconstrained);
        if possible.len() > 1 {
            self.chosen.insert(grant.id, bucket);
        }
        let constrained = (bucket != Bucket::Unconstrained).then_some(Bucket::Constrained);
        for bucket in [Some(bucket), constrained].into_iter().flatten() {
            let groups = held.entry((bucket, source)).or_default();
            groups.entry(kind(grant)).or_default().insert(grant.id);
        }
    }

    pub(super) fn remove(&mut self, grant: &Grant) {
        let slot = (grant.key, grant.grantee.clone());
        let chosen = self.chosen.remove(&grant.id);
        let Some(held) = self.held.get_mut(&slot) else {
            return;
        };
        let bucket = chosen.or_else(|| buckets_for(grant).first().copied());
        for bucket in bucket.into_iter().chain([Bucket::Constrained]) {
            let place = (bucket, source(grant));
            let Some(groups) = held.get_mut(&place) else {
                continue;
            };
            if let Some(ids) = groups.get_mut(&kind(grant)) {
                ids.remove(&grant.id);
                if ids.is_empty() {
                    groups.remove(&kind(grant));
                }
            }
            if groups.is_empty() {
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
        let sources = [None].into_iter().chain(wanted.source.map(|it| Some(hash_of(it))));
        let places: Vec<_> = sources
            .flat_map(|source| {
                buckets_of_request(wanted.context).into_iter().map(move |it| (it, source))
            })
            .collect();
        let operation = bit(wanted.operation);
        let issuer = issuer.map(hash_of);
        let held = self.held.get(&(key, grantee.clone()));
        held.into_iter()
            .flat_map(move |held| places.clone().into_iter().filter_map(|it| held.get(&it)))
            .flatten()
            .filter(move |((set, by), _)| set & operation != 0 && issuer.is_none_or(|it| it == *by))
            .flat_map(|(_, ids)| ids.iter().copied())
    }
}

fn source(grant: &Grant) -> Option<HashValue> {
    grant.constraints.source_arn.as_deref().map(hash_of)
}

fn kind(grant: &Grant) -> (OperationSet, HashValue) {
    (operations(grant), hash_of(grant.issuing_account.as_str()))
}
