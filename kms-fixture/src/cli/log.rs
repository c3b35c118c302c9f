//! The log of a server: a line for each call on standard error as it comes, and a summary at the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::ValueEnum;
use serde_json::json;

use super::lines::Lines;
use crate::error::{Error, in_one_line, printable};
use crate::fixture::{Kms, Shown};
use crate::tape::words::count;

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Text on a terminal, nothing otherwise.
    Auto,
    /// Nothing.
    Never,
    /// A line of text for each call, and the reasons of a refusal below it.
    Text,
    /// An object for each call, one a line, as `GET /kms-fixture/calls` lists them.
    Json,
}

impl Form {
    /// Returns whether there is a log.
    pub(super) fn is_on(self) -> bool {
        self.chosen().is_some()
    }

    /// Returns whether there is a log, and whether it is JSON.
    fn chosen(self) -> Option<bool> {
        match self {
            Self::Auto if io::stderr().is_terminal() => Some(false),
            Self::Auto | Self::Never => None,
            Self::Text => Some(false),
            Self::Json => Some(true),
        }
    }
}

/// A log in progress. A thread of its own writes it, so that a reader that stops reading delays no
/// call; the lines for which there is no room then are counted.
pub(super) struct Log {
    writer: Writer,
    counts: Arc<Mutex<Counts>>,
    is_json: bool,
}

struct Writer {
    lines: Arc<Lines>,
    /// Disconnects when all lines are written.
    is_done: Receiver<()>,
}

/// How long the end of a server waits for its last lines to be written.
const PATIENCE: Duration = Duration::from_secs(2);

/// The number of calls and of refusals, by operation.
#[derive(Debug, Default)]
struct Counts(BTreeMap<String, (usize, usize)>);

impl Log {
    /// Starts the log of a fixture; none if `form` has none.
    ///
    /// # Errors
    ///
    /// A thread that cannot start.
    pub(super) fn start(kms: &Kms, form: Form) -> Result<Option<Self>, Error> {
        let Some(is_json) = form.chosen() else { return Ok(None) };
        let lines = Arc::<Lines>::default();
        let to_write = Arc::clone(&lines);
        let (done, is_done) = mpsc::channel::<()>();
        let thread =
            std::thread::Builder::new().name("kms-fixture-log".to_owned()).spawn(move || {
                let _done = done;
                while let Some(line) = to_write.next() {
                    // The reader may have closed its end.
                    let _ = io::stderr().write_all(printable(&line).as_bytes());
                }
            });
        thread.map_err(|it| Error::new(format!("cannot start the log: {it}")))?;
        let counts = Arc::<Mutex<Counts>>::default();
        let (to, counted) = (Arc::clone(&lines), Arc::clone(&counts));
        let widest = kms.callers().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        kms.log_to(move |call| {
            counted.lock().unwrap_or_else(PoisonError::into_inner).add(call);
            let line = if is_json { format!("{}\n", call.shown()) } else { text(call, widest) };
            to.add(line, |skipped| not_shown(skipped, is_json));
        });
        Ok(Some(Self { writer: Writer { lines, is_done }, counts, is_json }))
    }

    /// Ends the log with a summary, once all lines are written.
    fn end(self, kms: &Kms) {
        kms.end_log();
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let summary = if self.is_json { counts.json() } else { counts.text() };
        self.writer.lines.close(summary, |skipped| not_shown(skipped, self.is_json));
        // A reader that has stopped reading must not keep the server from its end.
        let _ = self.writer.is_done.recv_timeout(PATIENCE);
    }
}

/// Ends the log of a server, if it has one.
pub(super) fn end(log: Option<Log>, kms: &Kms) {
    if let Some(log) = log {
        log.end(kms);
    }
}

/// Formats the number of calls for whose lines there was no room.
fn not_shown(calls: usize, is_json: bool) -> String {
    if is_json {
        return format!("{}\n", json!({ "not_shown": calls }));
    }
    format!("   … {} not shown\n", count(calls, "call"))
}

/// Formats a call: number, caller, operation, target and outcome, and below a refusal why.
fn text(call: &Shown, widest: usize) -> String {
    let mut outcome = match &call.code {
        None => "ok".to_owned(),
        Some(code) => format!("{} {code}", call.status),
    };
    if let (true, Some(message)) = (call.why.is_empty(), &call.message) {
        let _ = write!(outcome, ": {message}");
    }
    if let Some(fault) = &call.fault {
        let _ = write!(outcome, " (fault: {fault})");
    }
    let known = |text: &Option<String>| in_one_line(text.as_deref().unwrap_or("-"));
    let (caller, on, outcome) = (known(&call.caller), known(&call.on), in_one_line(&outcome));
    let operation = in_one_line(&call.operation);
    // Calls of STS are not numbered among those of KMS.
    let number = call.number.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let mut line =
        format!("{number:>4}  {caller:<widest$}  {operation:<16}  {on:<16}  {outcome}\n");
    for sentence in &call.why {
        let _ = writeln!(line, "      {}", in_one_line(sentence));
    }
    line
}

impl Counts {
    fn add(&mut self, call: &Shown) {
        let of = self.0.entry(call.operation.clone()).or_default();
        of.0 += 1;
        of.1 += usize::from(call.code.is_some());
    }

    fn all(&self) -> (usize, usize) {
        self.0.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1))
    }

    fn text(&self) -> String {
        let shown = |(calls, refused): (usize, usize)| match refused {
            0 => count(calls, "call"),
            refused => format!("{}, {refused} refused", count(calls, "call")),
        };
        let mut text = format!("{}\n", shown(self.all()));
        let widest = self.0.keys().map(|it| it.chars().count()).max().unwrap_or(0);
        for (operation, counts) in &self.0 {
            let _ = writeln!(text, "  {:<widest$}  {}", in_one_line(operation), shown(*counts));
        }
        text
    }

    fn json(&self) -> String {
        let counted =
            |(calls, refused): (usize, usize)| json!({ "calls": calls, "refused": refused });
        let operations: serde_json::Map<_, _> =
            self.0.iter().map(|(operation, it)| (operation.clone(), counted(*it))).collect();
        let mut summary = counted(self.all());
        summary["operations"] = operations.into();
        format!("{}\n", json!({ "summary": summary }))
    }
}
