//! The only source of time: one clock for each fixture.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 2026-01-01T00:00:00Z, where a test's clock starts.
const START: u64 = 1_767_225_600;

/// The source of a clock's time.
///
/// A test's clock stands still, so that a run repeats exactly; that of `kms-fixture serve` follows the system clock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Time {
    /// A constant time.
    Fixed(SystemTime),
    /// The system clock.
    #[cfg(feature = "record")]
    Machine,
}

impl Default for Time {
    fn default() -> Self {
        Self::Fixed(UNIX_EPOCH + Duration::from_secs(START))
    }
}

impl Time {
    /// Returns the current time.
    pub(crate) fn now(self) -> SystemTime {
        match self {
            Self::Fixed(at) => at,
            #[cfg(feature = "record")]
            Self::Machine => SystemTime::now(),
        }
    }
}

/// The clock of a fake; all its handles show one time.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    time: Time,
    /// How far the clock has been advanced, in nanoseconds: at most about 580 years.
    ahead: Arc<AtomicU64>,
}

/// The error for an advance beyond the clock's range.
#[derive(Debug)]
pub(crate) struct TooFar;

impl Clock {
    pub(crate) fn new(time: Time) -> Self {
        Self { time, ahead: Arc::default() }
    }

    /// Returns the current time.
    pub(crate) fn now(&self) -> SystemTime {
        let ahead = Duration::from_nanos(self.ahead.load(Ordering::SeqCst));
        self.time.now() + ahead
    }

    /// Advances the clock for all handles.
    pub(crate) fn advance(&self, by: Duration) -> Result<(), TooFar> {
        let by = u64::try_from(by.as_nanos()).map_err(|_| TooFar)?;
        self.ahead
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| ahead.checked_add(by))
            .map(drop)
            .map_err(|_| TooFar)
    }
}

/// Returns seconds since 1970 with milliseconds, as KMS sends dates (facts 1.13, 2.12).
pub(crate) fn epoch_seconds(at: SystemTime) -> f64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    #[allow(clippy::cast_precision_loss)] // exact far beyond any date that KMS uses
    let seconds = since.as_secs() as f64;
    seconds + f64::from(since.subsec_millis()) / 1000.0
}
