//! `kms-fixture show`: a cassette for people and for other programs.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{Verdict, announce, har, mermaid};
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
}

impl Show {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let cassette = Cassette::load(&self.cassette)?;
        let calls = Calls::of_cassette(&cassette);
        let text = match self.format {
            As::Table => format!(
                "{}\n{}, recorded {} by {}\n\n{calls}",
                self.cassette.display(),
                cassette.origin,
                cassette.recorded_text(),
                cassette.recorder()
            ),
            As::Json => serde_json::to_string_pretty(&calls).unwrap_or_default() + "\n",
            As::Mermaid => mermaid::diagram(&calls),
            As::Har => har::archive(&cassette),
        };
        announce::print(&text)?;
        Ok(Verdict::Good)
    }
}
