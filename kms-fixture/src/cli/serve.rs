//! `kms-fixture serve`: one fake for clients in every language.

use std::path::PathBuf;

use super::{Listening, Verdict, end, log};
use crate::error::Error;
use crate::fixture::Fixture;
use crate::kms::ids::Ids;
use crate::scenario::Scenario;

#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// The scenario file: the initial keys, roles, users and grants. Default: one account and its `admin`.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// The seed of ids, tokens and credentials, which are equal for equal seeds. Default: a random number.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// Serves calls in any Region of the partition, each from a store of its own that is empty at first.
    #[arg(long)]
    region_any: bool,

    #[command(flatten)]
    listening: Listening,
}

impl Serve {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let scenario = scenario(self.scenario.as_ref())?;
        // A server that has something to say at its end must outlive the signal.
        let signals = if scenario.denies_leaks() || self.listening.log().is_on() {
            Some(end::Signals::listen("the fake was ended before its report")?)
        } else {
            None
        };
        let mut builder = Fixture::builder().scenario(scenario);
        if self.region_any {
            builder = builder.any_region();
        }
        let builder = builder.seed(self.seed.unwrap_or_else(Ids::drawn_seed)).serve();
        let kms = self.listening.listen(builder)?.start()?;
        let log = self.listening.announce(&kms, "serving a fake AWS KMS")?;
        let Some(signals) = signals else {
            end::wait_for_standard_input();
            return Ok(Verdict::Good);
        };
        signals.wait();
        log::end(log, &kms);
        match kms.verify() {
            Ok(()) => Ok(Verdict::Good),
            Err(error) => {
                eprintln!("error: {error}");
                Ok(Verdict::Findings)
            }
        }
    }
}

/// Reads the scenario from a file. Default: one account and its administrator.
pub(super) fn scenario(path: Option<&PathBuf>) -> Result<Scenario, Error> {
    path.map_or_else(|| Ok(Scenario::default()), Scenario::from_file)
}
