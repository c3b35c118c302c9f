//! The fake: one state behind one lock, one `Handler` in front of it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::kms::clock::{Clock, Time, TooFar};
use crate::kms::error::{KmsError, Result};
use crate::kms::journal::{Journal, Raw};
use crate::kms::ops::Cx;
use crate::kms::principals::Credential;
use crate::kms::protocol::{self, Answer, Authentic, Gate, MAX_BODY};
use crate::kms::store::Store;
use crate::wire::exchange::{Handler, Reply, Request, Response};

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
    /// How many of the next calls are answered as if no change had arrived.
    pub(crate) stale_calls: usize,
}

impl Fake {
    pub(crate) fn new(store: Store, journal: Journal, time: Time) -> Self {
        Self {
            region: store.region.clone(),
            state: Mutex::new(State { store, journal, requests: 0, stale_calls: 0 }),
            clock: Clock::new(time),
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The state; a panic elsewhere does not make it unreadable.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the clock forward, and lets happen what is due by then.
    pub(crate) fn advance(&self, by: Duration) -> std::result::Result<(), TooFar> {
        self.clock.advance(by)?;
        self.state().store.apply_due(self.clock.now());
        Ok(())
    }

    /// Lets every change so far arrive.
    pub(crate) fn settle(&self) {
        self.state().store.settle(self.clock.now());
    }

    /// Authenticates and runs a request; tells who called as soon as that is known.
    fn answer(
        &self,
        request: &Request,
        request_id: &str,
        caller: &mut Option<String>,
    ) -> Result<Bytes> {
        if request.body.len() > MAX_BODY {
            return Err(KmsError::too_large(MAX_BODY));
        }
        let operation = protocol::target(request)?;
        let authentic = self.authenticate(request)?;
        *caller = Some(authentic.credential.declared.clone());
        self.run_in(&authentic.region, &authentic.credential, request_id, None, |cx| {
            protocol::call(cx, operation, &request.body)
        })
    }

    /// Who calls, and in which Region.
    pub(crate) fn authenticate(&self, request: &Request) -> Result<Authentic> {
        let gate = Gate {
            region: &self.region,
            is_open: &|region| self.state().store.keys_in(region).is_some(),
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
        let authentic = self.authenticate(request)?;
        *caller = Some(authentic.credential.declared.clone());
        let input = protocol::parse(&request.body)?;
        if input.is_object() { Ok((operation, input)) } else { Err(KmsError::not_json()) }
    }

    /// Runs an operation for a known caller in the fixture's own Region, without a request or a response. Returns the
    /// status, and the output or the body of the error; null if there is none.
    ///
    /// `stand_in` names the material of an ImportKeyMaterial from a cassette, which has no bytes.
    pub(crate) fn ask(
        &self,
        credential: &Credential,
        operation: &'static str,
        input: Value,
        stand_in: Option<&str>,
    ) -> (u16, Value) {
        let request_id = next_request(&mut self.state());
        self.run_in(&self.region, credential, &request_id, stand_in, |cx| {
            protocol::call_by_value(cx, operation, input)
        })
    }

    fn run_in<T>(
        &self,
        region: &str,
        credential: &Credential,
        request_id: &str,
        stand_in: Option<&str>,
        run: impl FnOnce(&mut Cx<'_>) -> T,
    ) -> T {
        let mut state = self.state();
        let is_stale = credential.is_stale || state.stale_calls > 0;
        state.stale_calls = state.stale_calls.saturating_sub(1);
        let is_time_to_forget = state.store.forgets && state.requests.is_multiple_of(256);
        let now = self.clock.now();
        state.store.apply_due(now);
        let mut store = state.store.enter(region);
        let view = store.changes.view(now, is_stale);
        if is_time_to_forget {
            store.grants.forget(&view);
        }
        let caller = &credential.caller;
        run(&mut Cx { store: &mut store, caller, view, request_id, stand_in, used: Vec::new() })
    }

    /// The response for an outcome, with the next request id.
    pub(crate) fn respond(&self, outcome: Result<Bytes>) -> Response {
        let request_id = next_request(&mut self.state());
        self.respond_as(request_id, outcome)
    }

    /// A response of which status and body are known already.
    pub(crate) fn respond_with(&self, status: u16, body: Bytes) -> Response {
        let request_id = next_request(&mut self.state());
        protocol::respond_with(status, body, &request_id, self.clock.now())
    }

    fn respond_as(&self, request_id: String, outcome: Result<Bytes>) -> Response {
        protocol::respond(&Answer { outcome, request_id, date: self.clock.now() })
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
        let request_id = next_request(&mut self.state());
        let outcome = self.answer(&request, &request_id, &mut caller);
        let response = self.respond_as(request_id, outcome);
        self.state().journal.add(|| Raw {
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
    match parts.headers.get("x-amz-target").and_then(|it| it.to_str().ok()) {
        Some(target) => target.strip_prefix("TrentService.").unwrap_or(target).to_owned(),
        None => format!("{} {}", parts.method, parts.uri.path()),
    }
}
