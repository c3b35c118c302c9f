//! The lines of a log that wait for their writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The largest number of bytes that wait.
const MOST: usize = 1 << 20;

/// Lines that wait. Adding one never blocks: while the reader of the log does not read, lines are skipped and counted.
#[derive(Debug, Default)]
pub(super) struct Lines {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<String>,
    bytes: usize,
    /// The number of calls that were skipped since the last line.
    skipped: usize,
    is_closed: bool,
}

impl Lines {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the line of a call, or skips it; `note` makes a line of the number of calls that were skipped before it.
    pub(super) fn add(&self, line: String, note: impl FnOnce(usize) -> String) {
        let mut state = self.state();
        if !state.waiting.is_empty() && state.bytes + line.len() > MOST {
            state.skipped += 1;
            return;
        }
        state.note(note);
        state.push(line);
        self.changed.notify_all();
    }

    /// Adds the last line.
    pub(super) fn close(&self, line: String, note: impl FnOnce(usize) -> String) {
        let mut state = self.state();
        state.note(note);
        state.push(line);
        state.is_closed = true;
        self.changed.notify_all();
    }

    /// Returns the next line, as soon as there is one; nothing after the last one.
    pub(super) fn next(&self) -> Option<String> {
        let is_early = |it: &mut State| it.waiting.is_empty() && !it.is_closed;
        let state = self.changed.wait_while(self.state(), is_early);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let line = state.waiting.pop_front()?;
        state.bytes -= line.len();
        Some(line)
    }
}

impl State {
    fn note(&mut self, note: impl FnOnce(usize) -> String) {
        if self.skipped > 0 {
            self.push(note(self.skipped));
            self.skipped = 0;
        }
    }

    fn push(&mut self, line: String) {
        self.bytes += line.len();
        self.waiting.push_back(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(count: usize) -> String {
        format!("{count} skipped")
    }

    fn all(lines: &Lines) -> Vec<String> {
        std::iter::from_fn(|| lines.next()).collect()
    }

    #[test]
    fn lines_come_in_their_order() {
        let lines = Lines::default();
        for line in ["one", "two"] {
            lines.add(line.to_owned(), note);
        }
        lines.close("end".to_owned(), note);
        assert_eq!(all(&lines), ["one", "two", "end"]);
    }

    #[test]
    fn lines_that_nothing_reads_are_skipped_and_counted() {
        let lines = Lines::default();
        let line = "x".repeat(MOST / 4);
        for _ in 0..10 {
            lines.add(line.clone(), note);
        }
        assert!(lines.state().bytes <= MOST);
        assert_eq!(lines.next().as_ref(), Some(&line));
        lines.add("short".to_owned(), note);
        lines.add(line.clone(), note);
        lines.close("end".to_owned(), note);
        let rest = all(&lines);
        assert_eq!(rest[..3], [line.as_str(), &line, &line]);
        assert_eq!(rest[3..], ["6 skipped", "short", "1 skipped", "end"]);
    }
}
