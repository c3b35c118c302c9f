//! The cost of a run on AWS.

use std::fmt;

use super::experiment::Experiment;
use crate::tape::words::count;

/// AWS's prices in US dollars: a key for an hour (1 USD a month), and a request.
const KEY_HOUR: f64 = 1.0 / 730.0;
const REQUEST: f64 = 0.03 / 10_000.0;

/// The things that a run makes, and what AWS charges for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) keys: usize,
    pub(crate) requests: usize,
}

impl Cost {
    /// Returns the cost of `experiments` and of so many shared keys.
    pub(crate) fn of<'a>(
        experiments: impl Iterator<Item = &'a Experiment>,
        shared_keys: usize,
    ) -> Self {
        let mut cost = Self { keys: shared_keys, requests: 2 * shared_keys };
        for experiment in experiments {
            let made = experiment.makes_keys() as usize;
            cost.keys += made;
            let calls: u32 = experiment.calls.iter().map(|it| it.times).sum();
            // The recorder describes keys, lists and revokes grants; changes are undone.
            cost.requests += 3 * calls as usize + experiment.keys.len() + made;
        }
        cost
    }
}

impl Cost {
    /// Returns AWS's price in a sentence.
    pub(crate) fn price(self) -> String {
        // Both numbers are small.
        #[allow(clippy::cast_precision_loss)]
        let (keys, requests) = (self.keys as f64, self.requests as f64);
        // A run takes minutes, so each key counts as one hour.
        let total = keys * KEY_HOUR + requests * REQUEST;
        format!(
            "AWS's price is about {total:.3} USD: a key costs 1 USD a month, by the hour, and nothing while it waits for its \
             deletion; 10,000 requests cost 0.03 USD."
        )
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "It makes {}, schedules them for deletion in 7 days at the end, and sends about {}.",
            count(self.keys, "key"),
            count(self.requests, "request")
        )
    }
}
