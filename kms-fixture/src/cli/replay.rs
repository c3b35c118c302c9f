//! `kms-fixture replay`: a cassette for clients in every language.

use std::path::PathBuf;

use super::{Listening, Verdict, end, log};
use crate::error::Error;
use crate::fixture::{Ending, Fixture, Kms};
use crate::kms::ids::Ids;
use crate::scenario::Scenario;
use crate::tape::cassette::{Cassette, OriginKind};

#[derive(Debug, clap::Args)]
pub(super) struct Replay {
    /// The cassette.
    #[arg(value_name = "FILE")]
    cassette: PathBuf,

    #[command(flatten)]
    listening: Listening,
}

impl Replay {
    /// Returns the replay of a cassette, for a command.
    pub(super) fn of(cassette: PathBuf) -> Self {
        Self { cassette, listening: Listening::quietly() }
    }

    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let kms = self.start()?;
        // Until here, a signal ends the process: there is nothing to undo.
        let signals = end::Signals::listen("the replay was ended before its report")?;
        let log = self.listening.announce(&kms, "replaying a cassette")?;
        signals.wait();
        log::end(log, &kms);
        self.end(&kms)
    }

    /// Starts the replay.
    pub(super) fn start(&self) -> Result<Kms, Error> {
        let cassette = Cassette::load(&self.cassette)?;
        let builder = Fixture::builder()
            .scenario(cassette.scenario)
            .seed(Ids::drawn_seed())
            .replay_for_other_clients(&self.cassette);
        self.listening.listen(builder)?.start()
    }

    /// Ends the replay and reports what differs.
    pub(super) fn end(&self, kms: &Kms) -> Result<Verdict, Error> {
        let again = self.again(&Cassette::load(&self.cassette)?);
        let end = kms.end(&Ending { is_complete: true, is_right: true, again: &again });
        if let Some(counts) = kms.followed() {
            eprintln!("{counts}");
        }
        match end {
            Ok(()) => Ok(Verdict::Good),
            Err(error) => {
                eprintln!("error: {error}");
                Ok(Verdict::Findings)
            }
        }
    }

    /// Returns the command that records again. A cassette contains neither the URL of the service nor the path of the
    /// scenario.
    fn again(&self, cassette: &Cassette) -> String {
        let mut again = format!("kms-fixture record --cassette {}", self.cassette.display());
        if matches!(cassette.origin.kind, OriginKind::Emulator | OriginKind::Fake) {
            again += " --upstream URL";
        }
        if cassette.scenario != Scenario::default() {
            again += " --scenario FILE";
        }
        again
    }
}
