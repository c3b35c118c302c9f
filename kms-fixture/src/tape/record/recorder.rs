//! The proxy: authenticate the caller, ask the guard, sign, forward, keep.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::exchanges::Exchanges;
use super::guard::{Guard, key_id};
use super::service::Service;
use crate::error::Error;
use crate::kms::error::KmsError;
use crate::kms::fake::{Fake, described};
use crate::kms::journal::Raw;
use crate::tape::redact::Redactor;
use crate::tape::shadow::Shadow;
use crate::wire::exchange::{Handler, Reply, Request, Response};
use crate::wire::server;

/// Makes the fake that follows a recording, in the state before the first call.
pub(crate) type MakeShadow = Box<dyn Fn() -> Result<Shadow, Error> + Send + Sync>;

/// The handler that records calls between a test and a live service.
pub(crate) struct Recorder {
    /// The fake that issued the callers' credentials, and verifies their signatures.
    pub(super) verifier: Arc<Fake>,
    pub(super) service: Arc<Service>,
    /// The redactor before the first call: it knows the declared things.
    pub(super) redactor: Redactor,
    pub(super) make_shadow: MakeShadow,
    state: Arc<Mutex<State>>,
}

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
    fn look_at(&mut self, key: &str) -> Arc<OnceCell<()>> {
        Arc::clone(self.looks.entry(key_id(key).to_owned()).or_default())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    pub(super) fn new(
        verifier: Arc<Fake>,
        service: Service,
        guard: Guard,
        redactor: Redactor,
        make_shadow: MakeShadow,
    ) -> Self {
        let exchanges = Exchanges::default();
        let state = State {
            exchanges,
            guard,
            looks: BTreeMap::new(),
            faults: Vec::new(),
            under_way: 0,
            has_ended: false,
        };
        Self {
            verifier,
            service: Arc::new(service),
            redactor,
            make_shadow,
            state: Arc::new(Mutex::new(state)),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the state, shared with a task.
    pub(super) fn state_of(&self) -> Arc<Mutex<State>> {
        Arc::clone(&self.state)
    }

    /// Checks without the live service who calls, and whether the call is allowed.
    fn admit(
        &self,
        request: &Request,
        caller: &mut Option<String>,
    ) -> Result<(&'static str, Value), KmsError> {
        let (operation, input) = self.verifier.admit(request, caller)?;
        let mut state = self.state();
        if state.has_ended {
            let why = "the recording has ended, and its grants are cleaned up".to_owned();
            return Err(KmsError::recording_refused(why));
        }
        if let Some(why) = state.guard.refuses(operation, &input) {
            state.faults.push(why.clone());
            return Err(KmsError::recording_refused(why));
        }
        Ok((operation, input))
    }
}

impl Handler for Recorder {
    fn handle(&self, request: Request) -> Reply {
        let arrived = {
            let mut state = self.state();
            state.under_way += 1;
            state.exchanges.arrive()
        };
        let mut caller = None;
        let admitted = self.admit(&request, &mut caller);
        let invocation = request.parts.headers.get("amz-sdk-invocation-id");
        let pass = Pass {
            verifier: Arc::clone(&self.verifier),
            service: Arc::clone(&self.service),
            state: Arc::clone(&self.state),
            caller,
            described: described(&request),
            input: request.body,
            invocation: invocation.and_then(|it| it.to_str().ok()).map(str::to_owned),
            arrived,
        };
        let (operation, input) = match admitted {
            Ok(admitted) => admitted,
            Err(error) => return pass.refuse(error).into(),
        };
        // The server thread owns the connections to the live service, whatever runtime the test has.
        match server::runtime() {
            Ok(runtime) => {
                let task = runtime.spawn(pass.run(operation, input));
                let verifier = Arc::clone(&self.verifier);
                Reply::later(async move {
                    Ok(task.await.unwrap_or_else(|error| {
                        verifier.respond(Err(KmsError::upstream_failed(error.to_string())))
                    }))
                })
            }
            Err(error) => pass.refuse(KmsError::upstream_failed(error.to_string())).into(),
        }
    }
}

/// One call in progress.
struct Pass {
    verifier: Arc<Fake>,
    service: Arc<Service>,
    state: Arc<Mutex<State>>,
    caller: Option<String>,
    described: String,
    input: Bytes,
    invocation: Option<String>,
    arrived: u64,
}

impl Pass {
    async fn run(self, operation: &'static str, input: Value) -> Response {
        let caller = self.caller.clone().unwrap_or_default();
        let Some(live) = self.service.callers.get(&caller).map(Arc::clone) else {
            let why = format!(
                "{operation} was not sent: no AWS principal is configured for `{caller}`. Give it a `profile` or a \
                 `role`."
            );
            self.state().faults.push(why.clone());
            return self.refuse(KmsError::recording_refused(why));
        };
        if let Err(error) = self.look_before(operation, &input).await {
            let why =
                format!("{operation} was not sent: the existing grants cannot be listed: {error}");
            self.state().faults.push(why.clone());
            return self.refuse(KmsError::recording_refused(why));
        }
        // Sends the parsed input, not the raw body: with duplicate members, the service might read the other one.
        let body = Bytes::from(input.to_string());
        let sent = self.state().guard.sends(operation, &input);
        let (status, output) = match self.service.call(&live, operation, body).await {
            Ok(answer) => answer,
            Err(error) => return self.refuse(KmsError::upstream_failed(error.to_string())),
        };
        let response = self.verifier.respond_with(status, output.clone());
        if status == 200 {
            self.state().guard.accepted(operation, &input);
        }
        if let Some(number) = sent {
            let output = serde_json::from_slice(&output).unwrap_or_default();
            self.state().guard.learn(number, status, &output);
        }
        self.end(status, output, true);
        response
    }

    /// Lists the grants of a key before the first CreateGrant there: this recording must not end them. Concurrent
    /// calls wait for the list, so that it has no grant of another call of this recording.
    async fn look_before(&self, operation: &str, input: &Value) -> Result<(), Error> {
        let (Some(key), "CreateGrant") = (input["KeyId"].as_str(), operation) else {
            return Ok(());
        };
        let look = self.state().look_at(key);
        let looked = look.get_or_try_init(|| async {
            if !self.state().guard.has_looked(key) {
                let there = self.service.grants_before(key).await?;
                self.state().guard.were_there(key, there);
            }
            Ok(())
        });
        looked.await.copied()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers instead of the live service; such an answer is not recorded.
    fn refuse(&self, error: KmsError) -> Response {
        let response = self.verifier.respond(Err(error));
        self.end(response.status().as_u16(), response.body().clone(), false);
        response
    }

    fn end(&self, status: u16, output: Bytes, live: bool) {
        let raw = Raw {
            caller: self.caller.clone(),
            operation: self.described.clone(),
            input: self.input.clone(),
            status,
            output,
            ..Raw::default()
        };
        let mut state = self.state();
        state.exchanges.end(raw, self.arrived, self.invocation.clone(), live);
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.state().under_way -= 1;
    }
}
