//! What a fixture costs, against the floors of the contract (`design.md` 9): each subject is measured in turn with
//! its floor, in one run, and every table prints its goal and a verdict.
//!
//! ```sh
//! cargo bench -p kms-fixture-downstream                          # release, about a minute
//! cargo bench -p kms-fixture-downstream --bench goals scale      # one subject
//! cargo bench -p kms-fixture-downstream --bench goals --profile dev fixture_cost    # debug, as `cargo test` is
//! ```
//!
//! Everything stays on one core (on Linux), as in a suite that keeps every core busy: waking a core that idles can
//! cost more than all the work that is compared here. `--unpinned` lets the scheduler do as it likes.
//!
//! `-- memory` measures memory, which `cargo bench` does not do by itself. `tests/bench-counted` counts instructions instead (the argument `counted`), which does not depend on the machine's load.
//!
//! Without cargo's `--bench` (so under `cargo test --all-targets`), everything runs a few times only: it works, and
//! the figures say nothing.

#![allow(clippy::print_stdout)] // a benchmark prints its tables

mod counted;
mod cryptography;
mod explore;
mod fixture_cost;
#[cfg(target_os = "linux")]
mod memory;
mod replay;
mod scale;
mod support;
mod throughput;

use support::measure::Effort;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let effort =
        if arguments.iter().any(|it| it == "--bench") { Effort::Full } else { Effort::Smoke };
    if !arguments.iter().any(|it| it == "--unpinned") {
        one_core();
    }
    if let Some(at) = arguments.iter().position(|it| it == "counted") {
        return counted::run(&arguments[at + 1..]);
    }
    let wanted: Vec<_> = arguments.iter().filter(|it| !it.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|it| *it == name);
    if is_wanted("fixture_cost") {
        fixture_cost::run(effort);
    }
    if is_wanted("throughput") {
        throughput::run(effort);
    }
    if is_wanted("scale") {
        scale::run(effort);
    }
    if is_wanted("cryptography") {
        cryptography::run(effort);
    }
    if is_wanted("explore") {
        explore::run(effort);
    }
    if is_wanted("replay") {
        replay::run(effort);
    }
    #[cfg(target_os = "linux")]
    if effort == Effort::Smoke || wanted.iter().any(|it| *it == "memory") {
        memory::run(effort);
    }
}

/// Keeps this thread, and all that it starts, on the first core that it may use.
#[cfg(target_os = "linux")]
fn one_core() {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let allowed = sched_getaffinity(None).expect("a mask of cores");
    let mut one = CpuSet::new();
    if let Some(core) = (0..CpuSet::MAX_CPU).find(|it| allowed.is_set(*it)) {
        one.set(core);
        sched_setaffinity(None, &one).expect("the core is allowed");
    }
}

#[cfg(not(target_os = "linux"))]
fn one_core() {}
