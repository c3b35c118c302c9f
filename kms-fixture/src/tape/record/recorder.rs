//! The proxy: authenticate the caller, ask the guard, sign, forward, keep.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::guard::Guard;
use super::pass::Pass;
use super::service::Service;
use super::state::State;
use crate::error::Error;
use crate::kms::error::KmsError;
use crate::kms::fake::{Fake, described};
use crate::kms::journal::Raw;
use crate::tape::redact::Redactor;
use crate::tape::shadow::Shadow;
use crate::wire::exchange::{Handler, Reply, Request, Struck};
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
        Self {
            verifier,
            service: Arc::new(service),
            redactor,
            make_shadow,
            state: Arc::new(Mutex::new(State::new(guard))),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the state, shared with a task.
    pub(super) fn state_of(&self) -> Arc<Mutex<State>> {
        Arc::clone(&self.state)
    }

    /// Adds a call that a fault kept from the live service to the calls that the test sees; the cassette has none of it.
    pub(crate) fn note(&self, raw: Raw) {
        let mut state = self.state();
        let arrived = state.exchanges.arrive();
        // Without its invocation: the attempt that the live service answers would hide it.
        state.exchanges.end(raw, arrived, None, false);
    }

    /// Checks without the live service who calls, and that the recording has not ended.
    fn admit(
        &self,
        request: &Request,
        caller: &mut Option<String>,
    ) -> Result<(&'static str, Value), KmsError> {
        let (operation, input) = self.verifier.admit(request, caller)?;
        if self.state().has_ended {
            let why = "the recording has ended, and its grants are cleaned up".to_owned();
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
            fault: Struck::word(&request.parts),
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
