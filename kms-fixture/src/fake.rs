//! The fake: one state behind one lock, one `Handler` in front of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use crate::clock::Clock;
use crate::error::{KmsError, Result};
use crate::exchange::{Handler, Reply, Request, Response};
use crate::journal::{Journal, Raw};
use crate::ops::Cx;
use crate::principals::Credential;
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
        let credential = self.authenticate(request)?;
        *caller = Some(credential.declared.clone());
        self.run(&credential, operation, &request.body)
    }

    /// Who calls.
    pub(crate) fn authenticate(&self, request: &Request) -> Result<Arc<Credential>> {
        let gate = Gate {
            region: &self.region,
            now: self.clock.now(),
            credential: &|id| self.state().store.directory.credential(id),
        };
        protocol::authenticate(request, &gate)
    }

    /// What stands before every answer that the fake does not make itself: the size, the operation, who calls, and an
    /// input that is an object. Tells who calls as soon as that is known.
    pub(crate) fn admit(
        &self,
        request: &Request,
        caller: &mut Option<String>,
    ) -> Result<(&'static str, Value)> {
        if request.body.len() > MAX_BODY {
            return Err(KmsError::too_large(MAX_BODY));
        }
        let operation = protocol::named(request)?;
        *caller = Some(self.authenticate(request)?.declared.clone());
        let input = protocol::parse(&request.body)?;
        if input.is_object() {
            Ok((operation, input))
        } else {
            Err(KmsError::not_json())
        }
    }

    /// Runs an operation for a caller who is known.
    pub(crate) fn run(
        &self,
        credential: &Credential,
        operation: &'static str,
        body: &Bytes,
    ) -> Result<Bytes> {
        let mut state = self.state();
        let mut cx = Cx {
            store: &mut state.store,
            caller: &credential.caller,
            now: self.clock.now(),
        };
        protocol::call(&mut cx, operation, body)
    }

    /// The response for an outcome, with the next request id.
    pub(crate) fn respond(&self, outcome: Result<Bytes>) -> Response {
        self.respond_in(&mut self.state(), outcome)
    }

    /// A response of which status and body are known already.
    pub(crate) fn respond_with(&self, status: u16, body: Bytes) -> Response {
        let request_id = next_request(&mut self.state());
        protocol::respond_with(status, body, &request_id, self.clock.now())
    }

    fn respond_in(&self, state: &mut State, outcome: Result<Bytes>) -> Response {
        let request_id = next_request(state);
        protocol::respond(&Answer {
            outcome,
            request_id,
            date: self.clock.now(),
        })
    }
}

/// The next request id.
fn next_request(state: &mut State) -> String {
    state.requests += 1;
    let number = state.requests.to_string();
    state.store.ids.named("request", &number).uuid()
}

impl Handler for Fake {
    fn handle(&self, request: Request) -> Reply {
        let mut caller = None;
        let outcome = self.answer(&request, &mut caller);
        let mut state = self.state();
        let response = self.respond_in(&mut state, outcome);
        state.journal.add(|| Raw {
            caller,
            operation: described(&request),
            input: request.body.clone(),
            status: response.status().as_u16(),
            output: response.body().clone(),
        });
        response.into()
    }
}

/// The operation that a request names, known or not; otherwise what it asked for over HTTP.
pub(crate) fn described(request: &Request) -> String {
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
