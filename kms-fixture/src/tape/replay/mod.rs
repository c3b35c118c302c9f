//! Replay: answers come from a cassette, call by call, and the fake follows beside it.

mod report;
mod tape;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use crate::kms::error::KmsError;
use crate::kms::fake::{Fake, described};
use crate::kms::journal::{Journal, Raw};
use crate::kms::protocol;
use crate::tape::cassette::Cassette;
use crate::tape::lens::Lens;
use crate::tape::names::Names;
use crate::tape::redact::{ACCOUNT, Redactor, principal_names, redact_scenario};
use crate::tape::shadow::Shadow;
use crate::wire::exchange::{Handler, Reply, Request, Response};

pub(crate) use tape::Tape;

/// Answers from a cassette.
#[derive(Debug)]
pub(crate) struct Replayer {
    /// The test's own declarations; it knows who calls.
    gate: Arc<Fake>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    tape: Tape,
    shadow: Shadow,
    journal: Journal,
    /// What was answered last over each connection.
    last: HashMap<u64, usize>,
    /// What somebody may not have heard.
    unheard: Vec<usize>,
}

impl State {
    /// A client without invocation ids asks again what it may not have heard.
    fn heard_not(&mut self, caller: &str, operation: &str, input: &Value) -> Option<usize> {
        let tape = &mut self.tape;
        let place = self
            .unheard
            .iter()
            .position(|it| tape.is_same(*it, caller, operation) && tape.matches(*it, input))?;
        Some(self.unheard.remove(place))
    }
}

impl Replayer {
    /// Replays `tape`, with `shadow` beside it, for the callers that `gate` knows.
    pub(crate) fn new(gate: Arc<Fake>, tape: Tape, shadow: Shadow) -> Self {
        Self {
            gate,
            state: Mutex::new(State {
                tape,
                shadow,
                journal: Journal::default(),
                last: HashMap::new(),
                unheard: Vec::new(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The calls so far.
    pub(crate) fn with_journal<T>(&self, read: impl FnOnce(&Journal) -> T) -> T {
        read(&self.state().journal)
    }

    /// Values that `read` finds in the fake, in the words of the test.
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
            state.tape.in_words_of_test(&tape)
        })
    }

    /// What is wrong with the replay so far, or nothing: calls that were not expected; recorded calls that were not
    /// made, unless the test has not `passed` and has a better reason; a fake that disagrees.
    pub(crate) fn verdict(&self, passed: bool, again: &str) -> Option<String> {
        let state = self.state();
        if state.tape.is_good(passed) && state.shadow.is_good(passed) {
            return None;
        }
        let names = state.tape.names();
        let mut text = state.tape.report(&names, passed, again).unwrap_or_default();
        let whole = passed && text.is_empty();
        let origin = &state.tape.cassette().origin;
        text += &state.shadow.report(&names, origin, whole).unwrap_or_default();
        (!text.is_empty()).then_some(text)
    }

    /// How many calls were compared with the fake, and how many could not be.
    #[cfg(feature = "cli")]
    pub(crate) fn counts(&self) -> crate::tape::shadow::Counts {
        self.state().shadow.counts()
    }

    /// The answer, and whether this is a call and not another attempt of one.
    fn answer(
        &self,
        request: &Request,
        caller: &mut Option<String>,
    ) -> Result<(Response, bool), KmsError> {
        let (operation, input) = self.gate.admit(request, caller)?;
        let mut state = self.state();
        let state = &mut *state;
        let who = caller.as_deref().unwrap_or_default();
        let invocation = header(request, "amz-sdk-invocation-id");
        let played = match state.tape.play(who, operation, &input, invocation) {
            Ok(played) => played,
            Err(miss) => match state.heard_not(who, operation, &input) {
                Some(at) => tape::Played { at, first: false },
                None => return Err(KmsError::replay_mismatch(state.tape.miss(miss))),
            },
        };
        if let Some(connection) = request.connection {
            state.last.insert(connection, played.at);
        }
        if played.first {
            let interaction = state.tape.interaction(played.at);
            state.shadow.follow(played.at + 1, interaction);
        }
        let interaction = state.tape.interaction(played.at);
        let (status, opaque, has_body) =
            (interaction.status, interaction.opaque, interaction.has_body());
        let body = match opaque {
            Some(length) => Bytes::from(vec![b'.'; length]),
            None if has_body => Bytes::from(state.tape.for_test(played.at).to_string()),
            None => Bytes::new(),
        };
        Ok((self.gate.respond_with(status, body), played.first))
    }
}

/// How often other tasks get their turn before a call counts as not recorded: so that the server hears of a connection
/// that has broken off before its client asks again.
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
        let unheard = state.last.remove(&connection);
        state.unheard.extend(unheard);
    }
}

impl Replayer {
    /// Whether the next call of the tape may be this one; a guess that is allowed to say yes.
    fn is_recorded(&self, request: &Request) -> bool {
        let Ok(operation) = protocol::named(request) else {
            return true;
        };
        self.state().tape.expects(operation)
    }

    fn reply(&self, request: &Request) -> Response {
        let mut caller = None;
        let (response, is_new) = match self.answer(request, &mut caller) {
            Ok(answer) => answer,
            Err(error) => (self.gate.respond(Err(error)), true),
        };
        if !is_new {
            return response;
        }
        self.state().journal.add(|| Raw {
            caller,
            operation: described(request),
            input: request.body.clone(),
            status: response.status().as_u16(),
            output: response.body().clone(),
        });
        response
    }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.parts.headers.get(name)?.to_str().ok()
}

/// What knows the names of a tape.
pub(crate) fn lens(cassette: &Cassette) -> Lens {
    let Cassette { scenario, keep, ordered, .. } = cassette;
    // Declared names are known; without a policy file there is nothing that could not be read.
    let redactor = redact_scenario(scenario, keep, ordered)
        .map_or_else(|_| Redactor::new(ACCOUNT, keep, ordered), |it| it.1);
    let mut lens = Lens::new(redactor, principal_names(&cassette.scenario));
    lens.declare_ids(&cassette.scenario);
    lens
}

/// What everything on a tape is called.
pub(crate) fn names(cassette: &Cassette) -> Names {
    let calls = cassette.interactions.iter().map(|it| (it.input(), it.output()));
    lens(cassette).names_of_calls(calls)
}
