//! `kms-fixture record`: a recorder for clients in every language.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::serve::scenario;
use super::{Listening, Verdict, end, log};
use crate::error::Error;
use crate::fixture::{Ending, Fixture, Kms, RecordRequest, recover};
use crate::kms::ids::Ids;
use crate::tape::record::Stop;
use crate::tape::words::count;

/// The last words of a recording that a second signal ends.
const LAST_WORDS: &str =
    "the recording was ended before its grants were cleaned up: run it with `--recover`";

/// The environment variables of a recording.
const ENVIRONMENT: &str = "\
Environment:
  KMS_FIXTURE_ACCOUNT           the only account that may be recorded
  KMS_FIXTURE_UPSTREAM          the live service, in place of AWS
  KMS_FIXTURE_KEY_<NAME>        the live key for the declared key of this name
  KMS_FIXTURE_PRINCIPAL_<NAME>  the live principal for the declared principal of this name
  KMS_FIXTURE_ORIGIN            the origin in the cassette's header
  KMS_FIXTURE_CONFIG            the settings, in place of the nearest `kms-fixture.toml`
  KMS_FIXTURE_ALLOW_CI_RECORD   with 1: records although CI is set
  AWS_CA_BUNDLE                 certificates to trust in addition to the system's
  AWS_PROFILE and others        the live credentials, by AWS's default chain";

#[derive(Debug, clap::Args)]
#[command(after_help = ENVIRONMENT)]
pub(super) struct Record {
    /// The cassette; the recording is written next to it, as FILE.new.
    #[arg(long, value_name = "FILE")]
    cassette: PathBuf,

    /// The live service: `https://kms.<region>.amazonaws.com`, or an emulator. Default: the settings, then AWS in the
    /// scenario's Region.
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,

    /// The scenario file, which names the clients' keys, roles, users and grants. Without it, names are `key-1`,
    /// `grant-1` and so on, and `admin` is the only caller.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// The origin in the cassette's header: `emulator: moto 5.1.22`, `fake`, `documentation: API reference`.
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,

    /// Lets clients retire and revoke grants that this recording did not create. Never allowed on AWS.
    #[arg(long)]
    allow_foreign_grants: bool,

    /// Ends the grants that a killed recording of this cassette has left, and records nothing.
    #[arg(long, conflicts_with_all = ["origin", "allow_foreign_grants"])]
    recover: bool,

    #[command(flatten)]
    listening: Listening,
}

impl Record {
    /// Returns the recording of a cassette, for a command.
    pub(super) fn of(
        cassette: PathBuf,
        upstream: Option<String>,
        scenario: Option<PathBuf>,
    ) -> Self {
        Self {
            cassette,
            upstream,
            scenario,
            origin: None,
            allow_foreign_grants: false,
            recover: false,
            listening: Listening::quietly(),
        }
    }

    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let signals = end::Signals::listen(LAST_WORDS)?;
        if self.recover {
            return self.recover(&self.request(signals.stop()));
        }
        let kms = self.start_unless(signals.stop())?;
        let log = self.listening.announce(&kms, "recording")?;
        signals.wait();
        log::end(log, &kms);
        Ok(self.report(&kms))
    }

    /// Starts the recording.
    pub(super) fn start(&self) -> Result<Kms, Error> {
        self.start_unless(Stop::default())
    }

    /// Ends the recording, whose clean-up a second signal ends.
    pub(super) fn end(&self, kms: &Kms) -> Result<Verdict, Error> {
        let _signals = end::Signals::interrupts(LAST_WORDS)?;
        Ok(self.report(kms))
    }

    fn request(&self, stop: Stop) -> RecordRequest {
        let folder = std::path::absolute(&self.cassette).ok();
        let folder = folder.and_then(|it| it.parent().map(PathBuf::from));
        RecordRequest {
            path: self.cassette.clone(),
            folder: folder.unwrap_or_default(),
            upstream: self.upstream.clone(),
            origin: self.origin.clone(),
            foreign_grants: self.allow_foreign_grants,
            stop,
            ..RecordRequest::default()
        }
    }

    /// Starts the recording, unless `stop` does not let it.
    fn start_unless(&self, stop: Stop) -> Result<Kms, Error> {
        let builder = Fixture::builder()
            .scenario(scenario(self.scenario.as_ref())?)
            .seed(Ids::drawn_seed())
            .record_as(self.request(stop));
        self.listening.listen(builder)?.start()
    }

    /// Ends the recording and reports it.
    fn report(&self, kms: &Kms) -> Verdict {
        let end = kms.end(&Ending { is_complete: false, is_right: false, again: "" });
        // Without a scenario, no principal is declared.
        let misnamed = if self.scenario.is_some() { kms.misnamed() } else { Vec::new() };
        for note in misnamed {
            eprintln!("note: {note}");
        }
        match end {
            Ok(()) => {
                eprintln!(
                    "recorded {} into {}.new; review it, then run: kms-fixture accept {}",
                    count(kms.calls().len(), "call"),
                    self.cassette.display(),
                    self.cassette.display()
                );
                Verdict::Good
            }
            Err(error) => {
                eprintln!("error: {error}\nhelp: record again: {}", self.again());
                Verdict::Findings
            }
        }
    }

    /// Cleans up after a killed recording.
    fn recover(&self, request: &RecordRequest) -> Result<Verdict, Error> {
        let recovered = recover(request, scenario(self.scenario.as_ref())?)?;
        for it in recovered.told {
            eprintln!("{it}");
        }
        Ok(if recovered.is_left { Verdict::Findings } else { Verdict::Good })
    }

    /// Returns the command that records again.
    fn again(&self) -> String {
        let mut again = format!("kms-fixture record --cassette {}", self.cassette.display());
        if let Some(upstream) = &self.upstream {
            let _ = write!(again, " --upstream {upstream}");
        }
        if let Some(scenario) = &self.scenario {
            let _ = write!(again, " --scenario {}", scenario.display());
        }
        again
    }
}
