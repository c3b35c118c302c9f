//! What a test would use in place of kms-fixture, in one run with it and with the floors: start, seed or stub, one
//! signed ListRetirableGrants, tear down.
//!
//! ```sh
//! cd tests/peers && cargo run --release      # or without --release, as `cargo test` is
//! ```

#[path = "../../benches/goals/fixture_cost.rs"]
#[allow(dead_code)] // the benchmark's own tables
mod fixture_cost;
mod moto;
mod over_tcp;
#[path = "../../benches/goals/support/mod.rs"]
#[allow(dead_code)] // what other benchmarks use
mod support;
mod through_the_sdk;

use std::time::Duration;

use support::measure::{Effort, Subject, medians};
use support::table;

fn main() {
    one_core();
    through_the_sdk::run();
    over_tcp::run();
}

/// Measures a floor and the others in turn, and prints how many times the floor each one costs.
fn compare<const N: usize>(title: &str, names: [&str; N], subjects: [Subject<'_>; N]) {
    let taken: [Duration; N] = medians(Effort::Full, 12, subjects);
    table::heading(title);
    for (name, it) in names.iter().zip(taken) {
        let micros = it.as_secs_f64() * 1e6;
        println!("  {name:<58} {micros:>9.1} us   {:>5.2}", table::ratio(it, taken[0]));
    }
}

/// Keeps this thread, and all that it starts, on the first core that it may use.
fn one_core() {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let allowed = sched_getaffinity(None).expect("a mask of cores");
    let mut one = CpuSet::new();
    if let Some(core) = (0..CpuSet::MAX_CPU).find(|it| allowed.is_set(*it)) {
        one.set(core);
        sched_setaffinity(None, &one).expect("the core is allowed");
    }
}
