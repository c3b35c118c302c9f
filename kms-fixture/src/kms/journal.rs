//! The journal of requests and answers, which stores them raw and names them when it is read.

mod created;

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

pub(crate) use created::Created;

use crate::kms::body::Body;
use crate::kms::evidence::Evidence;

/// The largest number of calls; the journal drops and counts older ones.
pub(crate) const KEPT: usize = 10_000;
/// The largest number of bytes in inputs and outputs.
const KEPT_BYTES: usize = 64 << 20;

/// A call as it happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Raw {
    /// The number of the request in the fake that answered it; 0 if another service did.
    pub(crate) request: u64,
    /// The declared name of the caller, if the call was authenticated.
    pub(crate) caller: Option<String>,
    /// The operation, or the HTTP method and path without one.
    pub(crate) operation: String,
    pub(crate) input: Bytes,
    pub(crate) status: u16,
    /// The body of the answer.
    pub(crate) output: Body,
    /// The word of the fault that struck the call.
    pub(crate) fault: Option<&'static str>,
    /// The evidence of a refusal.
    pub(crate) why: Option<Box<Evidence>>,
}

impl Raw {
    /// Returns the input; null if it is not JSON.
    pub(crate) fn input(&self) -> Value {
        serde_json::from_slice(&self.input).unwrap_or_default()
    }

    /// Returns the body of the answer; null if it is not JSON.
    pub(crate) fn output(&self) -> Value {
        serde_json::from_slice(&self.output.bytes()).unwrap_or_default()
    }

    /// Returns the code of a refusal whose body is `output`: its error type or, without one, its status; the word of a fault
    /// without an answer.
    pub(crate) fn error_code(&self, output: &Value) -> Option<String> {
        match self.status {
            0 => self.fault.map(str::to_owned),
            200 => None,
            status => {
                let code = output["__type"].as_str().map(str::to_owned);
                code.or_else(|| Some(status.to_string()))
            }
        }
    }

    fn size(&self) -> usize {
        self.input.len() + self.output.len()
    }
}

/// The last calls of a fixture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    /// Shared, so that readers do not keep the lock.
    calls: VecDeque<Arc<Raw>>,
    bytes: usize,
    dropped: u64,
    /// Whether the journal keeps no calls, as in a fake that only follows.
    off: bool,
}

impl Journal {
    pub(crate) fn off() -> Self {
        Self { off: true, ..Self::default() }
    }

    /// Makes a journal of past calls.
    #[cfg(feature = "record")]
    pub(crate) fn of(calls: Vec<Raw>) -> Self {
        let mut journal = Self::default();
        for call in calls {
            journal.add(|| call);
        }
        journal
    }

    pub(crate) fn add(&mut self, call: impl FnOnce() -> Raw) {
        if self.off {
            return;
        }
        let call = call();
        self.bytes += call.size();
        self.calls.push_back(Arc::new(call));
        while self.calls.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.calls.pop_front() else {
                break;
            };
            self.bytes -= oldest.size();
            self.dropped += 1;
        }
    }

    /// Returns the kept calls, oldest first.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &Raw> + Clone {
        self.calls.iter().map(AsRef::as_ref)
    }

    /// Returns the number of the last call, from 1; 0 without calls.
    pub(crate) fn last_number(&self) -> u64 {
        self.dropped + self.calls.len() as u64
    }

    /// Returns the kept calls with their numbers, oldest first.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u64, &Raw)> + Clone {
        (self.dropped + 1..).zip(self.calls())
    }

    /// Returns the kept calls after the call `number`, with their numbers.
    pub(crate) fn since(&self, number: u64) -> impl Iterator<Item = (u64, &Arc<Raw>)> {
        let known = usize::try_from(number.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        let known = known.min(self.calls.len());
        (self.dropped + 1 + known as u64..).zip(self.calls.range(known..))
    }

    /// Returns the number of kept calls.
    pub(crate) fn len(&self) -> usize {
        self.calls.len()
    }

    /// Returns the number of calls before the kept ones.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(bytes: usize) -> Raw {
        Raw {
            caller: None,
            operation: "ListKeys".to_owned(),
            input: Bytes::from_static(b"{}"),
            status: 200,
            output: Bytes::from(vec![b' '; bytes]).into(),
            ..Raw::default()
        }
    }

    #[test]
    fn the_journal_drops_and_counts_the_oldest_calls() {
        let mut journal = Journal::default();
        for _ in 0..KEPT + 5 {
            journal.add(|| raw(0));
        }
        assert_eq!((journal.calls().count(), journal.dropped()), (KEPT, 5));
    }

    #[test]
    fn the_journal_limits_its_bytes() {
        let mut journal = Journal::default();
        for _ in 0..10 {
            journal.add(|| raw(KEPT_BYTES / 4));
        }
        // Three answers and their inputs fit, four do not.
        assert_eq!((journal.calls().count(), journal.dropped()), (3, 7));
    }
}
