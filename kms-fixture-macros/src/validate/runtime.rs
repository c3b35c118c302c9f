//! `flavor`, `worker_threads`, `start_paused`, `clock`: options that depend on each other and on `async`.

use proc_macro2::{Ident, Span};
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
    for_async: Vec<Ident>,
    /// The option `clock`, and the span of `tokio` in it.
    clock: Option<(Span, Option<Span>)>,
    has_cassette: bool,
}

impl Runtime {
    /// Keeps the calls that belong to the runtime, and returns the others.
    pub(super) fn take(&mut self, option: &str, name: &Ident, calls: Vec<Call>) -> Vec<Call> {
        if matches!(option, "flavor" | "worker_threads" | "start_paused") {
            self.for_async.push(name.clone());
        }
        self.has_cassette |= option == "cassette" && !calls.is_empty();
        if let ("clock", [Call { value: Value::Literal(Lit::Str(word)), .. }]) =
            (option, calls.as_slice())
        {
            self.clock = Some((name.span(), (word.value() == "tokio").then(|| word.span())));
        }
        match option {
            "transport" if !calls.is_empty() => self.waiting.push((
                "transport = \"tcp\"",
                "a paused clock does not wait for sockets, so that timeouts fire at once",
            )),
            "cassette" if !calls.is_empty() => self.waiting.push((
                "cassette",
                "a recording waits for the live service, and a paused clock does not, so that timeouts fire at once",
            )),
            _ => {}
        }
        let mut others = Vec::new();
        for call in calls {
            match (option, call.value) {
                ("flavor", _) => self.flavor = Some((name.span(), call.method)),
                ("worker_threads", Value::Optional(Some(count))) => {
                    self.worker_threads = Some((name.span(), count));
                }
                ("start_paused", Value::Literal(Lit::Bool(it))) => {
                    self.start_paused = Some((name.span(), it.value));
                }
                (_, value) => others.push(Call { method: call.method, value }),
            }
        }
        others
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
            for option in std::mem::take(&mut self.for_async) {
                let name = &function.name;
                let message = Message::new(format!(
                    "`{option}` configures the runtime of an `async fn`, and `{name}` is a plain `fn`"
                ));
                let help = format!("write `async fn`, or remove `{option}`");
                errors.push(option.span(), message.help(help));
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
