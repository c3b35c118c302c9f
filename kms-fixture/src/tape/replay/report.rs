//! The report of a replay that deviates from its recording.

use std::fmt::Write as _;

use super::playback::{Miss, Playback};
use crate::tape::cassette::Interaction;
use crate::tape::names::Names;
use crate::tape::words::count;

/// How many of the calls that are left are listed.
const LISTED: usize = 10;

impl Playback {
    /// Returns one sentence for the client that made the call.
    pub(super) fn headline(&self, miss: &Miss) -> String {
        let expected = match self.cassette().interactions.get(miss.next) {
            Some(call) => format!(
                "call {} of the cassette is {} by {}",
                miss.next + 1,
                call.operation,
                call.caller
            ),
            None => "the cassette has no more calls".to_owned(),
        };
        format!(
            "call {} was not recorded at this point: {} by {}; {expected}",
            miss.received, miss.operation, miss.caller
        )
    }

    /// Returns what went wrong, or nothing: the first unexpected call, or else the recorded calls that were not made.
    pub(super) fn report(&self, names: &Names, passed: bool, again: &str) -> Option<String> {
        let mut text = String::new();
        if let Some(miss) = self.misses().first() {
            let _ = writeln!(text, "{}", self.headline(miss));
            self.closest_call(&mut text, miss, names);
            if self.misses().len() > 1 {
                let more = count(self.misses().len() - 1, "more unexpected call");
                let _ = writeln!(text, "{more} followed");
            }
            self.list_left(&mut text, "left in the cassette:", names);
        } else if passed {
            self.list_left(&mut text, "recorded but not called:", names);
        }
        if text.is_empty() {
            return None;
        }
        let _ = writeln!(text, "help: if the test is right, record again: {again}");
        Some(text)
    }

    fn closest_call(&self, text: &mut String, miss: &Miss, names: &Names) {
        let Some((at, differences)) = &miss.closest else {
            return;
        };
        let call = self.interaction(*at);
        let _ = writeln!(text, "the closest is call {} of the cassette:", at + 1);
        let mut rows = Vec::new();
        if call.operation != miss.operation {
            rows.push(("operation".to_owned(), call.operation.clone(), miss.operation.clone()));
        }
        if call.caller != miss.caller {
            rows.push(("caller".to_owned(), call.caller.clone(), miss.caller.clone()));
        }
        for it in differences {
            let (recorded, received) = names.tell_apart(it.first.as_ref(), it.second.as_ref());
            rows.push((it.path.clone(), recorded, received));
        }
        if rows.is_empty() {
            let why = if self.left().any(|(left, _)| left == *at) {
                "it is the same call, but calls that were recorded before it must come first"
            } else {
                "it is the same call, but it was recorded once and has already been played"
            };
            let _ = writeln!(text, "  {why}");
            if let Some(expected) = self.cassette().interactions.get(miss.next) {
                rows.push((
                    "at this point".to_owned(),
                    summary(expected, names),
                    format!("{} by {}", miss.operation, miss.caller),
                ));
            }
        }
        for (field, recorded, received) in rows {
            let _ = writeln!(text, "  {field}\n    recorded  {recorded}\n    received  {received}");
        }
        let received = names.rename_all(miss.input.clone());
        let _ = writeln!(text, "received input: {received}");
    }

    fn list_left(&self, text: &mut String, title: &str, names: &Names) {
        let left: Vec<_> = self.left().collect();
        if left.is_empty() {
            return;
        }
        let _ = writeln!(text, "{title}");
        for (at, call) in left.iter().take(LISTED) {
            let _ = writeln!(text, "  {} {}", at + 1, summary(call, names));
        }
        if left.len() > LISTED {
            let _ = writeln!(text, "  and {} more", left.len() - LISTED);
        }
    }
}

/// Returns one line: `RetireGrant by janitor {"GrantToken":"access"}`.
fn summary(call: &Interaction, names: &Names) -> String {
    let input = names.rename_all(call.input().value().clone());
    format!("{} by {} {input}", call.operation, call.caller)
}
