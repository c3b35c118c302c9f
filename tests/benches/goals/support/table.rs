//! The table: figures, ratios, goals, verdicts.

use std::time::Duration;

/// What a ratio must be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

/// Prints the heading of a table.
pub(crate) fn heading(title: &str) {
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    println!("\n{title} ({profile})");
}

/// Prints a figure alone.
pub(crate) fn figure(name: &str, taken: Duration) {
    println!("  {name:<58} {:>10}", micros(taken));
}

/// Prints a figure, its ratio to a floor, the goal and the verdict.
pub(crate) fn judged(name: &str, taken: Duration, ratio: f64, goal: Goal) {
    let (word, bound, met) = match goal {
        Goal::AtMost(bound) => ("<=", bound, ratio <= bound),
        Goal::AtLeast(bound) => (">=", bound, ratio >= bound),
    };
    let verdict = if met { "met" } else { "MISSED" };
    println!(
        "  {name:<58} {:>10}   ratio {ratio:>6.2}   goal {word} {bound:.2}   {verdict}",
        micros(taken)
    );
}

/// How many times as long as `floor` it took.
pub(crate) fn ratio(taken: Duration, floor: Duration) -> f64 {
    taken.as_secs_f64() / floor.as_secs_f64()
}

fn micros(taken: Duration) -> String {
    format!("{:.1} us", taken.as_secs_f64() * 1e6)
}
