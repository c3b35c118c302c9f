//! `kms-fixture diff`: the calls in which two cassettes differ.

use std::path::PathBuf;

use serde_json::Value;

use super::announce::println;
use super::{Verdict, files};
use crate::error::{Error, in_one_line};
use crate::tape::cassette::{Cassette, Interaction, pending};
use crate::tape::names::Names;
use crate::tape::redact::{Difference, Redactor};
use crate::tape::replay::names;

#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    /// The first cassette.
    #[arg(value_name = "A")]
    first: PathBuf,

    /// The second cassette. Default: `A.new`, the recording for A.
    #[arg(value_name = "B")]
    second: Option<PathBuf>,
}

impl Diff {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let (first, second) = self.sides()?;
        let mut lines = Vec::new();
        let value = |it: &Side| serde_json::to_value(&it.cassette.scenario).unwrap_or_default();
        if value(&first) != value(&second) {
            lines.push("the declarations differ".to_owned());
        }
        for step in steps(&first.cassette.interactions, &second.cassette.interactions) {
            match step {
                Step::Both(one_at, one, other_at, other) => {
                    let differences = differences((&first, one), (&second, other));
                    if !differences.is_empty() {
                        let (one_at, other_at) = (first.call(one_at), second.call(other_at));
                        let call = format!("{} by {}", one.operation, one.caller);
                        lines.push(format!("  {one_at}, {other_at}: {call}"));
                        lines.extend(differences);
                    }
                }
                Step::First(at, call) => lines.push(first.only("-", at, call)),
                Step::Second(at, call) => lines.push(second.only("+", at, call)),
            }
        }
        for line in &lines {
            println(&in_one_line(line));
        }
        Ok(if lines.is_empty() { Verdict::Good } else { Verdict::Findings })
    }

    /// Reads both cassettes.
    fn sides(&self) -> Result<(Side, Side), Error> {
        let (first, second) = if let Some(second) = &self.second {
            (self.first.clone(), second.clone())
        } else {
            let cassette = files::cassette_of(&self.first);
            let new = pending(&cassette);
            if cassette.is_file() && !new.is_file() {
                return Err(Error::new(format!("{} does not exist", new.display()))
                    .help("record again, or name two cassettes"));
            }
            (cassette, new)
        };
        let name = |it: &PathBuf| it.file_name().map(|it| it.to_string_lossy().into_owned());
        let (one, other) = (name(&first), name(&second));
        let is_short = one != other;
        let side = |path: &PathBuf, name: Option<String>| -> Result<Side, Error> {
            let cassette = Cassette::load(path)?;
            let name = name.filter(|_| is_short).unwrap_or_else(|| path.display().to_string());
            Ok(Side { name, names: names(&cassette), cassette })
        };
        Ok((side(&first, one)?, side(&second, other)?))
    }
}

/// One of the two cassettes.
struct Side {
    /// The name of its file, or its path if both have one name.
    name: String,
    cassette: Cassette,
    /// Names for its contents.
    names: Names,
}

impl Side {
    /// Returns the number of a call, with the file.
    fn call(&self, at: usize) -> String {
        format!("call {} of {}", at + 1, self.name)
    }

    /// Returns the line for a call that only this side has.
    fn only(&self, mark: &str, at: usize, call: &Interaction) -> String {
        format!("{mark} {}: {} by {}", self.call(at), call.operation, call.caller)
    }

    /// Returns a value with names.
    fn named(&self, value: Option<&Value>) -> String {
        value.map_or_else(
            || "(nothing)".to_owned(),
            |it| self.names.rename_all(it.clone()).to_string(),
        )
    }
}

/// A step from one list of calls to another.
enum Step<'a> {
    Both(usize, &'a Interaction, usize, &'a Interaction),
    First(usize, &'a Interaction),
    Second(usize, &'a Interaction),
}

/// The largest table of pairs of calls. Recordings that would need a larger one are compared call by call.
const LARGEST_TABLE: usize = 25_000_000;

/// Pairs calls by their position.
fn in_order<'a>(first: &'a [Interaction], second: &'a [Interaction]) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for at in 0..first.len().max(second.len()) {
        match (first.get(at), second.get(at)) {
            (Some(one), Some(other))
                if one.caller == other.caller && one.operation == other.operation =>
            {
                steps.push(Step::Both(at, one, at, other));
            }
            (one, other) => {
                steps.extend(one.map(|it| Step::First(at, it)));
                steps.extend(other.map(|it| Step::Second(at, it)));
            }
        }
    }
    steps
}

/// Pairs the longest common sequence of calls with the same caller and operation, and prefers pairs with the same
/// input.
fn steps<'a>(first: &'a [Interaction], second: &'a [Interaction]) -> Vec<Step<'a>> {
    let same = |one: &Interaction, other: &Interaction| {
        let names = one.caller == other.caller && one.operation == other.operation;
        match (names, names && one.input() == other.input()) {
            (_, true) => 3,
            (true, false) => 2,
            (false, _) => 0,
        }
    };
    // The common head and tail need no table.
    let head = first.iter().zip(second).take_while(|(one, other)| same(one, other) == 3).count();
    let (rows, columns) = (&first[head..], &second[head..]);
    let tail = rows
        .iter()
        .rev()
        .zip(columns.iter().rev())
        .take_while(|(one, other)| same(one, other) == 3)
        .count();
    let (rows, columns) = (&rows[..rows.len() - tail], &columns[..columns.len() - tail]);
    if rows.len().saturating_mul(columns.len()) > LARGEST_TABLE {
        return in_order(first, second);
    }
    let mut best = vec![vec![0_u32; columns.len() + 1]; rows.len() + 1];
    for (i, one) in rows.iter().enumerate().rev() {
        for (j, other) in columns.iter().enumerate().rev() {
            let paired = match same(one, other) {
                0 => 0,
                worth => best[i + 1][j + 1] + worth,
            };
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let mut steps: Vec<_> =
        (0..head).map(|at| Step::Both(at, &first[at], at, &second[at])).collect();
    let (mut i, mut j) = (0, 0);
    while i < rows.len() || j < columns.len() {
        let pair = match (rows.get(i), columns.get(j)) {
            (Some(one), Some(other)) => {
                let worth = same(one, other);
                (worth > 0 && best[i][j] == best[i + 1][j + 1] + worth).then_some((one, other))
            }
            _ => None,
        };
        if let Some((one, other)) = pair {
            steps.push(Step::Both(head + i, one, head + j, other));
            (i, j) = (i + 1, j + 1);
        } else if i < rows.len() && (j == columns.len() || best[i + 1][j] >= best[i][j + 1]) {
            steps.push(Step::First(head + i, &rows[i]));
            i += 1;
        } else {
            steps.push(Step::Second(head + j, &columns[j]));
            j += 1;
        }
    }
    let (from, to) = (first.len() - tail, second.len() - tail);
    steps.extend(
        (0..tail).map(|at| Step::Both(from + at, &first[from + at], to + at, &second[to + at])),
    );
    steps
}

/// Formats the differences between two calls of one operation.
fn differences(
    (first, one): (&Side, &Interaction),
    (second, other): (&Side, &Interaction),
) -> Vec<String> {
    let mut lines = Vec::new();
    if one.status != other.status {
        lines.push(format!("      status: {} -> {}", one.status, other.status));
    }
    let line = |part: &str, it: &Difference| {
        let mut values = (first.named(it.first.as_ref()), second.named(it.second.as_ref()));
        // Two identifiers may have one name.
        if let (Some(one), Some(other), true) = (&it.first, &it.second, values.0 == values.1) {
            values = (one.to_string(), other.to_string());
        }
        let grade = it.grade.as_str();
        format!("      {part} {} ({grade}): {} -> {}", it.path, values.0, values.1)
    };
    lines.extend(Redactor::compare(one.input(), other.input()).iter().map(|it| line("input", it)));
    lines.extend(
        Redactor::compare(one.output(), other.output()).iter().map(|it| line("output", it)),
    );
    lines
}
