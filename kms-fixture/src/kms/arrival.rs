//! Eventual consistency: when a change is seen, and by which request (`kms-facts.md` 5).
//!
//! AWS promises that most changes arrive within five minutes; how long each one takes, and that it takes the same for
//! every reader, is a choice of ours.

use std::time::{Duration, SystemTime};

/// How long changes take to arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delays {
    /// Until requests are decided by them.
    pub(crate) delay: Duration,
    /// Until lists show them.
    pub(crate) list_delay: Duration,
    /// Whether each change draws its own delay between nothing and these.
    pub(crate) jitter: bool,
}

/// A change that takes its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    serial: u64,
    arrives: SystemTime,
    is_listed: SystemTime,
}

/// What one request sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    now: SystemTime,
    settled: u64,
    is_stale: bool,
}

impl Change {
    /// When requests are decided by it.
    pub(crate) fn arrives(&self) -> SystemTime {
        self.arrives
    }
}

impl View {
    /// Of somebody for whom every change has arrived.
    pub(crate) fn of_everything(now: SystemTime) -> Self {
        Self { now, settled: u64::MAX, is_stale: false }
    }

    /// The time of the request.
    pub(crate) fn now(&self) -> SystemTime {
        self.now
    }

    /// Whether a change decides about this request; what was there from the start or is consistent always does.
    pub(crate) fn sees(&self, change: Option<Change>) -> bool {
        change.is_none_or(|it| self.has_arrived(it.serial, it.arrives))
    }

    /// Whether a list shows a change.
    pub(crate) fn lists(&self, change: Option<Change>) -> bool {
        change.is_none_or(|it| self.has_arrived(it.serial, it.is_listed))
    }

    fn has_arrived(&self, serial: u64, at: SystemTime) -> bool {
        serial <= self.settled || !self.is_stale && self.now >= at
    }
}

/// The changes of one fixture, in order.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// None: everything is consistent at once.
    delays: Option<Delays>,
    made: u64,
    settled: u64,
}

impl Changes {
    pub(crate) fn new(delays: Option<Delays>) -> Self {
        Self { delays, ..Self::default() }
    }

    /// Whether changes take time at all.
    pub(crate) fn are_eventual(&self) -> bool {
        self.delays.is_some()
    }

    /// The next change, made `now`. `drawn` gives the share of the delay that the change of a serial number takes.
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

    /// Lets every change so far arrive.
    pub(crate) fn settle(&mut self) {
        self.settled = self.made;
    }

    /// What a request at `now` sees; a stale one only what has been settled.
    pub(crate) fn view(&self, now: SystemTime, is_stale: bool) -> View {
        View { now, settled: self.settled, is_stale }
    }
}
