//! The journal: what was asked and answered, kept raw while it happens and named when it is read.

mod call;
mod names;
mod table;

use std::collections::VecDeque;

use bytes::Bytes;

pub use call::{Call, Calls};
pub(crate) use names::Names;

/// How many calls are kept, and how many bytes of inputs and outputs; older ones are dropped, and counted.
const KEPT: usize = 10_000;
const KEPT_BYTES: usize = 64 << 20;

/// A call as it happened.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    /// The declared name of the caller, if the call was authenticated.
    pub(crate) caller: Option<String>,
    /// The operation, or what stood in its place.
    pub(crate) operation: String,
    pub(crate) input: Bytes,
    pub(crate) status: u16,
    /// The body of the answer.
    pub(crate) output: Bytes,
}

impl Raw {
    fn size(&self) -> usize {
        self.input.len() + self.output.len()
    }
}

/// The last calls of a fixture.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    calls: VecDeque<Raw>,
    bytes: usize,
    dropped: u64,
    /// Whether nothing is kept, as in a server that runs for days.
    off: bool,
}

impl Journal {
    pub(crate) fn off() -> Self {
        Self {
            off: true,
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, call: impl FnOnce() -> Raw) {
        if self.off {
            return;
        }
        let call = call();
        self.bytes += call.size();
        self.calls.push_back(call);
        while self.calls.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.calls.pop_front() else {
                break;
            };
            self.bytes -= oldest.size();
            self.dropped += 1;
        }
    }

    pub(crate) fn calls(&self, names: Names) -> Calls {
        Calls::read(self.calls.iter(), self.dropped, names)
    }
}
