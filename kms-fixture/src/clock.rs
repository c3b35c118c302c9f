//! The only source of time: one clock per fixture.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 2026-01-01T00:00:00Z, where the clock of a test stands unless it is told otherwise.
const START: u64 = 1_767_225_600;

/// Tells the fake what time it is.
///
/// A test's clock stands still, so that a run repeats exactly; that of `kms-fixture serve` runs with the
/// machine's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clock {
    /// Always this instant.
    Fixed(SystemTime),
    /// The machine's own time.
    #[cfg(feature = "record")]
    Machine,
}

impl Default for Clock {
    fn default() -> Self {
        Self::Fixed(UNIX_EPOCH + Duration::from_secs(START))
    }
}

impl Clock {
    /// The time now.
    pub(crate) fn now(self) -> SystemTime {
        match self {
            Self::Fixed(at) => at,
            #[cfg(feature = "record")]
            Self::Machine => SystemTime::now(),
        }
    }
}

/// Seconds since 1970 with milliseconds, as KMS writes dates on the wire (facts 1.13, 2.12).
pub(crate) fn epoch_seconds(at: SystemTime) -> f64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    #[allow(clippy::cast_precision_loss)] // exact far beyond any date that KMS deals in
    let seconds = since.as_secs() as f64;
    seconds + f64::from(since.subsec_millis()) / 1000.0
}
