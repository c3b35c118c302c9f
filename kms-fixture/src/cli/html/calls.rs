//! The calls, with inputs and outputs folded, and the fields in which the fake differs.

use maud::{Markup, html};
use serde_json::Value;

use super::super::check::Checked;
use super::super::findings::FieldDifference;
use super::super::inline;
use super::text;
use crate::fixture::{Call, Calls};

/// Formats all calls; a call with differences is open.
pub(super) fn list(calls: &Calls, checked: &Checked, prefix: &str) -> Markup {
    html! {
        ol.calls {
            @for (at, call) in calls.iter().enumerate() {
                @let number = at + 1;
                @let differences = of_call(checked, number);
                li id=(format!("{prefix}-{number}")) {
                    details open[!differences.is_empty()] {
                        summary { (line(call, number, !differences.is_empty())) }
                        @if !differences.is_empty() { (table(&differences, checked.label())) }
                        (value("Input", call.input()))
                        @if let Some(message) = call.error_message() {
                            p.message { strong { "Message: " } (text(message)) }
                        }
                        @if !call.output().is_null() { (value("Output", call.output())) }
                    }
                }
            }
        }
    }
}

/// Returns the differences at a call.
pub(super) fn of_call(checked: &Checked, number: usize) -> Vec<&FieldDifference> {
    checked.differences.iter().filter(|it| it.calls.contains(&number)).collect()
}

fn line(call: &Call, number: usize, differs: bool) -> Markup {
    html! {
        span.number { (number) }
        span.caller { (text(call.caller().unwrap_or("-"))) }
        span.operation { (text(call.operation())) }
        span.on { (text(call.target().unwrap_or("-"))) }
        @match call.error_code() {
            None => span.good { "✓ ok" },
            Some(code) => span.bad { "✕ " (text(code)) },
        }
        @if differs { span.badge.bad { "≠ fake" } }
    }
}

fn table(differences: &[&FieldDifference], label: &str) -> Markup {
    html! {
        table.differences {
            thead { tr { th { "Field" } th.recorded { (text(label)) } th.fake { "fake" } } }
            tbody {
                @for it in differences {
                    @let (recorded, fake) = inline::parts(&it.recorded, &it.fake);
                    tr {
                        td { code { (text(&it.path)) } br; span.faint { (it.grade) } }
                        td.recorded { (marked(&recorded)) }
                        td.fake { (marked(&fake)) }
                    }
                }
            }
        }
    }
}

/// Formats a value, and marks the parts that differ.
fn marked(parts: &[inline::Part]) -> Markup {
    html! {
        code {
            @for (differs, part) in parts {
                @if *differs { mark { (text(part)) } } @else { (text(part)) }
            }
        }
    }
}

fn value(name: &str, value: &Value) -> Markup {
    let shown = serde_json::to_string_pretty(value).unwrap_or_default();
    html! {
        div.value { h4 { (name) } pre { (text(&shown)) } }
    }
}
