//! The indexes over grants: each page costs what it returns, however many grants there are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Bound::{Excluded, Included};

use super::{Grant, GrantId, KeyIndex};
use crate::model::{ContextConstraint, EncryptionContext, GrantOperation};
use crate::principals::Identity;

/// A principal that grants refer to, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Who(u32);

/// One page of grants, and whether there are more behind it.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) grants: Vec<&'a Grant>,
    pub(crate) more: bool,
}

/// Which requests a grant can be for, by the encryption context that it asks for. What has the same hash and is not the
/// same is told apart by whoever looks at the grant itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    /// Any.
    Open,
    /// This one.
    Equals(u64),
    /// One that holds this pair, one of those asked for.
    Holds(u64),
}

/// The lanes that a grant can stand in: in any one of them, every request finds it that it can be for.
fn lanes_for(grant: &Grant) -> Vec<Lane> {
    match &grant.constraints.context {
        Some(ContextConstraint::Equals(context)) => vec![Lane::Equals(hash(context))],
        Some(ContextConstraint::Subset(context)) if !context.is_empty() => {
            context.iter().map(|it| Lane::Holds(hash(&it))).collect()
        }
        _ => vec![Lane::Open],
    }
}

/// The lanes that a request with `context` has to look into.
fn lanes(context: &EncryptionContext) -> impl Iterator<Item = Lane> + '_ {
    [Lane::Open, Lane::Equals(hash(context))]
        .into_iter()
        .chain(context.iter().map(|it| Lane::Holds(hash(&it))))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A set of operations, one bit each.
type OperationSet = u32;

fn bit(operation: GrantOperation) -> OperationSet {
    1 << operation as u32
}

fn operations(grant: &Grant) -> OperationSet {
    grant.operations.iter().fold(0, |set, it| set | bit(*it))
}

/// Grants in the same lane, by the operations that they allow, of which there are few sets.
type Alike = BTreeMap<OperationSet, BTreeSet<GrantId>>;

/// Sorted positions of grants.
#[derive(Debug, Default)]
pub(super) struct GrantIndex {
    numbers: HashMap<Identity, Who>,
    per_key: HashMap<KeyIndex, usize>,
    by_key: BTreeSet<(KeyIndex, GrantId)>,
    by_grantee: BTreeSet<(KeyIndex, Who, GrantId)>,
    by_use: HashMap<(KeyIndex, Who), BTreeMap<Lane, Alike>>,
    /// The lane that was chosen, of grants for which several are possible.
    chosen: HashMap<GrantId, Lane>,
    by_retiring: BTreeSet<(Who, KeyIndex, GrantId)>,
    by_name: HashMap<(KeyIndex, String), Vec<GrantId>>,
}

const FIRST: GrantId = [0; 32];
const LAST: GrantId = [0xff; 32];

impl GrantIndex {
    fn number(&mut self, identity: &Identity) -> Who {
        if let Some(&who) = self.numbers.get(identity) {
            return who;
        }
        let who = Who(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
        self.numbers.insert(identity.clone(), who);
        who
    }

    pub(super) fn insert(&mut self, grant: &Grant) {
        let grantee = self.number(&grant.grantee);
        self.by_key.insert((grant.key, grant.id));
        self.by_grantee.insert((grant.key, grantee, grant.id));
        self.insert_use(grant, grantee);
        if let Some(retiring) = &grant.retiring {
            let retiring = self.number(retiring);
            self.by_retiring.insert((retiring, grant.key, grant.id));
        }
        if let Some(name) = &grant.name {
            self.by_name
                .entry((grant.key, name.clone()))
                .or_default()
                .push(grant.id);
        }
        *self.per_key.entry(grant.key).or_default() += 1;
    }

    pub(super) fn remove(&mut self, grant: &Grant) {
        let grantee = self.number(&grant.grantee);
        self.by_key.remove(&(grant.key, grant.id));
        self.by_grantee.remove(&(grant.key, grantee, grant.id));
        self.remove_use(grant, grantee);
        if let Some(retiring) = &grant.retiring {
            let retiring = self.number(retiring);
            self.by_retiring.remove(&(retiring, grant.key, grant.id));
        }
        if let Some(name) = &grant.name {
            let slot = (grant.key, name.clone());
            if let Some(ids) = self.by_name.get_mut(&slot) {
                ids.retain(|id| *id != grant.id);
                if ids.is_empty() {
                    self.by_name.remove(&slot);
                }
            }
        }
    }

    fn insert_use(&mut self, grant: &Grant, grantee: Who) {
        let lanes = self.by_use.entry((grant.key, grantee)).or_default();
        let possible = lanes_for(grant);
        // The emptiest: that many grants have one pair in common does not make them all stand in line.
        let length = |lane: &Lane| {
            let alike = lanes.get(lane).into_iter().flatten();
            alike.map(|(_, ids)| ids.len()).sum::<usize>()
        };
        let lane = possible.iter().copied().min_by_key(length);
        let lane = lane.unwrap_or(Lane::Open);
        if possible.len() > 1 {
            self.chosen.insert(grant.id, lane);
        }
        let alike = lanes.entry(lane).or_default();
        alike.entry(operations(grant)).or_default().insert(grant.id);
    }

    fn remove_use(&mut self, grant: &Grant, grantee: Who) {
        let slot = (grant.key, grantee);
        let chosen = self.chosen.remove(&grant.id);
        let Some(lanes) = self.by_use.get_mut(&slot) else {
            return;
        };
        let lane = chosen.or_else(|| lanes_for(grant).first().copied());
        let lane = lane.unwrap_or(Lane::Open);
        if let Some(alike) = lanes.get_mut(&lane) {
            let set = operations(grant);
            if let Some(ids) = alike.get_mut(&set) {
                ids.remove(&grant.id);
                if ids.is_empty() {
                    alike.remove(&set);
                }
            }
            if alike.is_empty() {
                lanes.remove(&lane);
            }
        }
        if lanes.is_empty() {
            self.by_use.remove(&slot);
        }
    }

    /// One grant of a key has ended, though it may still be seen.
    pub(super) fn end(&mut self, key: KeyIndex) {
        if let Some(count) = self.per_key.get_mut(&key) {
            *count -= 1;
        }
    }

    /// The grants of `grantee` on `key` that can allow `operation` with `context`.
    pub(super) fn of_use<'a>(
        &'a self,
        key: KeyIndex,
        grantee: &Identity,
        operation: GrantOperation,
        context: &'a EncryptionContext,
    ) -> impl Iterator<Item = GrantId> + 'a {
        let who = self.numbers.get(grantee).copied();
        let found = who.and_then(|who| self.by_use.get(&(key, who)));
        found
            .into_iter()
            .flat_map(move |by_lane| lanes(context).filter_map(|lane| by_lane.get(&lane)))
            .flatten()
            .filter(move |(set, _)| *set & bit(operation) != 0)
            .flat_map(|(_, ids)| ids.iter().copied())
    }

    pub(super) fn count(&self, key: KeyIndex) -> usize {
        self.per_key.get(&key).copied().unwrap_or_default()
    }

    pub(super) fn named(&self, key: KeyIndex, name: &str) -> &[GrantId] {
        self.by_name
            .get(&(key, name.to_owned()))
            .map_or(&[], Vec::as_slice)
    }

    pub(super) fn of_key(
        &self,
        key: KeyIndex,
        after: Option<GrantId>,
    ) -> impl Iterator<Item = GrantId> + '_ {
        let start = match after {
            Some(id) => Excluded((key, id)),
            None => Included((key, FIRST)),
        };
        self.by_key
            .range((start, Included((key, LAST))))
            .map(|&(_, id)| id)
    }

    pub(super) fn of_grantee(
        &self,
        key: KeyIndex,
        grantee: &Identity,
        after: Option<GrantId>,
    ) -> impl Iterator<Item = GrantId> + '_ {
        self.numbers.get(grantee).into_iter().flat_map(move |&who| {
            let start = match after {
                Some(id) => Excluded((key, who, id)),
                None => Included((key, who, FIRST)),
            };
            self.by_grantee
                .range((start, Included((key, who, LAST))))
                .map(|&(_, _, id)| id)
        })
    }

    pub(super) fn of_retiring(
        &self,
        retiring: &Identity,
        after: Option<(KeyIndex, GrantId)>,
    ) -> impl Iterator<Item = GrantId> + '_ {
        self.numbers
            .get(retiring)
            .into_iter()
            .flat_map(move |&who| {
                let start = match after {
                    Some((key, id)) => Excluded((who, key, id)),
                    None => Included((who, KeyIndex(0), FIRST)),
                };
                self.by_retiring
                    .range((start, Included((who, KeyIndex(u32::MAX), LAST))))
                    .map(|&(_, _, id)| id)
            })
    }
}
