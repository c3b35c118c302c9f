//! Instructions: each row of the contract, and its floor, for `tests/bench-counted`, which runs this under callgrind.
//!
//! Callgrind writes the instructions so far and starts again whenever [`counted_mark`] is called. Each subject is
//! prepared, run some times, prepared, and run three times as often; so four counts belong to it, of which the second
//! and the fourth are of the runs. Their difference has no constant part.

use std::hint::black_box;

use crate::fixture_cost;
use crate::replay::{self, Folder, Recording, Script, Tape};
use crate::throughput::{self, Calls};

/// Prepares so many runs, and returns them.
type Prepare<'a> = Box<dyn Fn(usize) -> Box<dyn FnOnce() + 'a> + 'a>;

/// Makes a subject ready that can be run again and again.
fn repeated<'a>(run: impl Fn() + 'a + Copy) -> Prepare<'a> {
    Box::new(move |times| {
        run();
        Box::new(move || (0..times).for_each(|_| run()))
    })
}

/// Runs the rows with these names, or all.
pub(crate) fn run(wanted: &[String]) {
    let wanted: Vec<_> = wanted.iter().filter(|it| !it.starts_with('-')).collect();
    let is_wanted = |row: &str| wanted.is_empty() || wanted.iter().any(|it| *it == row);
    if is_wanted("sdk") {
        let rounds = fixture_cost::ThroughSdk::new();
        count("sdk", "fixture", 10, &repeated(|| rounds.fixture()));
        count("sdk", "StaticReplayClient", 10, &repeated(|| rounds.canned()));
        let own = repeated(|| rounds.canned_in_own_config());
        count("sdk", "StaticReplayClient, own SdkConfig", 10, &own);
    }
    if is_wanted("tcp") {
        let rounds = fixture_cost::OverTcp::new();
        count("tcp", "fixture", 10, &repeated(|| rounds.fixture()));
        count("tcp", "bare hyper", 10, &repeated(|| rounds.bare()));
    }
    for (row, grants) in [("page", 60), ("one", 1)] {
        if is_wanted(row) {
            let calls = Calls::new(grants);
            count(row, "fixture", 20, &to(&calls, Calls::to_fixture));
            count(row, "bare hyper", 20, &to(&calls, Calls::to_bare));
        }
    }
    if is_wanted("replay") {
        let folder = Folder::new();
        // Three times as many as are played first.
        let played = Recording::new(Script::Mix, 60);
        let tape = Tape::new(&folder.0, "counted", &played);
        let calls = replay::OverTcp::new(&played, &tape);
        let replayed: Prepare<'_> = Box::new(|times| {
            let (kms, play) = calls.replay(times);
            Box::new(move || {
                play();
                drop(kms);
            })
        });
        count("replay", "fixture", 20, &replayed);
        let bare: Prepare<'_> = Box::new(|times| Box::new(calls.bare(times)));
        count("replay", "bare hyper", 20, &bare);
    }
}

/// Requests on one connection.
fn to(calls: &Calls, open: fn(&Calls, usize) -> Vec<throughput::Connection>) -> Prepare<'_> {
    Box::new(move |times| {
        let mut connections = open(calls, 1);
        Box::new(move || throughput::batch(&mut connections, &calls.request, times))
    })
}

/// Counts a subject: prints its row, its name and how many runs the difference has.
fn count(row: &str, subject: &str, runs: usize, prepare: &Prepare<'_>) {
    for times in [runs, 3 * runs] {
        let run = prepare(times);
        counted_mark();
        run();
        counted_mark();
    }
    println!("{row}\t{subject}\t{}", 2 * runs);
}

/// Where callgrind writes what it has counted.
#[inline(never)]
fn counted_mark() {
    black_box(());
}
