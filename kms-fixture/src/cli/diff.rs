//! `kms-fixture diff`: the calls in which two cassettes differ.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;

use super::compare::{CallDifference, Side, compare, declarations_differ};
use super::terminal::{self, Painted};
use super::{Verdict, announce, files};
use crate::error::{Error, in_one_line};
use crate::tape::cassette::pending;

#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    /// The first cassette.
    #[arg(value_name = "A")]
    first: PathBuf,

    /// The second cassette. Default: `A.new`, the recording for A.
    #[arg(value_name = "B")]
    second: Option<PathBuf>,

    /// The output format.
    #[arg(long, value_enum, default_value_t = As::Text)]
    format: As,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum As {
    /// Text for people.
    Text,
    /// JSON, with every difference field by field.
    Json,
}

impl Diff {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let (first_path, second_path) = self.paths()?;
        let (first, second) = (Side::load(&first_path)?, Side::load(&second_path)?);
        let declarations = declarations_differ(&first, &second);
        let calls = compare(&first, &second);
        match self.format {
            As::Text => {
                let names = short_names(&first_path, &second_path);
                if declarations {
                    announce::println("the declarations differ");
                }
                for it in &calls {
                    painted(it, &names.0, &names.1).print();
                }
            }
            As::Json => {
                let report = json!({
                    "first": first_path.to_string_lossy(),
                    "second": second_path.to_string_lossy(),
                    "declarations_differ": declarations,
                    "calls": calls,
                });
                let text = serde_json::to_string_pretty(&report).unwrap_or_default() + "\n";
                announce::print(&text)?;
            }
        }
        let is_same = !declarations && calls.is_empty();
        Ok(if is_same { Verdict::Good } else { Verdict::Findings })
    }

    /// Returns the paths of both cassettes.
    fn paths(&self) -> Result<(PathBuf, PathBuf), Error> {
        if let Some(second) = &self.second {
            return Ok((self.first.clone(), second.clone()));
        }
        let cassette = files::cassette_of(&self.first);
        let new = pending(&cassette);
        if cassette.is_file() && !new.is_file() {
            return Err(Error::new(format!("{} does not exist", new.display()))
                .help("record again, or name two cassettes"));
        }
        Ok((cassette, new))
    }
}

/// Returns the names of two files, or their paths if both have one name.
pub(super) fn short_names(first: &Path, second: &Path) -> (String, String) {
    let name = |it: &Path| it.file_name().map(|it| it.to_string_lossy().into_owned());
    match (name(first), name(second)) {
        (Some(one), Some(other)) if one != other => (one, other),
        _ => (first.display().to_string(), second.display().to_string()),
    }
}

/// Returns the lines for a call that differs.
pub(super) fn painted(it: &CallDifference, first: &str, second: &str) -> Painted {
    let mut painted = Painted::default();
    let call = format!("{} by {}", it.operation, it.caller);
    let place = |at: usize, name: &str| format!("call {at} of {name}");
    match (it.first, it.second) {
        (Some(one), Some(other)) => {
            let (one, other) = (place(one, first), place(other, second));
            let line = in_one_line(&format!("{one}, {other}: {call}"));
            painted.plain("  ").styled(terminal::STRONG, &line).end();
        }
        (Some(one), None) => {
            let line = in_one_line(&format!("- {}: {call}", place(one, first)));
            painted.styled(terminal::REMOVED, &line).end();
        }
        (None, other) => {
            let other = place(other.unwrap_or_default(), second);
            painted.styled(terminal::ADDED, &in_one_line(&format!("+ {other}: {call}"))).end();
        }
    }
    for field in &it.differences {
        let head = match field.part {
            "status" => "      status: ".to_owned(),
            part => format!("      {part} {} ({}): ", field.path, field.grade),
        };
        painted
            .plain(&in_one_line(&head))
            .styled(terminal::REMOVED, &in_one_line(&field.first))
            .plain(" -> ")
            .styled(terminal::ADDED, &in_one_line(&field.second))
            .end();
    }
    painted
}
