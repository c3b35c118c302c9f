//! The state of a recording in progress.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::exchanges::Exchanges;
use super::guard::{Guard, key_id};

/// The calls of a recording, and its guard.
pub(super) struct State {
    pub(super) exchanges: Exchanges,
    pub(super) guard: Guard,
    /// The lists of the grants before, by key: each is made once.
    looks: BTreeMap<String, Arc<OnceCell<()>>>,
    /// Why the recording must not be saved.
    pub(super) faults: Vec<String>,
    /// The number of calls that are not answered yet.
    pub(super) under_way: usize,
    /// Whether the recording has ended: nothing is sent any more, since nothing would be cleaned up.
    pub(super) has_ended: bool,
}

impl State {
    /// Returns the state at the start.
    pub(super) fn new(guard: Guard) -> Self {
        Self {
            exchanges: Exchanges::default(),
            guard,
            looks: BTreeMap::new(),
            faults: Vec::new(),
            under_way: 0,
            has_ended: false,
        }
    }

    /// Returns the list of the grants before on `key`.
    pub(super) fn look_at(&mut self, key: &str) -> Arc<OnceCell<()>> {
        Arc::clone(self.looks.entry(key_id(key).to_owned()).or_default())
    }
}
