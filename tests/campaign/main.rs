//! The campaign: random traffic to a lived-in account, with lag and faults, is recorded, accepted, checked and replayed.
//!
//! Every case follows from a seed, but for the order of concurrent calls. `PROPTEST_CASES` sets the number of cases,
//! `PROPTEST_RNG_SEED` another seed, and `CAMPAIGN_CASE` runs a single case. A case that fails is made as small as
//! possible. `CAMPAIGN_SURVEY=1` goes on after a failure and lists the failures by kind.

mod account;
mod bugs;
mod draw;
mod drive;
mod front;
mod judge;
mod kill;
mod process;
mod replay;
mod steps;
mod traffic;
mod wire;

use std::sync::Arc;

use crate::bugs::{Bug, Planted};
use crate::judge::judge;
use crate::steps::{Call, Key, Step, Who};

#[test]
fn every_recording_of_a_lived_in_account_is_faithful_and_leaves_nothing_behind() {
    drive::all("faithful", 200, draw::cases, |name, seed, case| {
        judge(name, seed, case, None).map(|it| it.is_good)
    });
}

#[test]
fn every_recording_of_a_quiet_account_is_faithful() {
    drive::all("quiet", 60, || draw::quiet(25), |name, seed, case| {
        judge(name, seed, case, None).map(|it| it.is_good)
    });
}

/// How many recordings of each bug are made.
const BITES: usize = 3;

#[test]
fn a_bug_of_the_service_is_drift() {
    let mut missed = Vec::new();
    let mut said = Vec::new();
    for bug in Bug::ALL {
        let (mut bites, mut caught, mut unclean) = (0, 0, 0);
        for (at, mut case) in drive::drawn(draw::quiet(30)).take(80).enumerate() {
            case.bound_by.get_or_insert(steps::Form::Arn);
            lists_around(&mut case.steps);
            let name = format!("{bug:?}-{at}");
            let planted = Arc::new(Planted::new(bug));
            let outcome = judge(&name, at as u64 + 1, &case, Some(&planted));
            let (is_caught, has_bitten) = match &outcome {
                Ok(report) => (false, report.is_good && planted.has_bitten(&report.attempts)),
                // Only what these two say of the tape counts.
                Err(it) => {
                    let is_drift = it.kind.starts_with("check") || it.kind.starts_with("accept");
                    (is_drift, is_drift && planted.has_changed())
                }
            };
            if !has_bitten {
                continue;
            }
            if is_caught && judge(&name, at as u64 + 1, &case, None).is_err() {
                unclean += 1;
                continue;
            }
            bites += 1;
            caught += usize::from(is_caught);
            if !is_caught {
                missed.push(format!("{bug:?}, case {at}: {:#?}", case.steps));
            }
            if bites == BITES {
                break;
            }
        }
        said.push(format!("{bug:?}: {caught} of {bites} caught ({unclean} unclean without it)"));
        if bites == 0 {
            missed.push(format!("{bug:?} was never met"));
        }
    }
    println!("{}", said.join("\n"));
    assert!(missed.is_empty(), "{}\n{}", said.join("\n"), missed.join("\n"));
}

/// Lists the grants of the keys before the traffic, and often after it: a bug of lists has to be told from lag.
fn lists_around(steps: &mut Vec<Step>) {
    let list = |key: Key| Step { who: Who::Admin, call: Call::List(key), retries: false };
    let keys = [Key::Orders, Key::Ledger, Key::Spare];
    let before = keys.into_iter().map(list);
    let after = (0..4).flat_map(|_| keys).map(list);
    *steps = before.chain(std::mem::take(steps)).chain(after).collect();
}

#[test]
#[ignore = "needs `record --recover`"]
fn a_killed_recording_is_cleaned_up_by_the_next() {
    drive::all("killed", 25, kill::kills, kill::kill);
}
