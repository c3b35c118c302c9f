//! `kms-fixture schema`: the JSON schemas, for editors and other programs.

use clap::ValueEnum;

use super::{Verdict, announce};
use crate::error::Error;

/// The schema of scenarios.
pub(super) const SCENARIO: &str = include_str!("../scenario/scenario.schema.json");
const CASSETTE: &str = include_str!("../tape/cassette/cassette.schema.json");

#[derive(Debug, clap::Args)]
pub(super) struct Schema {
    /// The files that the schema describes.
    #[arg(value_enum, value_name = "FILES")]
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Scenarios.
    Scenario,
    /// Cassettes.
    Cassette,
}

impl Schema {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        announce::print(match self.of {
            Of::Scenario => SCENARIO,
            Of::Cassette => CASSETTE,
        })?;
        Ok(Verdict::Good)
    }
}
