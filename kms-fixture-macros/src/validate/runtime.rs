//! `flavor`, `worker_threads`, `start_paused`, `clock`: options that depend on each other and on `async`.

use proc_macro2::Span;
use syn::Lit;

use crate::diag::{Errors, Message};
use crate::plan::{Call, Value};
use crate::signature::Function;

/// The options of the test's runtime, with their spans.
#[derive(Default)]
pub(super) struct Runtime {
    flavor: Option<(Span, &'static str)>,
    worker_threads: Option<(Span, Lit)>,
    start_paused: Option<(Span, bool)>,
    /// Options that a paused clock excludes, with the reasons.
    waiting: Vec<(&'static str, &'static str)>,
    /// Options that only an `async fn` can have.
    for_async: Vec<(&'static str, Span)>,
    /// The option `clock`, and the span of `tokio` in it.
    clock: Option<(Span, Option<Span>)>,
    has_cassette: bool,
}

impl Runtime {
    /// Keeps a call that belongs to the runtime, and returns any other. `word` is the place of the option.
    pub(super) fn take(&mut self, option: &'static str, word: Span, call: Call) -> Option<Call> {
        if matches!(option, "flavor" | "worker_threads" | "start_paused") {
            self.for_async.push((option, word));
        }
        if let ("clock", Value::Literal(Lit::Str(clock))) = (option, &call.value) {
            self.clock = Some((word, (clock.value() == "tokio").then(|| clock.span())));
        }
        match option {
            "transport" => self.waiting.push((
                "transport = \"tcp\"",
                "a paused clock does not wait for sockets, so that timeouts fire at once",
            )),
            "cassette" if call.method == "cassette" => {
                self.has_cassette = true;
                self.waiting.push((
                    "cassette",
                    "a recording waits for the live service, and a paused clock does not, so that timeouts fire at once",
                ));
            }
            _ => {}
        }
        match (option, call.value) {
            ("flavor", _) => self.flavor = Some((word, call.method)),
            ("worker_threads", Value::Optional(Some(count))) => {
                self.worker_threads = Some((word, count));
            }
            ("start_paused", Value::Literal(Lit::Bool(it))) => {
                self.start_paused = Some((word, it.value));
            }
            (_, value) => return Some(Call { method: call.method, value }),
        }
        None
    }

    fn check_clock(&self, function: &Function, errors: &mut Errors) {
        let Some((clock, tokio)) = self.clock else { return };
        if self.has_cassette {
            let message = Message::new("`clock` and `cassette` exclude each other");
            let note = "a replay has the time of its recording, and a recording follows the machine's clock";
            errors.push(clock, message.note(note));
        }
        if let (Some(tokio), false) = (tokio, function.is_async) {
            let name = &function.name;
            let message = Message::new(format!(
                "`clock(tokio)` follows the runtime of an `async fn`, and `{name}` is a plain `fn`"
            ));
            errors.push(tokio, message.help("write `async fn`, or choose another clock"));
        }
    }

    /// Returns the calls after all options are read.
    pub(super) fn finish(mut self, function: &Function, errors: &mut Errors) -> Vec<Call> {
        if !function.is_async {
            for (option, span) in std::mem::take(&mut self.for_async) {
                let name = &function.name;
                let message = Message::new(format!(
                    "`{option}` configures the runtime of an `async fn`, and `{name}` is a plain `fn`"
                ));
                let help = format!("write `async fn`, or remove `{option}`");
                errors.push(span, message.help(help));
            }
        }
        self.check_clock(function, errors);
        let is_multi_thread = self.flavor.is_some_and(|it| it.1 == "multi_thread");
        let mut calls = Vec::new();
        if is_multi_thread {
            let count = self.worker_threads.as_ref().map(|it| it.1.clone());
            calls.push(Call { method: "multi_thread", value: Value::Optional(count) });
        } else if let Some((span, _)) = self.worker_threads {
            errors.push(span, "`worker_threads` needs `flavor = \"multi_thread\"`");
        }
        if let Some((span, true)) = self.start_paused {
            for (option, why) in self.waiting {
                let message = Message::new(format!(
                    "`start_paused = true` and `{option}` exclude each other"
                ));
                errors.push(span, message.note(why));
            }
            if is_multi_thread {
                let message =
                    Message::new("`start_paused = true` needs `flavor = \"current_thread\"`");
                let note = "tokio can pause only the clock of a single-threaded runtime";
                errors.push(span, message.note(note));
            }
            let value = Value::Literal(Lit::Bool(syn::LitBool::new(true, span)));
            calls.push(Call { method: "start_paused", value });
        }
        if function.is_async { calls } else { Vec::new() }
    }
}
