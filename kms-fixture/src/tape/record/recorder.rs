//! The proxy itself: who calls, may it, sign again, pass on, keep.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use super::guard::Guard;
use super::list::grants_on;
use super::live::{Live, Upstream};
use super::tape::{Taken, Takes};
use crate::error::Error;
use crate::kms::clock::Time;
use crate::kms::error::KmsError;
use crate::kms::fake::{Fake, described};
use crate::kms::journal::Raw;
use crate::tape::cassette::Interaction;
use crate::tape::redact::Redactor;
use crate::tape::shadow::Shadow;
use crate::wire::exchange::{Handler, Reply, Request, Response};
use crate::wire::server;

/// Records what passes between a test and a live service.
pub(crate) struct Recorder {
    /// It handed out the credentials of the callers, and knows them again.
    pub(super) gate: Arc<Fake>,
    pub(super) wire: Arc<Wire>,
    state: Arc<Mutex<State>>,
}

/// The way to the live service.
pub(super) struct Wire {
    pub(super) upstream: Upstream,
    pub(super) region: String,
    /// Who calls there for whom.
    pub(super) callers: BTreeMap<String, Arc<Live>>,
    pub(super) admin: Arc<Live>,
    /// Whether the live service is AWS.
    pub(super) is_aws: bool,
}

pub(super) struct State {
    pub(super) takes: Takes,
    pub(super) guard: Guard,
    /// From what is live to what the cassette will hold, as far as it is known.
    pub(super) redactor: Redactor,
    /// The fake, which follows what happens, so that its state can be looked at.
    pub(super) shadow: Shadow,
    /// Why the recording is not good.
    pub(super) faults: Vec<String>,
    /// How many calls have not been answered yet.
    pub(super) under_way: usize,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Wire {
    /// The credentials that it calls with at the moment, as what they are.
    pub(super) async fn secrets(&self) -> Result<Vec<(&'static str, String)>, Error> {
        let mut secrets = Vec::new();
        for live in self.callers.values().chain([&self.admin]) {
            let credentials = live.credentials().await?;
            secrets.push(("a live access key id", credentials.access_key_id().to_owned()));
            secrets.push(("a live secret access key", credentials.secret_access_key().to_owned()));
            let token = credentials.session_token();
            secrets.extend(token.map(|it| ("a live session token", it.to_owned())));
        }
        Ok(secrets)
    }

    /// Makes a call as `live`.
    pub(super) async fn call(
        &self,
        live: &Live,
        operation: &str,
        body: Bytes,
    ) -> Result<(u16, Bytes), Error> {
        let credentials = live.credentials().await?;
        let now = Time::Machine.now();
        let sent = self.upstream.send(operation, body, &credentials, &self.region, now);
        let (status, body) = sent.await?;
        Ok((status.as_u16(), body))
    }
}

impl Recorder {
    pub(super) fn new(
        gate: Arc<Fake>,
        wire: Wire,
        guard: Guard,
        redactor: Redactor,
        shadow: Shadow,
    ) -> Self {
        Self {
            gate,
            wire: Arc::new(wire),
            state: Arc::new(Mutex::new(State {
                takes: Takes::default(),
                guard,
                redactor,
                shadow,
                faults: Vec::new(),
                under_way: 0,
            })),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same for a task of its own.
    pub(super) fn state_of(&self) -> Arc<Mutex<State>> {
        Arc::clone(&self.state)
    }

    /// The calls so far, as the test has seen them.
    pub(crate) fn calls(&self) -> Vec<Raw> {
        let seen = self.state().takes.seen();
        seen.into_iter().map(|(it, _)| it.raw).collect()
    }

    /// Values that `read` finds in the fake that follows, in live words.
    pub(crate) fn of_fake<T>(
        &self,
        read: impl FnOnce(&Fake) -> T,
        in_words: impl FnOnce(T, &mut dyn FnMut(&Value) -> Value) -> T,
    ) -> T {
        let mut state = self.state();
        let state = &mut *state;
        let found = read(state.shadow.fake());
        in_words(found, &mut |value| {
            let tape = state.shadow.of_fake(value);
            state.redactor.restore(&tape, crate::tape::redact::Direction::Received)
        })
    }

    /// What does not need the live service: who calls, and whether it may.
    fn admit(
        &self,
        request: &Request,
        caller: &mut Option<String>,
    ) -> Result<(&'static str, Value), KmsError> {
        let (operation, input) = self.gate.admit(request, caller)?;
        let mut state = self.state();
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
            state.takes.arrive()
        };
        let mut caller = None;
        let admitted = self.admit(&request, &mut caller);
        let invocation = request.parts.headers.get("amz-sdk-invocation-id");
        let pass = Pass {
            gate: Arc::clone(&self.gate),
            wire: Arc::clone(&self.wire),
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
        // Connections to the live service live on the server's thread, whatever runtime the test has.
        match server::runtime() {
            Ok(runtime) => {
                let task = runtime.spawn(pass.run(operation, input));
                let gate = Arc::clone(&self.gate);
                Reply::later(async move {
                    Ok(task.await.unwrap_or_else(|error| {
                        gate.respond(Err(KmsError::upstream_failed(error.to_string())))
                    }))
                })
            }
            Err(error) => pass.refuse(KmsError::upstream_failed(error.to_string())).into(),
        }
    }
}

/// One call on its way.
struct Pass {
    gate: Arc<Fake>,
    wire: Arc<Wire>,
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
        let Some(live) = self.wire.callers.get(&caller).map(Arc::clone) else {
            let why = format!(
                "{operation} was not sent: nothing says how to call as `{caller}` in life. Give the principal a \
                 `profile` or a `role`."
            );
            self.state().faults.push(why.clone());
            return self.refuse(KmsError::recording_refused(why));
        };
        if let Err(error) = self.look_before(operation, &input).await {
            let why = format!(
                "{operation} was not sent: whose grant it would give cannot be seen: {error}"
            );
            self.state().faults.push(why.clone());
            return self.refuse(KmsError::recording_refused(why));
        }
        // What was understood is sent, and not what was said: of two members of one name, another one might count.
        let body = Bytes::from(input.to_string());
        let (status, output) = match self.wire.call(&live, operation, body).await {
            Ok(answer) => answer,
            Err(error) => return self.refuse(KmsError::upstream_failed(error.to_string())),
        };
        let response = self.gate.respond_with(status, output.clone());
        self.end(status, output.clone(), true);
        let mut state = self.state();
        let state = &mut *state;
        let output: Value = serde_json::from_slice(&output).unwrap_or_default();
        if status == 200 {
            state.guard.learn(operation, &input, &output);
        }
        let input = state.redactor.input(&input);
        let output = state.redactor.output(&output);
        let interaction = Interaction::new(caller, operation.to_owned(), input, status, output);
        state.shadow.follow(0, &interaction);
        response
    }

    /// A CreateGrant with a name may give back a grant that was there before, which is not ours to end.
    async fn look_before(&self, operation: &str, input: &Value) -> Result<(), Error> {
        let (Some(key), true) = (input["KeyId"].as_str(), input.get("Name").is_some()) else {
            return Ok(());
        };
        if operation == "CreateGrant" {
            // Of a key that this caller makes up there is no list, and no grant.
            let there = match grants_on(&self.wire, key).await {
                Ok(there) => there,
                Err(error) if self.wire.is_aws => return Err(error),
                Err(_) => Vec::new(),
            };
            self.state().guard.were_there(there);
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers in place of the live service, which is not kept.
    fn refuse(&self, error: KmsError) -> Response {
        let response = self.gate.respond(Err(error));
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
        };
        let mut state = self.state();
        state.takes.end(raw, self.arrived, self.invocation.clone(), live);
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.state().under_way -= 1;
    }
}

/// What goes onto the tape: what the live service has answered.
pub(super) fn on_tape(state: &State) -> Vec<(Taken, bool)> {
    let seen = state.takes.seen();
    seen.into_iter().filter(|(it, _)| it.live).collect()
}
