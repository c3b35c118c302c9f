//! The rotation settings of a key.

use std::time::{Duration, SystemTime};

/// The rotation settings and progress of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// Set while automatic rotation is enabled.
    pub(crate) automatic: Option<Automatic>,
    /// Set while an on-demand rotation is in progress.
    pub(crate) on_demand: Option<OnDemand>,
}

/// The schedule of automatic rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Automatic {
    pub(crate) period_in_days: u32,
    pub(crate) next: SystemTime,
}

impl Automatic {
    /// Schedules the next rotation one period from `now`.
    pub(crate) fn from(now: SystemTime, period_in_days: u32) -> Self {
        Self { period_in_days, next: now + days(period_in_days) }
    }
}

/// An on-demand rotation in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OnDemand {
    pub(crate) since: SystemTime,
    pub(crate) complete: SystemTime,
}

/// Returns a duration of `count` days.
pub(crate) fn days(count: u32) -> Duration {
    Duration::from_hours(24) * count
}
