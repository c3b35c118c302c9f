//! The fake: one state behind one lock, and the `Handler` for it.

mod sts;

pub(crate) use sts::StsCall;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::kms::body::Body;
use crate::kms::clock::{Clock, Time, TooFar};
use crate::kms::error::{KmsError, Result};
use crate::kms::evidence::Evidence;
use crate::kms::journal::{Journal, Raw};
use crate::kms::ops::{Cx, mentioned_keys};
use crate::kms::principals::Credential;
use crate::kms::protocol::{self, Answer, Authentic, Implemented, MAX_BODY, Verifier};
use crate::kms::store::Store;
use crate::wire::exchange::{Handler, Reply, Request, Response, SeesNoChange, Struck};

/// A fake AWS KMS in one Region.
#[derive(Debug)]
pub(crate) struct Fake {
    state: Mutex<State>,
    clock: Clock,
    /// A copy outside the lock, because signatures are verified outside it.
    region: String,
}

/// The state that calls change.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) journal: Journal,
    requests: u64,
    /// The number of next calls that see stale data.
    pub(crate) stale_calls: usize,
    /// The evidence of the last [`ask`](Fake::ask), if that was refused.
    pub(crate) why: Option<Box<Evidence>>,
}

impl Fake {
    pub(crate) fn new(store: Store, journal: Journal, time: Time) -> Self {
        Self {
            region: store.region.clone(),
            state: Mutex::new(State { store, journal, requests: 0, stale_calls: 0, why: None }),
            clock: Clock::new(time),
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Locks the state, also after a panic in another thread.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Advances the clock and applies the changes that are due by then.
    pub(crate) fn advance(&self, by: Duration) -> std::result::Result<(), TooFar> {
        self.clock.advance(by)?;
        self.apply_due();
        Ok(())
    }

    /// Applies the changes that are due: the clock may have moved by itself.
    pub(crate) fn apply_due(&self) {
        self.state().store.apply_due(self.clock.now());
    }

    /// Makes every change so far visible.
    pub(crate) fn settle(&self) {
        self.state().store.settle(self.clock.now());
    }

    /// Takes the state of a fake that has just started, and moves the clock back to its start.
    #[cfg(feature = "cli")]
    pub(crate) fn start_again(&self, fresh: Self) {
        let mut state = self.state();
        // The old state does not change when the clock goes back, but the new one would if it were still ahead.
        self.clock.start_again();
        *state = fresh.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    }

    /// Authenticates and runs a request; sets `caller` as soon as it is authentic.
    fn answer(
        &self,
        request: &Request,
        ids: &RequestIds,
        caller: &mut Option<String>,
    ) -> Result<Body> {
        if request.body.len() > MAX_BODY {
            return Err(KmsError::too_large(MAX_BODY));
        }
        let operation = protocol::target(request)?;
        let authentic = self.authenticate(request)?;
        *caller = Some(authentic.credential.declared.clone());
        let is_stale = request.parts.extensions.get::<SeesNoChange>().is_some();
        let Authentic { region, credential, .. } = &authentic;
        self.run_in(region, credential, ids, (None, is_stale), |cx| {
            protocol::call(cx, operation, &request.body)
        })
    }

    /// Authenticates a request; returns its caller and Region.
    pub(crate) fn authenticate(&self, request: &Request) -> Result<Authentic> {
        let verifier = Verifier {
            service: "kms",
            region: &self.region,
            is_open: &|region| self.state().store.serves(region),
            now: self.clock.now(),
            credential: &|id| self.state().store.directory.credential(id),
        };
        protocol::authenticate(request, &verifier)
    }

    /// Returns the ids of the keys that an input mentions, for a caller in a Region.
    pub(crate) fn mentioned_keys(&self, authentic: &Authentic, input: &Value) -> Vec<String> {
        let mut state = self.state();
        let store = state.store.enter(&authentic.region);
        let account = &authentic.credential.caller.account;
        let keys = mentioned_keys(&store, account, input).into_iter();
        keys.map(|it| store.keys.get(it).id.clone()).collect()
    }

    /// Checks a request that another backend answers: its size, operation and caller, and that its input is an object.
    /// Sets `caller` as soon as it is authentic.
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
    /// status, and the output or the body of the error, or null.
    ///
    /// `stand_in` names the material of an ImportKeyMaterial from a cassette, which has no bytes.
    pub(crate) fn ask(
        &self,
        credential: &Credential,
        operation: Implemented,
        input: &Value,
        stand_in: Option<&str>,
    ) -> (u16, Value) {
        let ids = next_request(&mut self.state());
        let (status, output, why) =
            self.run_in(&self.region, credential, &ids, (stand_in, false), |cx| {
                protocol::call_by_value(cx, operation, input)
            });
        self.state().why = why;
        (status, output)
    }

    fn run_in<T>(
        &self,
        region: &str,
        credential: &Credential,
        ids: &RequestIds,
        (stand_in, is_stale): (Option<&str>, bool),
        run: impl FnOnce(&mut Cx<'_>) -> T,
    ) -> T {
        let mut state = self.state();
        let is_stale = is_stale || credential.is_stale || state.stale_calls > 0;
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
        let RequestIds { number, id: request_id } = ids;
        let number = *number;
        let used = Vec::new();
        run(&mut Cx { store: &mut store, caller, view, number, request_id, stand_in, used })
    }

    /// Returns the response for an outcome, with the next request id.
    pub(crate) fn respond(&self, outcome: Result<Body>) -> Response {
        let ids = next_request(&mut self.state());
        self.respond_as(ids.id, outcome).0
    }

    /// Returns the response with this status and body, and the next request id.
    pub(crate) fn respond_with(&self, status: u16, body: Bytes) -> Response {
        let ids = next_request(&mut self.state());
        protocol::respond_with(status, body, &ids.id, self.clock.now())
    }

    fn respond_as(&self, request_id: String, outcome: Result<Body>) -> (Response, Body) {
        protocol::respond(Answer { outcome, request_id, date: self.clock.now() })
    }
}

/// The number and the id of a request.
struct RequestIds {
    number: u64,
    id: String,
}

/// Draws the next request id.
fn next_request(state: &mut State) -> RequestIds {
    state.requests += 1;
    let number = state.requests;
    RequestIds { number, id: state.store.ids.named("request", &number.to_string()).uuid() }
}

impl Handler for Fake {
    fn handle(&self, request: Request) -> Reply {
        let mut caller = None;
        let ids = next_request(&mut self.state());
        let mut outcome = self.answer(&request, &ids, &mut caller);
        let why = outcome.as_mut().err().and_then(|it| it.why.take());
        let (response, output) = self.respond_as(ids.id, outcome);
        self.state().journal.add(|| Raw {
            request: ids.number,
            caller,
            operation: described(&request),
            input: request.body.clone(),
            status: response.status().as_u16(),
            output,
            fault: Struck::word(&request.parts),
            why,
        });
        response.into()
    }
}

/// Returns the operation that a request names, known or not; without one, the HTTP method and path.
pub(crate) fn described(request: &Request) -> String {
    let parts = &request.parts;
    match request.header("x-amz-target") {
        Some(target) => target.strip_prefix("TrentService.").unwrap_or(target).to_owned(),
        None => format!("{} {}", parts.method, parts.uri.path()),
    }
}
