//! The report of a fake that disagrees with a cassette.

use std::fmt::Write as _;

use super::{Drift, Shadow};
use crate::tape::cassette::{Origin, OriginKind};
use crate::tape::names::Names;

/// How many calls were compared, and how many could not be, some of them because of the bytes that they depend on.
#[cfg(any(test, feature = "cli"))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) compared: usize,
    pub(crate) skipped: usize,
    pub(crate) outside: usize,
}

#[cfg(any(test, feature = "cli"))]
impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { compared, skipped, outside } = self;
        write!(f, "the fake followed {compared} calls, and could not follow {skipped}")?;
        match outside {
            0 => Ok(()),
            _ => write!(f, " ({outside} of them depend on bytes that no recorded answer returned)"),
        }
    }
}

impl Shadow {
    /// Returns every difference, field by field, or nothing. If the `whole` cassette was played, accepted differences
    /// that did not occur are findings as well.
    pub(crate) fn report(&self, names: &Names, origin: &Origin, whole: bool) -> Option<String> {
        let mut text = String::new();
        let mut last = None;
        for drift in &self.drifts {
            if last != Some(drift.call) {
                let _ = writeln!(
                    text,
                    "the fake disagrees with the recording at call {}, {} by {}:",
                    drift.call, drift.operation, drift.caller
                );
                last = Some(drift.call);
            }
            line(&mut text, drift, names);
        }
        if !self.drifts.is_empty() {
            if origin.kind != OriginKind::Aws {
                let _ = writeln!(text, "  (`aws` is the cassette's value; its origin is {origin})");
            }
            text += "help: if the recording is right, this is a bug of the fake; accept a harmless difference with a \
                     reason: `kms-fixture accept --because \"..\" FILE`\n";
        }
        if whole {
            for accepted in self.expired() {
                let _ = writeln!(
                    text,
                    "the accepted difference `{} {}` of {} no longer occurs: delete it from the cassette ({})",
                    accepted.grade, accepted.path, accepted.operation, accepted.reason
                );
            }
        }
        (!text.is_empty()).then_some(text)
    }
}

fn line(text: &mut String, drift: &Drift, names: &Names) {
    let difference = &drift.difference;
    let (first, second) = names.tell_apart(difference.first.as_ref(), difference.second.as_ref());
    let _ = writeln!(text, "  {} at {}", difference.grade.as_str(), difference.path);
    let _ = writeln!(text, "    aws   {first}");
    let _ = writeln!(text, "    fake  {second}");
}
