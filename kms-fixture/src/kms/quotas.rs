//! The request quotas of a fake, and the calls of the current second (facts 15.12 and 15.13).
//!
//! A second begins with the first call that a quota counts, and a call that is refused does not count:
//! INVENTED(quota-seconds).

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use crate::api::quotas::{Counted, Shared, counted, of_pair};
use crate::kms::evidence::Exceeded;

const SECOND: Duration = Duration::from_secs(1);
/// The number of windows above which those that are over are dropped.
const KEPT_WINDOWS: usize = 1_000;
/// The number of calls of a window whose numbers are kept.
const KEPT_CALLS: usize = 4;

/// The calls that one quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Count {
    Operation(&'static str),
    Shared(Shared),
    /// Data key pairs of a spec.
    Pairs(&'static str),
}

/// A call as one quota counts it.
#[derive(Clone, Debug)]
pub(crate) struct Charge<'a> {
    count: Count,
    limit: u32,
    region: &'a str,
    /// How many calls it counts as.
    weight: u32,
}

/// The calls of one second that a quota has counted, in an account and a Region.
#[derive(Debug)]
struct Window {
    start: SystemTime,
    used: u32,
    /// The number of the calls; a call may count more than once.
    calls: u64,
    /// The numbers of the first requests.
    first: Vec<u64>,
}

/// The quotas of a fake.
#[derive(Debug)]
pub(crate) struct Quotas {
    has_those_of_aws: bool,
    /// The quotas that a test has set, by operation or by the word of a shared one.
    own: BTreeMap<String, u32>,
    /// By account, Region and count.
    windows: HashMap<(String, String, Count), Window>,
}

impl Quotas {
    pub(crate) fn new(has_those_of_aws: bool, own: BTreeMap<String, u32>) -> Self {
        Self { has_those_of_aws, own, windows: HashMap::new() }
    }

    /// Returns how a call counts. `kinds` are those of its keys, `pair` is the spec of its data key pair.
    pub(crate) fn charges<'a>(
        &self,
        operation: &'static str,
        region: &'a str,
        kinds: &[Shared],
        pair: Option<&str>,
    ) -> Vec<Charge<'a>> {
        let charge = |(count, limit)| Charge { count, limit, region, weight: 1 };
        // A quota of the test takes the place of AWS's quota of the operation.
        let is_of_aws = self.has_those_of_aws && !self.own.contains_key(operation);
        let pair = pair.and_then(of_pair).filter(|_| is_of_aws);
        let pair = pair.map(|(spec, limit)| (Count::Pairs(spec), limit));
        let kinds = kinds.iter().filter_map(|it| self.shared(*it, region));
        self.alone(operation).into_iter().chain(pair).chain(kinds).map(charge).collect()
    }

    /// Returns how a ReplicateKey counts in the Region of the replica: as two CreateKey (fact 15.13).
    pub(crate) fn replica<'a>(&self, region: &'a str) -> Option<Charge<'a>> {
        let (count, limit) = self.alone("CreateKey")?;
        Some(Charge { count, limit, region, weight: 2 })
    }

    /// Returns the quota of an operation alone.
    fn alone(&self, operation: &'static str) -> Option<(Count, u32)> {
        let of_aws = match counted(operation) {
            Some(Counted::Alone(limit)) if self.has_those_of_aws => Some(limit),
            _ => None,
        };
        let limit = self.own.get(operation).copied().or(of_aws)?;
        Some((Count::Operation(operation), limit))
    }

    fn shared(&self, shared: Shared, region: &str) -> Option<(Count, u32)> {
        let of_aws = self.has_those_of_aws.then(|| shared.in_region(region));
        let limit = self.own.get(shared.word()).copied().or(of_aws)?;
        Some((Count::Shared(shared), limit))
    }

    /// Counts the request `number` of an account, unless a quota is used up: then it counts nowhere.
    pub(crate) fn count(
        &mut self,
        account: &str,
        charges: &[Charge<'_>],
        now: SystemTime,
        number: u64,
    ) -> Result<(), Box<Exceeded>> {
        if self.windows.len() > KEPT_WINDOWS {
            self.windows.retain(|_, it| it.left(now).is_some());
        }
        let key = |it: &Charge<'_>| (account.to_owned(), it.region.to_owned(), it.count);
        for charge in charges {
            let Some(window) = self.windows.get(&key(charge)) else { continue };
            let Some(left) = window.left(now) else { continue };
            // A call that counts more than once does so at most as often as the quota allows.
            if window.used + charge.weight.min(charge.limit) > charge.limit {
                return Err(Box::new(Exceeded {
                    quota: charge.count.describe(),
                    limit: charge.limit,
                    account: account.to_owned(),
                    region: charge.region.to_owned(),
                    first: window.first.clone(),
                    calls: window.calls,
                    left,
                }));
            }
        }
        for charge in charges {
            let new = || Window { start: now, used: 0, calls: 0, first: Vec::new() };
            let window = self.windows.entry(key(charge)).or_insert_with(new);
            if window.left(now).is_none() {
                *window = new();
            }
            window.used += charge.weight.min(charge.limit);
            window.calls += 1;
            if window.first.len() < KEPT_CALLS {
                window.first.push(number);
            }
        }
        Ok(())
    }
}

impl Window {
    /// Returns how long the window lasts; `None` if it is over.
    fn left(&self, now: SystemTime) -> Option<Duration> {
        let passed = now.duration_since(self.start).ok()?;
        SECOND.checked_sub(passed).filter(|it| !it.is_zero())
    }
}

impl Count {
    /// Describes the counted calls, for a sentence.
    fn describe(self) -> String {
        match self {
            Self::Operation(operation) => operation.to_owned(),
            Self::Shared(Shared::Symmetric) => {
                "cryptographic operations on symmetric keys".to_owned()
            }
            Self::Shared(Shared::Rsa) => "cryptographic operations on RSA keys".to_owned(),
            Self::Shared(Shared::Ecc) => "cryptographic operations on ECC keys".to_owned(),
            Self::Shared(Shared::MlDsa) => "cryptographic operations on ML-DSA keys".to_owned(),
            Self::Pairs(spec) => format!("data key pairs of spec {spec}"),
        }
    }
}
