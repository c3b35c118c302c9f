//! The sleeps that go by one clock, in the order of their ends.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::{Duration, SystemTime};

/// How often the earliest sleep is polled until it moves the clock. Everything else that can run does so in between.
const POLLS: u32 = 3;

/// The sleeps that are waited for. A sleep that nothing has polled is not among them: the SDK makes many.
#[derive(Debug, Default)]
pub(super) struct Sleepers {
    waiting: BTreeMap<(SystemTime, u64), Waiting>,
    /// The number of sleeps so far.
    numbers: u64,
    /// The number of exchanges that wait for something real.
    pub(super) under_way: usize,
    /// Whether another sleep may have something to do.
    pub(super) is_changed: bool,
    /// Wakers to drop when the lock is free: with one, a call may go, and leave its own sleeps.
    pub(super) old: Vec<Waker>,
}

#[derive(Debug)]
struct Waiting {
    waker: Waker,
    /// The number of polls so far.
    polls: u32,
    /// The number of polls since it became the earliest.
    polls_as_earliest: u32,
    /// Whether nothing polls it, so that the others do not wait for it.
    is_passed_over: bool,
}

/// The place of a sleep among the others.
#[derive(Debug, Default)]
pub(crate) struct Place(Option<u64>);

impl Place {
    pub(super) fn is_taken(&self) -> bool {
        self.0.is_some()
    }
}

/// The earliest sleep at some moment, to see later whether anything has polled it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Earliest {
    number: u64,
    polls: u32,
}

/// The task of a sleep that is polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Nothing: it is over.
    Over,
    /// Let everything else run, and ask again.
    Again,
    /// Wait until an earlier sleep is over.
    Wait,
    /// Wait this long, in real time or in that of the runtime.
    Real(Duration),
}

impl Sleepers {
    /// Takes or keeps the place of a sleep until `end`, which is `left` from now, and returns its turn. `moves` is whether
    /// sleeps move the clock.
    pub(super) fn poll(
        &mut self,
        (end, left): (SystemTime, Duration),
        place: &mut Place,
        waker: &Waker,
        moves: bool,
    ) -> Turn {
        let number = *place.0.get_or_insert_with(|| {
            self.numbers += 1;
            self.numbers
        });
        let own = (end, number);
        let waiting = self.waiting.entry(own).or_insert_with(|| Waiting {
            waker: waker.clone(),
            polls: 0,
            polls_as_earliest: 0,
            is_passed_over: false,
        });
        if !waiting.waker.will_wake(waker) {
            self.old.push(std::mem::replace(&mut waiting.waker, waker.clone()));
        }
        waiting.polls = waiting.polls.wrapping_add(1);
        waiting.is_passed_over = false;
        let is_real = !moves || self.under_way > 0;
        let is_earliest = self.first().is_some_and(|(first, _)| *first == own);
        let Some(waiting) = self.waiting.get_mut(&own) else { return Turn::Over };
        if is_real || !is_earliest {
            waiting.polls_as_earliest = 0;
            return if is_real { Turn::Real(left) } else { Turn::Wait };
        }
        waiting.polls_as_earliest += 1;
        if waiting.polls_as_earliest < POLLS {
            return Turn::Again;
        }
        self.leave(end, place);
        Turn::Over
    }

    /// Frees the place of a sleep.
    pub(super) fn leave(&mut self, end: SystemTime, place: &mut Place) {
        if let Some(number) = place.0.take() {
            self.old.extend(self.waiting.remove(&(end, number)).map(|it| it.waker));
            self.is_changed = true;
        }
    }

    fn first(&self) -> Option<(&(SystemTime, u64), &Waiting)> {
        self.waiting.iter().find(|(_, it)| !it.is_passed_over)
    }

    /// Returns the earliest sleep.
    pub(super) fn earliest(&self) -> Option<Earliest> {
        self.first().map(|((_, number), it)| Earliest { number: *number, polls: it.polls })
    }

    /// Returns the end of the earliest sleep, whether or not it is passed over.
    #[cfg(feature = "macros")]
    pub(super) fn first_end(&self) -> Option<SystemTime> {
        self.waiting.keys().next().map(|(end, _)| *end)
    }

    /// Passes over the earliest sleep if nothing has polled it since it was `seen`.
    pub(super) fn pass_over(&mut self, seen: Option<Earliest>) {
        if seen.is_some()
            && seen == self.earliest()
            && let Some(own) = self.first().map(|(own, _)| *own)
            && let Some(waiting) = self.waiting.get_mut(&own)
        {
            waiting.is_passed_over = true;
            self.is_changed = true;
        }
    }

    /// Returns the wakers of the sleeps that may have something to do after a change: those that are over, and the
    /// earliest of the others.
    pub(super) fn with_something_to_do(&mut self, now: impl FnOnce() -> SystemTime) -> Vec<Waker> {
        let mut wakers = Vec::new();
        if !std::mem::take(&mut self.is_changed) || self.waiting.is_empty() {
            return wakers;
        }
        let now = now();
        for ((end, _), waiting) in &self.waiting {
            let is_over = *end <= now;
            if is_over || !waiting.is_passed_over {
                wakers.push(waiting.waker.clone());
            }
            if !is_over && !waiting.is_passed_over {
                break;
            }
        }
        wakers
    }
}
