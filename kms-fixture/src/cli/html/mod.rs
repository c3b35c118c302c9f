//! One self-contained page for a browser: no script, nothing from elsewhere, light and dark, printable.
//!
//! `maud` escapes every text.

mod calls;
mod sequence;

use std::path::Path;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::check::Checked;
use super::findings::Kind;
use crate::error::printable;
use crate::fixture::Calls;
use crate::tape::cassette::Cassette;
use crate::tape::words::count;

const STYLE: &str = include_str!("style.css");

/// Formats the page of one cassette.
pub(super) fn of_cassette(checked: &Checked) -> String {
    let name = name(&checked.path);
    let body = html! {
        header {
            h1 { (text(&name)) }
            @if let Some(cassette) = &checked.cassette { (facts(cassette)) }
            (badges(checked))
        }
        (contents(checked, "call"))
    };
    page(&name, &body)
}

/// Formats the page of a check.
pub(super) fn of_check(all: &[Checked], summary: &str) -> String {
    // Findings come first.
    let mut sorted: Vec<_> = all.iter().enumerate().collect();
    sorted.sort_by_key(|(_, it)| it.findings.is_empty());
    let body = html! {
        header {
            h1 { "Check of cassettes" }
            p.lead { (text(summary)) }
        }
        table.files {
            thead { tr { th { "File" } th { "Origin" } th { "Calls" } th { "Findings" } } }
            tbody {
                @for (at, it) in all.iter().enumerate() {
                    tr {
                        td { a href=(format!("#file-{at}")) { (text(&it.path.to_string_lossy())) } }
                        td { @if let Some(it) = &it.cassette { (text(&it.origin.to_string())) } }
                        td.number { @if let Some(it) = &it.cassette { (it.interactions.len()) } }
                        td {
                            @if it.findings.is_empty() { span.good { "none" } }
                            @for finding in &it.findings {
                                span.badge.bad { (finding.kind.as_str()) } " "
                            }
                        }
                    }
                }
            }
        }
        @for (at, it) in sorted {
            details.file id=(format!("file-{at}")) open[!it.findings.is_empty()] {
                summary {
                    h2 { (text(&it.path.to_string_lossy())) }
                    (badges(it))
                }
                @if let Some(cassette) = &it.cassette { (facts(cassette)) }
                (contents(it, &format!("file-{at}-call")))
            }
        }
    };
    page("Check of cassettes", &body)
}

/// Formats a whole page.
fn page(title: &str, body: &Markup) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="color-scheme" content="light dark";
                title { (text(title)) " · kms-fixture" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main { (body) }
                footer { "Made by kms-fixture " (env!("CARGO_PKG_VERSION")) ". Identifiers are pseudonyms or declared names." }
            }
        }
    };
    markup.into_string() + "\n"
}

/// Returns a text without control characters.
fn text(text: &str) -> String {
    printable(text).into_owned()
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
}

/// Formats the header of a cassette.
fn facts(cassette: &Cassette) -> Markup {
    let scenario = &cassette.scenario;
    html! {
        dl.facts {
            div { dt { "Origin" } dd { (text(&cassette.origin.to_string())) } }
            div { dt { "Recorded" } dd { (text(cassette.recorded_text())) } }
            div { dt { "By" } dd { (text(cassette.recorder())) } }
            @if let Some(test) = &cassette.test { div { dt { "Test" } dd { code { (text(test)) } } } }
            div { dt { "Region" } dd { (text(scenario.region())) } }
        }
    }
}

/// Formats the numbers of calls, differences and findings.
fn badges(checked: &Checked) -> Markup {
    let differences = checked.differences.len();
    let findings = checked.findings.iter().filter(|it| it.kind != Kind::Drift).count();
    html! {
        p.badges {
            @if let Some(cassette) = &checked.cassette {
                span.badge { (count(cassette.interactions.len(), "call")) }
                @if differences == 0 {
                    span.badge.good { "✓ as the fake answers" }
                } @else {
                    span.badge.bad { "≠ " (count(differences, "difference")) " from the fake" }
                }
            }
            @if findings > 0 { span.badge.bad { "! " (count(findings, "finding")) } }
        }
    }
}

/// Formats findings, diagram, calls and declarations; `prefix` begins the ids of the calls.
fn contents(checked: &Checked, prefix: &str) -> Markup {
    let listed = checked.findings.iter().filter(|it| it.kind != Kind::Drift);
    let listed: Vec<_> = listed.collect();
    html! {
        @if !listed.is_empty() {
            section {
                h3 { "Findings" }
                ul.findings {
                    @for it in &listed {
                        li { span.badge.bad { (it.kind.as_str()) } " " (text(&it.message)) }
                    }
                }
            }
        }
        @if !checked.expired.is_empty() {
            section {
                h3 { "Accepted differences that no longer occur" }
                ul.findings {
                    @for it in &checked.expired {
                        li {
                            code { (text(&it.grade)) " " (text(&it.path)) } " of " (text(&it.operation)) ": "
                            (text(&it.reason))
                        }
                    }
                }
            }
        }
        @if let Some(cassette) = &checked.cassette {
            (of_calls(checked, cassette, prefix))
        }
    }
}

fn of_calls(checked: &Checked, cassette: &Cassette, prefix: &str) -> Markup {
    let calls = Calls::of_cassette(cassette);
    let scenario = serde_json::to_string_pretty(&cassette.scenario).unwrap_or_default();
    html! {
        @if calls.is_empty() {
            p { "No calls." }
        } @else {
            section { h3 { "Sequence" } (sequence::diagram(&calls, checked, prefix)) }
            section { h3 { "Calls" } (calls::list(&calls, checked, prefix)) }
        }
        @if let Some(note) = &checked.note {
            section { h3 { "Notes" } pre { (text(note)) } }
        }
        @if !cassette.accepted.is_empty() {
            section {
                h3 { "Accepted differences" }
                table {
                    thead { tr { th { "Operation" } th { "Difference" } th { "Reason" } } }
                    tbody {
                        @for it in &cassette.accepted {
                            tr {
                                td { (text(&it.operation)) }
                                td { code { (text(&it.grade)) " " (text(&it.path)) } }
                                td { (text(&it.reason)) }
                            }
                        }
                    }
                }
            }
        }
        section {
            details { summary { "Declarations" } pre { (text(&scenario)) } }
        }
    }
}
