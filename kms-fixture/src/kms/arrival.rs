//! Eventual consistency: when a change becomes visible, and to which requests (`kms-facts.md` 5).
//!
//! AWS documents that most changes become visible within five minutes. The exact delays are our own choice, and so is
//! that all readers see a change at the same time.

use std::time::{Duration, SystemTime};

/// The delays until changes become visible.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delays {
    /// The delay until a change affects requests.
    pub(crate) delay: Duration,
    /// The delay until lists show a change.
    pub(crate) list_delay: Duration,
    /// Whether each change has a random delay from zero to these values.
    pub(crate) jitter: bool,
}

/// An eventually consistent change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    serial: u64,
    arrives: SystemTime,
    is_listed: SystemTime,
}

/// The set of changes that one request sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    now: SystemTime,
    settled: u64,
    is_stale: bool,
}

impl Change {
    /// Returns when the change affects requests.
    pub(crate) fn arrives(&self) -> SystemTime {
        self.arrives
    }
}

impl View {
    /// Returns the view that includes every change.
    pub(crate) fn of_everything(now: SystemTime) -> Self {
        Self { now, settled: u64::MAX, is_stale: false }
    }

    /// Returns the time of the request.
    pub(crate) fn now(&self) -> SystemTime {
        self.now
    }

    /// Returns whether the request sees only settled changes.
    pub(crate) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Returns whether a change affects this request. `None` is an immediate change, which always does.
    pub(crate) fn sees(&self, change: Option<Change>) -> bool {
        change.is_none_or(|it| self.has_arrived(it.serial, it.arrives))
    }

    /// Returns whether lists show a change.
    pub(crate) fn lists(&self, change: Option<Change>) -> bool {
        change.is_none_or(|it| self.has_arrived(it.serial, it.is_listed))
    }

    fn has_arrived(&self, serial: u64, at: SystemTime) -> bool {
        serial <= self.settled || !self.is_stale && self.now >= at
    }
}

/// The counter of changes of one fixture.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// `None`: every change is visible at once.
    delays: Option<Delays>,
    made: u64,
    settled: u64,
}

impl Changes {
    pub(crate) fn new(delays: Option<Delays>) -> Self {
        Self { delays, ..Self::default() }
    }

    /// Returns whether changes are eventually consistent.
    pub(crate) fn are_eventual(&self) -> bool {
        self.delays.is_some()
    }

    /// Creates a change at `now`. With jitter, `drawn` returns the share of the delay for a serial number.
    pub(crate) fn next(
        &mut self,
        now: SystemTime,
        drawn: impl FnOnce(u64) -> f64,
    ) -> Option<Change> {
        let delays = self.delays?;
        self.made += 1;
        let share = if delays.jitter { drawn(self.made) } else { 1.0 };
        Some(Change {
            serial: self.made,
            arrives: now + delays.delay.mul_f64(share),
            is_listed: now + delays.list_delay.mul_f64(share),
        })
    }

    /// Makes every change so far visible.
    pub(crate) fn settle(&mut self) {
        self.settled = self.made;
    }

    /// Returns the view of a request at `now`; a stale one sees only settled changes.
    pub(crate) fn view(&self, now: SystemTime, is_stale: bool) -> View {
        View { now, settled: self.settled, is_stale }
    }
}
