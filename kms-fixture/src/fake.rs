//! The fake: one state behind one lock, one `Handler` in front of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::clock::Clock;
use crate::error::{KmsError, Result};
use crate::exchange::{Handler, Request, Response};
use crate::journal::{Journal, Raw};
use crate::ops::Cx;
use crate::protocol::{self, Answer, Gate, MAX_BODY};
use crate::store::Store;

/// A fake AWS KMS in one Region.
#[derive(Debug)]
pub(crate) struct Fake {
    state: Mutex<State>,
    clock: Clock,
    /// Outside the lock, because signatures are checked outside it.
    region: String,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) journal: Journal,
    requests: u64,
}

impl Fake {
    pub(crate) fn new(store: Store, journal: Journal, clock: Clock) -> Self {
        Self {
            region: store.region.clone(),
            state: Mutex::new(State {
                store,
                journal,
                requests: 0,
            }),
            clock,
        }
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// The state; a panic elsewhere does not make it unreadable.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Authenticates and runs a request; tells who called as soon as that is known.
    fn answer(&self, request: &Request, caller: &mut Option<String>) -> Result<Bytes> {
        if request.body.len() > MAX_BODY {
            return Err(KmsError::too_large(MAX_BODY));
        }
        let operation = protocol::target(request)?;
        let now = self.clock.now();
        let gate = Gate {
            region: &self.region,
            now,
            credential: &|id| self.state().store.directory.credential(id),
        };
        let credential = protocol::authenticate(request, &gate)?;
        *caller = Some(credential.declared.clone());
        let mut state = self.state();
        let mut cx = Cx {
            store: &mut state.store,
            caller: &credential.caller,
            now,
        };
        protocol::call(&mut cx, operation, &request.body)
    }
}

impl Handler for Fake {
    fn handle(&self, request: Request) -> Response {
        let mut caller = None;
        let outcome = self.answer(&request, &mut caller);
        let mut state = self.state();
        state.requests += 1;
        let number = state.requests.to_string();
        let request_id = state.store.ids.named("request", &number).uuid();
        let response = protocol::respond(&Answer {
            outcome,
            request_id,
            date: self.clock.now(),
        });
        state.journal.add(|| Raw {
            caller,
            operation: described(&request),
            input: request.body.clone(),
            status: response.status().as_u16(),
            output: response.body().clone(),
        });
        response
    }
}

/// The operation that a request names, known or not; otherwise what it asked for over HTTP.
fn described(request: &Request) -> String {
    let parts = &request.parts;
    match parts
        .headers
        .get("x-amz-target")
        .and_then(|it| it.to_str().ok())
    {
        Some(target) => target
            .strip_prefix("TrentService.")
            .unwrap_or(target)
            .to_owned(),
        None => format!("{} {}", parts.method, parts.uri.path()),
    }
}
