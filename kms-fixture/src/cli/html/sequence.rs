//! A sequence diagram as inline SVG: callers on the left, KMS on the right.

use maud::{Markup, html};

use super::super::check::Checked;
use super::calls::of_call;
use super::text;
use crate::fixture::{Call, Calls};
use crate::tape::words::count;

/// The most calls in a diagram; a longer one is not readable.
const MOST: usize = 200;
/// Lengths in pixels.
const GUTTER: usize = 92;
const BETWEEN: usize = 132;
const LAST: usize = 380;
const HEAD: usize = 44;
const CALL: usize = 58;
/// The longest texts, in characters.
const NAME: usize = 16;
const LABEL: usize = 46;

/// Draws the first calls.
pub(super) fn diagram(calls: &Calls, checked: &Checked, prefix: &str) -> Markup {
    let mut callers: Vec<&str> = Vec::new();
    for call in calls.iter().take(MOST) {
        if !callers.contains(&caller(call)) {
            callers.push(caller(call));
        }
    }
    let shown = calls.len().min(MOST);
    let x = |at: usize| GUTTER + at * BETWEEN;
    let kms = x(callers.len().saturating_sub(1)) + LAST;
    let (width, height) = (kms + 70, HEAD + shown * CALL + 24);
    let place = |call: &Call| x(callers.iter().position(|it| *it == caller(call)).unwrap_or(0));
    html! {
        div.diagram {
            svg viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img"
                aria-label=(format!("Sequence of {}; the list below has the same contents", count(shown, "call"))) {
                @for (at, name) in callers.iter().enumerate() { (lifeline(x(at), name, height)) }
                (lifeline(kms, "AWS KMS", height))
                @for (at, call) in calls.iter().take(MOST).enumerate() {
                    @let y = HEAD + at * CALL + 8;
                    @let differs = !of_call(checked, at + 1).is_empty();
                    a href=(format!("#{prefix}-{}", at + 1)) {
                        (of(call, at + 1, (place(call), kms, width), y, differs))
                    }
                }
            }
        }
        @if calls.len() > MOST {
            p.faint { "The diagram has the first " (MOST) " of " (calls.len()) " calls." }
        }
    }
}

fn caller(call: &Call) -> &str {
    call.caller().unwrap_or("not authenticated")
}

fn lifeline(x: usize, name: &str, height: usize) -> Markup {
    html! {
        line.life x1=(x) y1=(HEAD - 8) x2=(x) y2=(height - 12) {}
        rect.head x=(x.saturating_sub(60)) y="8" width="120" height="26" rx="6" {}
        text.name x=(x) y="26" text-anchor="middle" { (short(name, NAME)) title { (text(name)) } }
    }
}

/// Draws a call and its answer between two lifelines.
fn of(
    call: &Call,
    number: usize,
    (x, kms, width): (usize, usize, usize),
    y: usize,
    differs: bool,
) -> Markup {
    let label = format!("{} {}", call.operation(), call.target().unwrap_or_default());
    let (outcome, class) = match call.error_code() {
        None => ("✓ ok".to_owned(), "good"),
        Some(code) => (format!("✕ {code}"), "bad"),
    };
    let middle = usize::midpoint(kms.saturating_sub(LAST), kms);
    let (sent, answered) = (y + 20, y + 42);
    html! {
        rect class=(if differs { "row differs" } else { "row" }) x="2" y=(y) width=(width - 4) height=(CALL - 6) rx="4" {}
        text.index x="12" y=(sent) { (number) }
        @if differs { text.bad.flag x="12" y=(answered) { "≠ fake" } }
        line.arrow x1=(x) y1=(sent) x2=(kms - 2) y2=(sent) {}
        path.tip d=(format!("M{} {sent} l-8 -4 v8 z", kms - 1)) {}
        text.label x=(middle) y=(sent - 5) text-anchor="middle" { (short(&label, LABEL)) title { (text(&label)) } }
        line.reply.(class) x1=(kms) y1=(answered) x2=(x + 2) y2=(answered) {}
        path.(format!("tip {class}")) d=(format!("M{} {answered} l8 -4 v8 z", x + 1)) {}
        text.(format!("label {class}")) x=(middle) y=(answered - 5) text-anchor="middle" { (short(&outcome, LABEL)) }
    }
}

/// Returns the start of a text that is too long.
fn short(long: &str, most: usize) -> String {
    let long = text(long.trim());
    if long.chars().count() <= most {
        return long;
    }
    long.chars().take(most - 1).chain(['…']).collect()
}
