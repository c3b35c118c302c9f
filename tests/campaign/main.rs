//! The campaign: random traffic to a lived-in account, with lag and faults, is recorded, accepted, checked and replayed.
//!
//! Every case follows from a seed, but for the order of concurrent calls. `PROPTEST_CASES` sets the number of cases,
//! `PROPTEST_RNG_SEED` another seed, and `CAMPAIGN_CASE` runs a single case. A case that fails is made as small as
//! possible. `CAMPAIGN_SURVEY=1` goes on after a failure and lists the failures by kind.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // all of it is a test
#![allow(clippy::too_many_lines)] // tables with one row for each call, and for each bug

mod account;
mod attempt;
mod bug;
mod bugs;
mod draw;
mod drive;
mod front;
mod judge;
mod kill;
mod pages;
mod process;
mod replay;
mod steps;
mod traffic;
mod wire;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::bug::Bug;
use crate::bugs::Planted;
use crate::judge::{Failure, judge};
use crate::steps::{Call, Key, Step, Who};

#[test]
fn every_recording_of_a_lived_in_account_is_faithful_and_leaves_nothing_behind() {
    drive::all("faithful", 200, draw::cases, |name, seed, case| {
        judge(name, seed, case, None).map(|it| it.is_good)
    });
}

#[test]
fn every_recording_of_a_quiet_account_is_faithful() {
    drive::all(
        "quiet",
        60,
        || draw::quiet(25),
        |name, seed, case| judge(name, seed, case, None).map(|it| it.is_good),
    );
}

/// How many recordings of each bug are made, and how many are tried for that.
const BITES: usize = 3;
const TRIED: usize = 60;

#[test]
fn a_bug_of_the_service_is_drift() {
    let next = AtomicUsize::new(0);
    let told = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(|| {
                while let Some(bug) = Bug::ALL.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let only = std::env::var("CAMPAIGN_BUG");
                    if only.is_ok_and(|it| it != format!("{bug:?}")) {
                        continue;
                    }
                    let planting = plant(*bug);
                    println!("{planting}");
                    told.lock().unwrap().push(planting);
                }
            });
        }
    });
    let told = told.into_inner().unwrap();
    assert!(!told.is_empty(), "`CAMPAIGN_BUG` is not the name of a bug");
    let missed: Vec<_> = told.iter().filter(|it| it.is_missed()).map(ToString::to_string).collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// The recordings of a service with a bug.
struct Planting {
    bug: Bug,
    bites: usize,
    caught: usize,
    /// Those that drift without the bug, too.
    unclean: usize,
    missed: Vec<String>,
}

impl Planting {
    fn is_missed(&self) -> bool {
        self.bites == 0 || self.caught < self.bites
    }
}

impl fmt::Display for Planting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bug, bites, caught, unclean, missed } = self;
        write!(f, "{bug:?}: {caught} of {bites} caught, {unclean} drift without it")?;
        missed.iter().try_for_each(|it| write!(f, "\n{it}"))
    }
}

/// Records a service with a bug until enough calls have met it.
fn plant(bug: Bug) -> Planting {
    let mut found = Planting { bug, bites: 0, caught: 0, unclean: 0, missed: Vec::new() };
    for (at, mut case) in drive::drawn(draw::quiet(30)).take(TRIED).enumerate() {
        case.bound_by.get_or_insert(steps::Form::Arn);
        case.steps.retain(|it| it.call.key().is_none_or(|it| KEYS.contains(&it)));
        lists_around(&mut case.steps);
        case.is_ordered = bug == Bug::OrderOfOperations;
        let name = format!("{bug:?}-{at}");
        let planted = Arc::new(Planted::new(bug));
        let outcome = judge(&name, at as u64 + 1, &case, Some(&planted));
        match outcome {
            Ok(report) if report.is_good && planted.has_bitten(&report.attempts) => {
                found.missed.push(format!("case {at} is not caught:\n{case:?}"));
            }
            // Only these two say something of the tape.
            Err(it) if planted.has_changed() && is_of_the_tape(&it) => {
                if judge(&name, at as u64 + 1, &case, None).is_err() {
                    found.unclean += 1;
                    continue;
                }
                found.caught += 1;
            }
            _ => continue,
        }
        found.bites += 1;
        if found.bites == BITES {
            break;
        }
    }
    found
}

fn is_of_the_tape(failure: &Failure) -> bool {
    ["accept", "check"].iter().any(|it| failure.kind.starts_with(it))
}

/// The keys of the traffic with bugs.
const KEYS: [Key; 3] = [Key::Orders, Key::Ledger, Key::Spare];

/// Lists the grants of the keys before the traffic, and often after it: a bug of lists has to be told from lag.
fn lists_around(steps: &mut Vec<Step>) {
    let list = |key: Key| Step { who: Who::Admin, call: Call::List(key), retries: false };
    let before = KEYS.into_iter().map(list);
    let after = (0..4).flat_map(|_| KEYS).map(list);
    *steps = before.chain(std::mem::take(steps)).chain(after).collect();
}

#[test]
fn a_killed_recording_is_cleaned_up_by_the_next() {
    drive::all("killed", 25, kill::kills, kill::kill);
}
