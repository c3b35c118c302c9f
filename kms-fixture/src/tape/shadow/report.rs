//! The report of a fake that disagrees with a cassette.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::Shadow;
#[cfg(any(test, feature = "cli"))]
use super::lag::Cause;
use crate::tape::cassette::{Origin, general};
use crate::tape::names::Names;
use crate::tape::redact::Grade;
use crate::tape::words::{count, list};

/// How many calls were compared, and how many could not be, some of them because of the bytes that they depend on.
#[cfg(any(test, feature = "cli"))]
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    pub(crate) compared: usize,
    pub(crate) skipped: usize,
    pub(crate) outside: usize,
    /// The changes that had not arrived at a call.
    pub(crate) notes: Vec<String>,
}

#[cfg(any(test, feature = "cli"))]
impl Counts {
    /// Returns whether there is more to say than how many calls were followed.
    pub(crate) fn are_notable(&self) -> bool {
        self.outside > 0 || !self.notes.is_empty()
    }
}

#[cfg(any(test, feature = "cli"))]
impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { compared, skipped, outside, notes } = self;
        let compared = count(*compared, "call");
        write!(f, "the fake followed {compared}, and could not follow {skipped}")?;
        match outside {
            0 => {}
            1 => f.write_str(" (1 of them depends on bytes that no recorded answer returned)")?,
            _ => {
                write!(f, " ({outside} of them depend on bytes that no recorded answer returned)")?;
            }
        }
        if !notes.is_empty() {
            write!(f, "; {}", count(notes.len(), "note"))?;
        }
        notes.iter().try_for_each(|it| write!(f, "\n  {it}"))
    }
}

/// The number of differences that a report shows, unless it shows all.
const SHOWN: usize = 5;

/// A difference, with every call whose answer has it.
#[derive(Debug)]
pub(crate) struct Repeated<'a> {
    pub(crate) operation: &'a str,
    pub(crate) grade: Grade,
    /// The path, with `[]` for a list if several of its elements differ.
    pub(crate) path: String,
    /// The recorded value and the fake's, with names.
    pub(crate) values: (String, String),
    pub(crate) calls: Vec<usize>,
    pub(crate) callers: Vec<&'a str>,
}

#[cfg(any(test, feature = "cli"))]
impl Shadow {
    /// Returns how many calls were compared, how many could not be compared, and which were answered before a change had
    /// arrived.
    pub(crate) fn counts(&self, names: &Names) -> Counts {
        let (compared, skipped, outside) = (self.compared, self.skipped, self.outside);
        let notes = self.notes.iter().flat_map(|(at, lags)| {
            lags.iter().map(move |lag| match lag {
                Cause::Call(cause, operation) => {
                    format!("call {}: {operation} of call {} had not arrived", at + 1, cause + 1)
                }
                Cause::Principal(it) => {
                    format!("call {}: the principal {} had not arrived", at + 1, names.rename(it))
                }
                Cause::Other(grant, appears) => {
                    let what = if *appears { "made" } else { "ended" };
                    format!("call {}: a service had {what} {}", at + 1, names.rename(grant))
                }
            })
        });
        Counts { compared, skipped, outside, notes: notes.collect() }
    }
}

impl Shadow {
    /// Returns the differences that are not accepted, each once, in the order of their first calls.
    pub(crate) fn differences(&self, names: &Names) -> Vec<Repeated<'_>> {
        let mut found: Vec<Repeated<'_>> = Vec::new();
        let mut places = HashMap::new();
        for drift in &self.drifts {
            let it = &drift.difference;
            let values = names.tell_apart(it.first.as_ref(), it.second.as_ref());
            let path = general(&it.path);
            let key = (drift.operation.as_str(), it.grade.as_str(), path.clone(), values.clone());
            let place = *places.entry(key).or_insert(found.len());
            let Some(known) = found.get_mut(place) else {
                found.push(Repeated {
                    operation: &drift.operation,
                    grade: it.grade,
                    path: it.path.clone(),
                    values,
                    calls: vec![drift.call],
                    callers: vec![&drift.caller],
                });
                continue;
            };
            if known.path != it.path {
                known.path = path;
            }
            if known.calls.last() != Some(&drift.call) {
                known.calls.push(drift.call);
            }
            if !known.callers.contains(&drift.caller.as_str()) {
                known.callers.push(&drift.caller);
            }
        }
        found.sort_by(|one, other| one.calls.cmp(&other.calls));
        found
    }

    /// Returns every difference, field by field, or nothing; unless `all` are wanted, only the first ones. If the
    /// `whole` cassette was played, accepted differences that did not occur are findings as well.
    pub(crate) fn report(
        &self,
        names: &Names,
        origin: &Origin,
        whole: bool,
        all: bool,
    ) -> Option<String> {
        let mut text = String::new();
        let differences = self.differences(names);
        let shown = if all { differences.len() } else { SHOWN.min(differences.len()) };
        let mut last = None;
        for it in &differences[..shown] {
            let header = (it.operation, &it.calls);
            if last != Some(header) {
                let s = if it.calls.len() == 1 { "" } else { "s" };
                let _ = writeln!(
                    text,
                    "the fake disagrees with the recording at call{s} {}, {} by {}:",
                    list(&it.calls),
                    it.operation,
                    list(&it.callers)
                );
                last = Some(header);
            }
            line(&mut text, it, origin.label());
        }
        let left = differences.len() - shown;
        if left > 0 {
            let left = count(left, "more difference");
            let _ = writeln!(text, "and {left}, shown by `kms-fixture check --all FILE`");
        }
        if !differences.is_empty() {
            text += "help: if the recording is right, this is a bug of the fake; accept a harmless difference with a \
                     reason: `kms-fixture accept --because \"..\" FILE`\n";
        }
        if whole {
            for accepted in self.expired() {
                let _ = writeln!(
                    text,
                    "the accepted difference `{} {}` of {} no longer occurs ({}): drop it with \
                     `kms-fixture accept --prune FILE`",
                    accepted.grade, accepted.path, accepted.operation, accepted.reason
                );
            }
        }
        (!text.is_empty()).then_some(text)
    }
}

fn line(text: &mut String, it: &Repeated<'_>, label: &str) {
    let (first, second) = &it.values;
    let width = label.len().max("fake".len());
    let _ = writeln!(text, "  {} at {}", it.grade.as_str(), it.path);
    let _ = writeln!(text, "    {label:<width$}  {first}");
    let _ = writeln!(text, "    {:<width$}  {second}", "fake");
}
