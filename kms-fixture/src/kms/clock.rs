//! The only source of time: one clock per fixture.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 2026-01-01T00:00:00Z, where the clock of a test stands until it is moved.
const START: u64 = 1_767_225_600;

/// What a clock goes by.
///
/// A test's clock stands still, so that a run repeats exactly; that of `kms-fixture serve` runs with the
/// machine's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Time {
    /// Always this instant.
    Fixed(SystemTime),
    /// The machine's own time.
    #[cfg(feature = "record")]
    Machine,
}

impl Default for Time {
    fn default() -> Self {
        Self::Fixed(UNIX_EPOCH + Duration::from_secs(START))
    }
}

impl Time {
    /// The time now.
    pub(crate) fn now(self) -> SystemTime {
        match self {
            Self::Fixed(at) => at,
            #[cfg(feature = "record")]
            Self::Machine => SystemTime::now(),
        }
    }
}

/// Tells a fake what time it is; all its handles show the same.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    time: Time,
    /// How far it has been put forward, in nanoseconds: at most some 580 years.
    ahead: Arc<AtomicU64>,
}

/// A clock cannot be put forward so far.
#[derive(Debug)]
pub(crate) struct TooFar;

impl Clock {
    pub(crate) fn new(time: Time) -> Self {
        Self { time, ahead: Arc::default() }
    }

    /// The time now.
    pub(crate) fn now(&self) -> SystemTime {
        let ahead = Duration::from_nanos(self.ahead.load(Ordering::SeqCst));
        self.time.now() + ahead
    }

    /// Puts the clock forward, for all handles.
    pub(crate) fn advance(&self, by: Duration) -> Result<(), TooFar> {
        let by = u64::try_from(by.as_nanos()).map_err(|_| TooFar)?;
        self.ahead
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| ahead.checked_add(by))
            .map(drop)
            .map_err(|_| TooFar)
    }
}

/// Seconds since 1970 with milliseconds, as KMS writes dates on the wire (facts 1.13, 2.12).
pub(crate) fn epoch_seconds(at: SystemTime) -> f64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    #[allow(clippy::cast_precision_loss)] // exact far beyond any date that KMS deals in
    let seconds = since.as_secs() as f64;
    seconds + f64::from(since.subsec_millis()) / 1000.0
}
