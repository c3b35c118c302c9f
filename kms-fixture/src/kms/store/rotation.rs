//! When a key's material is replaced.

use std::time::{Duration, SystemTime};

/// The rotation of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// Set while automatic rotation is enabled.
    pub(crate) automatic: Option<Automatic>,
    /// Since when an on-demand rotation is under way.
    pub(crate) on_demand: Option<OnDemand>,
}

/// Automatic rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Automatic {
    pub(crate) period_in_days: u32,
    pub(crate) next: SystemTime,
}

impl Automatic {
    /// Every so many days from `now`.
    pub(crate) fn from(now: SystemTime, period_in_days: u32) -> Self {
        Self { period_in_days, next: now + days(period_in_days) }
    }
}

/// An on-demand rotation that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OnDemand {
    pub(crate) since: SystemTime,
    pub(crate) complete: SystemTime,
}

/// So many days.
pub(crate) fn days(count: u32) -> Duration {
    Duration::from_hours(24) * count
}
