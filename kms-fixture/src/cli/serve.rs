//! `kms-fixture serve`: one fake for clients in every language.

use std::path::PathBuf;

use super::{Listening, Verdict, callers, end, log, profiles};
use crate::error::Error;
use crate::fixture::{Fixture, Kms};
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

    /// Writes an AWS config file with a profile for each caller, so that `AWS_CONFIG_FILE=FILE aws --profile worker kms
    /// list-keys` calls as `worker`.
    #[arg(long, value_name = "FILE")]
    profiles: Option<PathBuf>,

    #[command(flatten)]
    listening: Listening,
}

impl Serve {
    /// Returns a server of a scenario, for a command.
    pub(super) fn of(scenario: Option<PathBuf>, seed: Option<u64>) -> Self {
        let listening = Listening::quietly();
        Self { scenario, seed, region_any: false, profiles: None, listening }
    }

    pub(super) fn run(&self) -> Result<Verdict, Error> {
        // A server that has something to say at its end must outlive the signal.
        let scenario = scenario(self.scenario.as_ref())?;
        let signals = if scenario.is_checked_at_the_end() || self.listening.log().is_on() {
            Some(end::Signals::listen("the fake was ended before its report")?)
        } else {
            None
        };
        let kms = self.start()?;
        if let Some(path) = &self.profiles {
            profiles::write(path, &callers(&kms))?;
        }
        let log = self.listening.announce(&kms, "serving a fake AWS KMS")?;
        let Some(signals) = signals else {
            end::wait_for_standard_input();
            return Ok(Verdict::Good);
        };
        signals.wait();
        log::end(log, &kms);
        Ok(self.end(&kms))
    }

    /// Starts the fake.
    pub(super) fn start(&self) -> Result<Kms, Error> {
        let mut builder = Fixture::builder().scenario(scenario(self.scenario.as_ref())?);
        if self.region_any {
            builder = builder.any_region();
        }
        let builder = builder.seed(self.seed.unwrap_or_else(Ids::drawn_seed)).serve();
        self.listening.listen(builder)?.start()
    }

    /// Reports the findings of the fake.
    #[allow(clippy::unused_self)] // as the other kinds of servers
    pub(super) fn end(&self, kms: &Kms) -> Verdict {
        match kms.verify() {
            Ok(()) => Verdict::Good,
            Err(error) => {
                eprintln!("error: {error}");
                Verdict::Findings
            }
        }
    }
}

/// Reads the scenario from a file. Default: one account and its administrator.
pub(super) fn scenario(path: Option<&PathBuf>) -> Result<Scenario, Error> {
    path.map_or_else(|| Ok(Scenario::default()), Scenario::from_file)
}
