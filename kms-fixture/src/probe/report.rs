//! The report of a run: a table, a summary, and a text for an issue.

use std::borrow::Cow;
use std::fmt::Write as _;

use comfy_table::presets::ASCII_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};

use super::answer::of_fake;
use super::experiment::Experiment;
use super::run::{Outcome, Verdict};
use crate::error::in_one_line;
use crate::tape::words::count;

/// The longest text of a service, in characters.
const LONGEST: usize = 1000;

/// Returns a table of this width in characters; a longer cell has several lines.
fn new_table(heads: [&str; 4], width: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(ASCII_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(heads);
    table
}

/// Returns the list of experiments: mark, question, the fake's answers.
pub(crate) fn list<'a>(experiments: impl Iterator<Item = &'a Experiment>, width: u16) -> String {
    let mut table = new_table(["guess", "question", "call", "the fake's answer"], width);
    for it in experiments {
        let question = match &it.disputed {
            Some(sources) => format!("{} In dispute: {sources}.", it.question),
            None => it.question.clone(),
        };
        let asked: Vec<_> = it.calls.iter().filter(|it| it.asks()).collect();
        if let Some(why_not) = &it.why_not {
            let why_not = format!("no experiment: {why_not}");
            table.add_row([&it.mark, &question, "", &why_not]);
        }
        for (at, step) in asked.into_iter().enumerate() {
            let (mark, question) = if at == 0 { (&*it.mark, &*question) } else { ("", "") };
            table.add_row([mark, question, &step.call, &of_fake(step)]);
        }
    }
    table.trim_fmt() + "\n"
}

/// Returns the table of a run: guess, call, fake, service. A guess that holds has one row.
pub(crate) fn table(outcomes: &[Outcome], service: &str, width: u16) -> String {
    let mut table = new_table(["guess", "call", "fake", service], width);
    for outcome in outcomes {
        let mark = outcome.mark.as_str();
        match &outcome.verdict {
            Verdict::NotRun(why) => {
                table.add_row([mark, "", "", &format!("not run: {why}")]);
            }
            Verdict::Agrees => {
                if let Some(row) = outcome.rows.last() {
                    table.add_row([mark, &row.operation, &row.fake, "agrees"]);
                }
            }
            Verdict::Differs => {
                for row in outcome.rows.iter().filter(|it| !it.agrees) {
                    table.add_row([mark, &row.operation, &row.fake, &*short(&row.service)]);
                }
            }
        }
    }
    table.trim_fmt() + "\n"
}

/// Returns a text of a service, cut if it is too long for a table.
fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", &text[..end]).into(),
        None => text.into(),
    }
}

/// Returns the numbers of a run in a sentence.
pub(crate) fn summary(outcomes: &[Outcome]) -> String {
    let number = |is: fn(&Verdict) -> bool| outcomes.iter().filter(|it| is(&it.verdict)).count();
    let agree = number(|it| *it == Verdict::Agrees);
    let differ = number(|it| *it == Verdict::Differs);
    let rest = outcomes.len() - agree - differ;
    let all = count(outcomes.len(), "experiment");
    format!("{all}: {agree} as the fake says, {differ} otherwise, {rest} not run")
}

/// Returns a text for an issue, without live values.
pub(crate) fn issue(outcomes: &[Outcome], service: &str) -> String {
    let cell = |text: &str| in_one_line(&short(text)).replace('|', "\\|");
    let mut text = format!(
        "# Guesses of kms-fixture {} beside {service}\n\n{}.\n",
        env!("CARGO_PKG_VERSION"),
        summary(outcomes)
    );
    let differing: Vec<_> = outcomes.iter().filter(|it| it.verdict == Verdict::Differs).collect();
    if !differing.is_empty() {
        text += "\n| guess | call | fake | service |\n|---|---|---|---|\n";
    }
    for outcome in &differing {
        for row in outcome.rows.iter().filter(|it| !it.agrees) {
            let (fake, service) = (cell(&row.fake), cell(&row.redacted));
            let _ =
                writeln!(text, "| `{}` | {} | {fake} | {service} |", outcome.mark, row.operation);
        }
    }
    let agreeing = outcomes.iter().filter(|it| it.verdict == Verdict::Agrees);
    let agreeing: Vec<_> = agreeing.map(|it| format!("`{}`", it.mark)).collect();
    if !agreeing.is_empty() {
        let _ = writeln!(text, "\nAs the fake: {}.", agreeing.join(", "));
    }
    let not_run: Vec<_> = outcomes
        .iter()
        .filter(|it| matches!(it.verdict, Verdict::NotRun(_)))
        .map(|it| format!("`{}`", it.mark))
        .collect();
    if !not_run.is_empty() {
        let _ = writeln!(text, "\nNot run: {}.", not_run.join(", "));
    }
    text += "\nLive values are replaced by pseudonyms, also words of texts that kms-fixture does not know (`text-1`). The \
             cassettes are attached.\n";
    text
}
