//! The only source of time: one clock for each fixture, and the sleeps that go by it.

mod of_runtime;
mod sleepers;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

pub(crate) use of_runtime::OfRuntime;
use sleepers::Sleepers;
pub(crate) use sleepers::{Earliest, Place, Turn};

/// 2026-01-01T00:00:00Z, where a test's clock starts.
const START: u64 = 1_767_225_600;

/// The source of a clock's time.
#[derive(Clone, Debug)]
pub(crate) enum Time {
    /// A constant time, so that a run repeats exactly. Only a sleep or the test moves the clock.
    Fixed(SystemTime),
    /// The clock of a tokio runtime.
    Runtime(OfRuntime),
    /// The system clock.
    Machine,
}

impl Default for Time {
    fn default() -> Self {
        Self::Fixed(UNIX_EPOCH + Duration::from_secs(START))
    }
}

impl Time {
    /// Returns the current time.
    pub(crate) fn now(&self) -> SystemTime {
        match self {
            Self::Fixed(at) => *at,
            Self::Runtime(runtime) => runtime.now(),
            Self::Machine => SystemTime::now(),
        }
    }
}

/// The clock of a fake; all its handles show one time.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    time: Time,
    /// How far the clock has been advanced, in nanoseconds: at most about 580 years.
    ahead: AtomicU64,
    sleepers: Mutex<Sleepers>,
    /// Wakes whatever waits for the clock to move.
    moved: Arc<Notify>,
}

/// The error for an advance beyond the clock's range.
#[derive(Debug)]
pub(crate) struct TooFar;

impl Clock {
    pub(crate) fn new(time: Time) -> Self {
        let (sleepers, moved) = (Mutex::default(), Arc::default());
        Self { shared: Arc::new(Shared { time, ahead: AtomicU64::new(0), sleepers, moved }) }
    }

    /// Returns the source of its time.
    pub(crate) fn time(&self) -> &Time {
        &self.shared.time
    }

    /// Returns the current time.
    pub(crate) fn now(&self) -> SystemTime {
        let ahead = Duration::from_nanos(self.shared.ahead.load(Ordering::SeqCst));
        self.shared.time.now() + ahead
    }

    /// Advances the clock for all handles, and wakes the sleeps that are over.
    pub(crate) fn advance(&self, by: Duration) -> Result<(), TooFar> {
        self.change(|sleepers| {
            sleepers.is_changed = true;
            self.add(by)
        })
    }

    /// Moves the clock back to its start.
    #[cfg(feature = "cli")]
    pub(crate) fn start_again(&self) {
        self.change(|sleepers| {
            sleepers.is_changed = true;
            self.shared.ahead.store(0, Ordering::SeqCst);
        });
    }

    /// Returns what a test, a sleep or a timeout wakes by moving the clock.
    pub(crate) fn moved(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.moved)
    }

    fn add(&self, by: Duration) -> Result<(), TooFar> {
        let by = u64::try_from(by.as_nanos()).map_err(|_| TooFar)?;
        self.shared
            .ahead
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| ahead.checked_add(by))
            .map(drop)
            .map_err(|_| TooFar)
    }

    /// Returns what a sleep until `end` has to do now; if it has to wait, it is woken when that changes.
    ///
    /// On a clock of constant time, the earliest sleep moves the clock to its end after it has been polled three times,
    /// which lets everything else run that can run, unless an exchange is under way.
    pub(crate) fn poll_sleep(&self, end: SystemTime, place: &mut Place, waker: &Waker) -> Turn {
        let is_fixed = matches!(self.shared.time, Time::Fixed(_));
        self.change(|sleepers| {
            let now = self.now();
            let left = end.duration_since(now).unwrap_or_default();
            if left.is_zero() {
                sleepers.leave(end, place);
                return Turn::Over;
            }
            let turn = sleepers.poll((end, left), place, waker, is_fixed);
            if matches!(turn, Turn::Over) && self.add(left).is_err() {
                // No clock shows the end of this sleep.
                return Turn::Wait;
            }
            turn
        })
    }

    /// Ends a sleep that has waited really, which moves a clock of constant time to `end`.
    pub(crate) fn end_sleep(&self, end: SystemTime, place: &mut Place) {
        let is_fixed = matches!(self.shared.time, Time::Fixed(_));
        self.change(|sleepers| {
            sleepers.leave(end, place);
            if is_fixed {
                let _ = self.add(end.duration_since(self.now()).unwrap_or_default());
                sleepers.is_changed = true;
            }
        });
    }

    /// Forgets a sleep, whether or not it is over.
    pub(crate) fn leave(&self, end: SystemTime, place: &mut Place) {
        if place.is_taken() {
            self.change(|sleepers| sleepers.leave(end, place));
        }
    }

    /// Counts an exchange that waits for something real: until it ends, every sleep is real.
    pub(crate) fn begin_exchange(&self) {
        self.sleepers().under_way += 1;
    }

    /// Ends the effect of [`begin_exchange`](Self::begin_exchange).
    pub(crate) fn end_exchange(&self) {
        self.change(|sleepers| {
            sleepers.under_way -= 1;
            sleepers.is_changed = true;
        });
    }

    /// Returns the number of exchanges under way, and how long the earliest sleep lasts that is waited for.
    #[cfg(feature = "macros")]
    pub(crate) fn waits(&self) -> (usize, Option<Duration>) {
        let sleepers = self.sleepers();
        let end = sleepers.first_end();
        let left = end.map(|it| it.duration_since(self.now()).unwrap_or_default());
        (sleepers.under_way, left)
    }

    /// Returns the earliest sleep.
    pub(crate) fn earliest(&self) -> Option<Earliest> {
        self.sleepers().earliest()
    }

    /// Passes over the earliest sleep until it is polled again, if nothing has polled it since it was `seen`.
    pub(crate) fn pass_over(&self, seen: Option<Earliest>) {
        self.change(|sleepers| sleepers.pass_over(seen));
    }

    /// Changes the sleeps, and then wakes those that have something to do.
    fn change<T>(&self, change: impl FnOnce(&mut Sleepers) -> T) -> T {
        let mut sleepers = self.sleepers();
        let before = self.shared.ahead.load(Ordering::SeqCst);
        let changed = change(&mut sleepers);
        let to_wake = sleepers.with_something_to_do(|| self.now());
        let has_moved = self.shared.ahead.load(Ordering::SeqCst) != before;
        let old = std::mem::take(&mut sleepers.old);
        drop(sleepers);
        // A waker may run anything, even what leaves a sleep.
        drop(old);
        to_wake.into_iter().for_each(Waker::wake);
        if has_moved {
            self.shared.moved.notify_waiters();
        }
        changed
    }

    fn sleepers(&self) -> MutexGuard<'_, Sleepers> {
        self.shared.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns seconds since 1970 with milliseconds, as KMS sends dates (facts 1.13, 2.12).
pub(crate) fn epoch_seconds(at: SystemTime) -> f64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    #[allow(clippy::cast_precision_loss)] // exact far beyond any date that KMS uses
    let seconds = since.as_secs() as f64;
    seconds + f64::from(since.subsec_millis()) / 1000.0
}
