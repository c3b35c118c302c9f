//! Replay: a cassette answers call by call, while the fake follows.

mod any_order;
mod names;
mod playback;
mod report;
mod why;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use crate::kms::error::KmsError;
use crate::kms::evidence::Evidence;
use crate::kms::fake::{Fake, described};
use crate::kms::journal::{Journal, Raw};
use crate::kms::protocol;
use crate::tape::shadow::Shadow;
use crate::wire::exchange::{Handler, Reply, Request, Response, Struck};

#[cfg(feature = "cli")]
pub(crate) use names::{names, translation};
pub(crate) use playback::Playback;

/// The handler that answers from a cassette.
#[derive(Debug)]
pub(crate) struct Replayer {
    /// The fake with the test's own declarations, which authenticates callers.
    verifier: Arc<Fake>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    playback: Playback,
    shadow: Shadow,
    journal: Journal,
    /// The last call that was answered on each connection.
    last: HashMap<u64, usize>,
    /// Calls whose answers may not have reached the client.
    may_be_lost: Vec<usize>,
    /// Calls that a fault has struck.
    struck: HashSet<usize>,
}

impl State {
    /// Finds the call that a client without invocation ids repeats because its answer may be lost.
    fn retry_of_lost(&mut self, caller: &str, operation: &str, input: &Value) -> Option<usize> {
        let playback = &mut self.playback;
        let place = self.may_be_lost.iter().position(|it| {
            playback.is_same(*it, caller, operation) && playback.matches(*it, input)
        })?;
        Some(self.may_be_lost.remove(place))
    }
}

impl Replayer {
    /// Returns a replayer of a cassette with its `shadow`, for the callers that `verifier` knows.
    pub(crate) fn new(verifier: Arc<Fake>, playback: Playback, shadow: Shadow) -> Self {
        Self {
            verifier,
            state: Mutex::new(State {
                playback,
                shadow,
                journal: Journal::default(),
                last: HashMap::new(),
                may_be_lost: Vec::new(),
                struck: HashSet::new(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a call that a fault kept from the tape to the journal.
    pub(crate) fn note(&self, raw: Raw) {
        self.state().journal.add(|| raw);
    }

    /// Reads the calls so far.
    pub(crate) fn with_journal<T>(&self, read: impl FnOnce(&Journal) -> T) -> T {
        read(&self.state().journal)
    }

    /// Returns what `read` finds in the fake that follows; `translate` turns each value into one that the test knows.
    pub(crate) fn of_fake<T>(
        &self,
        read: impl FnOnce(&Fake) -> T,
        translate: impl FnOnce(T, &mut dyn FnMut(&Value) -> Value) -> T,
    ) -> T {
        let mut state = self.state();
        let state = &mut *state;
        let found = read(state.shadow.fake());
        translate(found, &mut |value| {
            let tape = state.shadow.of_fake(value);
            state.playback.hand_out(&tape)
        })
    }

    /// Returns what went wrong so far, or nothing: unexpected calls; recorded calls that were not made, if the test
    /// has `passed`; differences between the fake and the cassette.
    pub(crate) fn verdict(&self, passed: bool, again: &str) -> Option<String> {
        let state = self.state();
        if state.playback.is_good(passed) && state.shadow.is_good(passed) {
            return None;
        }
        let names = state.playback.names();
        let mut text = state.playback.report(&names, passed, again).unwrap_or_default();
        let whole = passed && text.is_empty();
        let origin = &state.playback.cassette().origin;
        text += &state.shadow.report(&names, origin, whole, false).unwrap_or_default();
        (!text.is_empty()).then_some(text)
    }

    /// Returns how many calls were compared with the fake, and how many could not be compared.
    #[cfg(feature = "cli")]
    pub(crate) fn counts(&self) -> crate::tape::shadow::Counts {
        let state = self.state();
        state.shadow.counts(&state.playback.names())
    }

    /// Returns the answer, whether the journal shows this call, and the evidence of a refusal. It shows no retry, unless a
    /// fault has struck the call.
    fn answer(
        &self,
        request: &Request,
        caller: &mut Option<String>,
    ) -> Result<(Response, bool, Option<Box<Evidence>>), KmsError> {
        let (operation, input) = self.verifier.admit(request, caller)?;
        let mut state = self.state();
        let state = &mut *state;
        let who = caller.as_deref().unwrap_or_default();
        let invocation = header(request, "amz-sdk-invocation-id");
        let played = match state.playback.play(who, operation, &input, invocation) {
            Ok(played) => played,
            Err(miss) => match state.retry_of_lost(who, operation, &input) {
                Some(at) => playback::Played { at, first: false },
                None => return Err(KmsError::replay_mismatch(state.playback.miss(miss))),
            },
        };
        if let Some(connection) = request.connection {
            state.last.insert(connection, played.at);
        }
        if played.first {
            state.shadow.follow(played.at, &state.playback.cassette().interactions);
        }
        // The fake explains a refusal if it refuses, too.
        let why = state.shadow.fake().state().why.take();
        let is_refused = state.playback.interaction(played.at).status != 200;
        let why = why.filter(|_| is_refused && played.first).map(|it| {
            Box::new(why::translated(*it, &mut |value| {
                let tape = state.shadow.of_fake(value);
                state.playback.hand_out(&tape)
            }))
        });
        let interaction = state.playback.interaction(played.at);
        let (status, opaque, has_body) =
            (interaction.status, interaction.opaque, interaction.has_body());
        let body = match opaque {
            Some(length) => Bytes::from(vec![b'.'; length]),
            None if has_body => {
                let output = state.playback.hand_out_output(played.at);
                protocol::write(&output).map_err(|it| KmsError::serialization(it.to_string()))?
            }
            None => Bytes::new(),
        };
        // Each attempt that a fault has struck, and each that repeats such a call, is in the journal.
        let is_struck = Struck::word(&request.parts).is_some();
        if is_struck {
            state.struck.insert(played.at);
        }
        let is_shown = played.first || is_struck || state.struck.contains(&played.at);
        Ok((self.verifier.respond_with(status, body), is_shown, why))
    }
}

/// How often other tasks run before a call counts as not recorded: time for the server to notice a broken connection
/// before its client retries.
const TURNS: usize = 200;

impl Handler for Arc<Replayer> {
    fn handle(&self, request: Request) -> Reply {
        if request.connection.is_none() || self.is_recorded(&request) {
            return self.reply(&request).into();
        }
        let replayer = Arc::clone(self);
        Reply::later(async move {
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
            Ok(replayer.reply(&request))
        })
    }

    fn broken_off(&self, connection: u64) {
        let mut state = self.state();
        let last = state.last.remove(&connection);
        state.may_be_lost.extend(last);
    }
}

impl Replayer {
    /// Returns whether the next call of the cassette may be this one; true can be wrong.
    fn is_recorded(&self, request: &Request) -> bool {
        let Ok(operation) = protocol::named(request) else {
            return true;
        };
        self.state().playback.expects(operation)
    }

    fn reply(&self, request: &Request) -> Response {
        let mut caller = None;
        let (response, is_shown, why) = match self.answer(request, &mut caller) {
            Ok(answer) => answer,
            Err(mut error) => {
                let why = error.why.take();
                (self.verifier.respond(Err(error)), true, why)
            }
        };
        if !is_shown {
            return response;
        }
        self.state().journal.add(|| Raw {
            caller,
            operation: described(request),
            input: request.body.clone(),
            status: response.status().as_u16(),
            output: response.body().clone().into(),
            fault: Struck::word(&request.parts),
            why,
            ..Raw::default()
        });
        response
    }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.parts.headers.get(name)?.to_str().ok()
}
