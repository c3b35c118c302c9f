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

/// What a sleep has to do.
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
        waiting.waker.clone_from(waker);
        waiting.polls = waiting.polls.wrapping_add(1);
        waiting.is_passed_over = false;
        let is_real = !moves || self.under_way > 0;
        let is_earliest = self.earliest() == Some(own);
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
            self.waiting.remove(&(end, number));
            self.is_changed = true;
        }
    }

    fn earliest(&self) -> Option<(SystemTime, u64)> {
        let mut awake = self.waiting.iter().filter(|(_, it)| !it.is_passed_over);
        awake.next().map(|(own, _)| *own)
    }

    /// Returns the number of the earliest sleep and of its polls.
    pub(super) fn sign_of_life(&self) -> Option<(u64, u32)> {
        let own = self.earliest()?;
        Some((own.1, self.waiting.get(&own)?.polls))
    }

    /// Passes over the earliest sleep if nothing has polled it since `sign`.
    pub(super) fn pass_over(&mut self, sign: Option<(u64, u32)>) {
        if sign.is_some()
            && sign == self.sign_of_life()
            && let Some(own) = self.earliest()
            && let Some(waiting) = self.waiting.get_mut(&own)
        {
            waiting.is_passed_over = true;
            self.is_changed = true;
        }
    }

    /// Returns the wakers of the sleeps that may have something to do after a change: those that are over, and the
    /// earliest of the others.
    pub(super) fn to_wake(&mut self, now: impl FnOnce() -> SystemTime) -> Vec<Waker> {
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
