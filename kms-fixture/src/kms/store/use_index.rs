//! An index over grants by the properties of the requests that they allow, so that authorization checks few grants,
//! however many there are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Grant, GrantId, KeyIndex};
use crate::kms::principals::Identity;
use crate::model::{ContextConstraint, EncryptionContext, GrantOperation};

/// The properties of a request that a grant must match.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) operation: GrantOperation,
    /// The encryption context; `None` if context constraints do not apply.
    pub(crate) context: Option<&'a EncryptionContext>,
    /// `aws:SourceArn` of a request by an AWS service.
    pub(crate) source: Option<&'a str>,
}

/// A hash of a value that a grant and a request must have in common. Collisions are harmless: authorization checks the
/// grant itself.
type HashValue = u64;

fn hash_of(value: &(impl Hash + ?Sized)) -> HashValue {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A class of grants by their constraint on the encryption context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bucket {
    /// Grants without a constraint.
    Unconstrained,
    /// Grants for exactly this context.
    Equals(HashValue),
    /// Grants whose constraint contains this pair.
    Contains(HashValue),
    /// All grants with a constraint, for requests to which context constraints do not apply.
    Constrained,
}

/// Returns the buckets that can hold a grant. Every request with an encryption context that the grant may allow reads all
/// of them.
fn buckets_for(grant: &Grant) -> Vec<Bucket> {
    match &grant.constraints.context {
        Some(ContextConstraint::Equals(context)) => vec![Bucket::Equals(hash_of(context))],
        Some(ContextConstraint::Subset(context)) if !context.is_empty() => {
            context.iter().map(|it| Bucket::Contains(hash_of(&it))).collect()
        }
        _ => vec![Bucket::Unconstrained],
    }
}

/// Returns the buckets that a request must read.
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

/// The grants of one bucket and source, by allowed operations and issuing account. There are few different values of
/// both.
type Groups = BTreeMap<(OperationSet, HashValue), BTreeSet<GrantId>>;

/// The grants of one grantee on one key.
type Held = BTreeMap<(Bucket, Option<HashValue>), Groups>;

/// The index over all grants of a Region.
#[derive(Debug, Default)]
pub(super) struct UseIndex {
    held: HashMap<(KeyIndex, Identity), Held>,
    /// The chosen bucket of each grant with several possible ones.
    chosen: HashMap<GrantId, Bucket>,
}

impl UseIndex {
    pub(super) fn insert(&mut self, grant: &Grant) {
        let held = self.held.entry((grant.key, grant.grantee.clone()));
        let held = held.or_default();
        let source = source(grant);
        let possible = buckets_for(grant);
        // The smallest bucket: grants that share one common pair spread over their other pairs.
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

    /// Returns the grants of `grantee` on `key` that may allow a request. `issuer` selects grants that this account
    /// issued.
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

/// Returns the source of a grant for a service. No other principal's requests have one to be compared.
fn source(grant: &Grant) -> Option<HashValue> {
    let is_for_service = matches!(grant.grantee, Identity::Service(_));
    grant.constraints.source_arn.as_deref().filter(|_| is_for_service).map(hash_of)
}

fn kind(grant: &Grant) -> (OperationSet, HashValue) {
    (operations(grant), hash_of(grant.issuing_account.as_str()))
}
