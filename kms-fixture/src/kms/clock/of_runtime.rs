//! The clock of a tokio runtime, which may be paused; it can be read outside of the runtime.

use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep};

/// The time that a tokio runtime has passed since a start.
#[derive(Clone, Debug)]
pub(crate) struct OfRuntime {
    runtime: Handle,
    start: SystemTime,
    began: Instant,
}

impl OfRuntime {
    /// Returns the clock of `runtime`, which shows `start` now.
    pub(crate) fn new(runtime: Handle, start: SystemTime) -> Self {
        let began = in_runtime(&runtime, Instant::now);
        Self { runtime, start, began }
    }

    /// Returns the current time.
    pub(super) fn now(&self) -> SystemTime {
        let now = in_runtime(&self.runtime, Instant::now);
        self.start + now.duration_since(self.began)
    }

    /// Returns a sleep of the runtime.
    pub(crate) fn sleep(&self, duration: Duration) -> Sleep {
        in_runtime(&self.runtime, || sleep(duration))
    }
}

/// Runs `act` in the context of `runtime`. In another context, tokio would read another clock.
fn in_runtime<T>(runtime: &Handle, act: impl FnOnce() -> T) -> T {
    let _inside = runtime.enter();
    act()
}
