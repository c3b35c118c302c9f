//! Medians of subjects that are run in turn, so that whatever slows the machine slows them all.

use std::time::{Duration, Instant};

/// How long to measure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For figures.
    Full,
    /// To see that it works.
    Smoke,
}

/// Something to measure: runs once and says how long it took.
pub(crate) type Subject<'a> = Box<dyn FnMut() -> Duration + 'a>;

const ROUNDS: usize = 20_000;

/// Runs `subjects` in turn for `seconds`, or three times; gives each one's median.
pub(crate) fn medians<const N: usize>(
    effort: Effort,
    seconds: u64,
    mut subjects: [Subject<'_>; N],
) -> [Duration; N] {
    let budget = match effort {
        Effort::Full => Duration::from_secs(seconds),
        Effort::Smoke => Duration::ZERO,
    };
    let mut taken = [const { Vec::new() }; N];
    let start = Instant::now();
    for round in 0..ROUNDS {
        if round >= 3 && start.elapsed() >= budget {
            break;
        }
        // Nobody is always first.
        for turn in 0..N {
            let at = (round + turn) % N;
            taken[at].push(subjects[at]());
        }
    }
    taken.map(|mut it| {
        it.sort_unstable();
        it[it.len() / 2]
    })
}

/// A subject that is measured as a whole.
pub(crate) fn whole<'a>(mut work: impl FnMut() + 'a) -> Subject<'a> {
    Box::new(move || timed(&mut work))
}

/// How long `work` takes, in processor time of all threads: other processes do not lengthen it. Everything is on one
/// core, and nothing waits for anything else.
pub(crate) fn timed(work: impl FnOnce()) -> Duration {
    let start = processor_time();
    work();
    processor_time().saturating_sub(start)
}

#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("not negative")
}

#[cfg(not(target_os = "linux"))]
fn processor_time() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}
