//! `kms-fixture show`: a cassette for people and for other programs.

use std::path::PathBuf;

use clap::ValueEnum;

use super::check::Checked;
use super::terminal::{self, Painted};
use super::{Verdict, announce, calls_table, har, html, mermaid};
use crate::error::Error;
use crate::fixture::Calls;
use crate::tape::cassette::Cassette;

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The cassette.
    #[arg(value_name = "FILE")]
    cassette: PathBuf,

    /// The output format.
    #[arg(long, value_enum, default_value_t = As::Table)]
    format: As,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum As {
    /// One line for each call, with names in place of pseudonyms.
    Table,
    /// The calls as JSON, with names in place of pseudonyms.
    Json,
    /// A sequence diagram for Mermaid.
    Mermaid,
    /// An HTTP archive, with pseudonyms.
    Har,
    /// One page with a diagram, the calls and the differences from the fake, for a browser.
    Html,
}

impl Show {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let cassette = Cassette::load(&self.cassette)?;
        let calls = Calls::of_cassette(&cassette);
        let text = match self.format {
            As::Table => {
                self.table(&cassette, &calls);
                return Ok(Verdict::Good);
            }
            As::Json => serde_json::to_string_pretty(&calls).unwrap_or_default() + "\n",
            As::Mermaid => mermaid::diagram(&calls),
            As::Har => har::archive(&cassette),
            As::Html => html::of_cassette(&Checked::of(&self.cassette, cassette)),
        };
        announce::print(&text)?;
        Ok(Verdict::Good)
    }

    fn table(&self, cassette: &Cassette, calls: &Calls) {
        let mut painted = Painted::default();
        painted.styled(terminal::STRONG, &self.cassette.display().to_string()).end();
        let origin = format!(
            "{}, recorded {} by {}",
            cassette.origin,
            cassette.recorded_text(),
            cassette.recorder()
        );
        painted.plain(&origin).end().end().add(&calls_table::all(calls)).print();
    }
}
