//! The items of a review as text: one line for the list, and the whole context for a decision.

use super::super::accept::contents;
use super::super::differences::summary;
use super::super::findings::FieldDifference;
use super::super::terminal::{self, Painted};
use super::super::{calls_table, diff, inline};
use super::item::{Item, Matter, Recording};
use crate::error::in_one_line;
use crate::tape::cassette::general;
use crate::tape::words::{count, list};

/// The most lines of changes that are shown without `d`.
const LINES: usize = 12;
/// The most differences of one kind that are shown without `d`.
const DIFFERENCES: usize = 3;
/// The most characters of an input that are shown without `d`.
const INPUT: usize = 200;
/// The calls that are shown before and after one.
const AROUND: usize = 2;

/// Returns the line for the list.
pub(super) fn line(item: &Item) -> Painted {
    let mut painted = Painted::default();
    painted.styled(terminal::STRONG, &item.shown().display().to_string()).plain(": ");
    match &item.matter {
        Matter::Recording(it) => {
            let contents = contents(&item.file.cassette, it.findings.differences.len());
            painted.plain(&in_one_line(&format!("a recording of {contents}")));
        }
        Matter::Difference(kind) => {
            painted.plain(&in_one_line(&head(kind)));
            if let Some(it) = kind.first() {
                painted.plain(": ");
                value(&mut painted, item.file.cassette.origin.label(), &it.recorded);
                painted.plain(", ");
                value(&mut painted, "fake", &it.fake);
            }
        }
        Matter::Expired(it) => {
            painted
                .plain(&in_one_line(&format!("{} is accepted, and no longer occurs", summary(it))));
        }
    }
    painted.end();
    painted
}

/// Adds a value with its label.
fn value(painted: &mut Painted, label: &str, value: &str) {
    let style = if label == "fake" { terminal::FAKE } else { terminal::RECORDED };
    painted.styled(style, &in_one_line(&format!("{label} {value}")));
}

/// Returns the kind of differences, and their calls.
fn head(kind: &[FieldDifference]) -> String {
    let Some(first) = kind.first() else {
        return String::new();
    };
    let path = if kind.len() == 1 { first.path.clone() } else { general(&first.path) };
    let calls = calls(kind);
    let s = if calls.len() == 1 { "" } else { "s" };
    format!("{} at {path} of {}, call{s} {}", first.grade, first.operation, list(&calls))
}

/// Returns the calls of differences.
fn calls(kind: &[FieldDifference]) -> Vec<usize> {
    let mut calls: Vec<_> = kind.iter().flat_map(|it| it.calls.iter().copied()).collect();
    calls.sort_unstable();
    calls.dedup();
    calls
}

/// Returns an item with its context.
pub(super) fn whole(item: &Item, left: usize) -> Painted {
    let mut painted = Painted::default();
    let what = match item.matter {
        Matter::Recording(_) => "a recording",
        Matter::Difference(_) => "a difference from the fake",
        Matter::Expired(_) => "an accepted difference that no longer occurs",
    };
    let more = if left == 0 { "the last one".to_owned() } else { format!("{left} more") };
    painted
        .end()
        .styled(terminal::FAINT, "── ")
        .styled(terminal::STRONG, &item.shown().display().to_string())
        .styled(terminal::FAINT, &format!(" ── {what}, {more} ──"))
        .end();
    let cassette = &item.file.cassette;
    let origin = format!("{}, recorded {}", cassette.origin, cassette.recorded_text());
    painted.styled(terminal::FAINT, &in_one_line(&origin)).end().end();
    match &item.matter {
        Matter::Recording(it) => recording(&mut painted, item, it),
        Matter::Difference(kind) => difference(&mut painted, item, kind),
        Matter::Expired(it) => {
            painted.plain(&summary(it)).end().plain("reason: ").plain(&in_one_line(&it.reason));
            painted.end();
        }
    }
    painted
}

fn recording(painted: &mut Painted, item: &Item, it: &Recording) {
    let cassette = &item.file.cassette;
    painted.plain(&contents(cassette, it.findings.differences.len())).end();
    for finding in it.findings.bad.iter().chain(&it.findings.other) {
        painted.styled(terminal::BAD, finding.kind.as_str()).plain(": ").plain(&finding.message);
        painted.end();
    }
    if it.declarations_differ {
        painted.plain("the declarations differ from the cassette's").end();
    }
    painted.end();
    match &it.changes {
        None => {
            painted.plain("The first recording:").end();
            let shown = cassette.interactions.len().min(LINES);
            painted.add(&calls_table::some(&item.file.calls, 1..=shown, &[]));
            rest(painted, cassette.interactions.len() - shown, "call");
        }
        Some(changes) if changes.is_empty() => {
            painted.plain("No call differs from the cassette's.").end();
        }
        Some(changes) => {
            let s = if changes.len() == 1 { "s" } else { "" };
            let calls = count(changes.len(), "call");
            painted.plain(&format!("{calls} differ{s} from the cassette's:")).end();
            let (first, second) = diff::short_names(&item.cassette, &item.shown());
            for change in changes.iter().take(LINES) {
                painted.add(&diff::painted(change, &first, &second));
            }
            rest(painted, changes.len().saturating_sub(LINES), "call");
        }
    }
    if let Some(report) = &it.findings.drift {
        painted.end().add(&terminal::paint_report(report, cassette.origin.label()));
    }
}

fn rest(painted: &mut Painted, left: usize, noun: &str) {
    if left > 0 {
        let line = format!("and {}: press d", count(left, &format!("more {noun}")));
        painted.styled(terminal::FAINT, &line).end();
    }
}

fn difference(painted: &mut Painted, item: &Item, kind: &[FieldDifference]) {
    painted.styled(terminal::STRONG, &in_one_line(&head(kind))).end();
    for it in kind.iter().take(DIFFERENCES) {
        if kind.len() > 1 {
            painted.plain(&in_one_line(&format!("  {}", it.path))).end();
        }
        field(painted, item.file.cassette.origin.label(), it);
    }
    rest(painted, kind.len().saturating_sub(DIFFERENCES), "difference");
    let calls = calls(kind);
    let first = calls.first().copied().unwrap_or(1);
    if let Some(call) = first.checked_sub(1).and_then(|at| item.file.calls.get(at)) {
        let input = console::truncate_str(&call.input().to_string(), INPUT, "..").into_owned();
        painted
            .styled(terminal::FAINT, &in_one_line(&format!("    input of call {first}: {input}")));
        painted.end();
    }
    painted.end();
    let around = first.saturating_sub(AROUND).max(1)..=first + AROUND;
    painted.add(&calls_table::some(&item.file.calls, around, &calls));
}

/// Adds the recorded value above the fake's, with the parts that differ underlined.
fn field(painted: &mut Painted, label: &str, it: &FieldDifference) {
    let (recorded, fake) = inline::parts(&it.recorded, &it.fake);
    let width = label.len().max("fake".len());
    let sides = [(label, terminal::RECORDED, recorded), ("fake", terminal::FAKE, fake)];
    for (label, style, parts) in sides {
        painted.styled(style, &format!("    {label:<width$}  "));
        for (differs, part) in parts {
            let style = if differs { style.underline() } else { style };
            painted.styled(style, &in_one_line(&part));
        }
        painted.end();
    }
}

/// Returns the details of an item.
pub(super) fn details(item: &Item) -> Painted {
    let mut painted = Painted::default();
    let calls = &item.file.calls;
    match &item.matter {
        Matter::Recording(it) => {
            painted.add(&calls_table::some(calls, 1..=calls.len(), &[]));
            let (first, second) = diff::short_names(&item.cassette, &item.shown());
            for change in it.changes.iter().flatten() {
                painted.add(&diff::painted(change, &first, &second));
            }
        }
        Matter::Difference(kind) => {
            for it in kind {
                painted.plain(&in_one_line(&format!("  {}", it.path))).end();
                field(&mut painted, item.file.cassette.origin.label(), it);
            }
            let numbers = self::calls(kind);
            let call = numbers.first().and_then(|it| calls.get(it.checked_sub(1)?));
            if let Some(call) = call {
                let pretty = |it| serde_json::to_string_pretty(it).unwrap_or_default();
                painted.styled(terminal::STRONG, "input").end().plain(&pretty(call.input())).end();
                painted.styled(terminal::STRONG, "output").end();
                painted.plain(call.error_message().unwrap_or(&pretty(call.output()))).end();
            }
        }
        Matter::Expired(_) => {
            painted.add(&calls_table::some(calls, 1..=calls.len(), &[]));
        }
    }
    painted
}
