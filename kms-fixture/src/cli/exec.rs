//! `kms-fixture exec`: a command that calls a fixture of its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};

use super::env::unknown_caller;
use super::forward::Forwarding;
use super::variables::MISLEADING;
use super::{Access, Verdict, callers, log, record, replay, serve};
use crate::error::Error;
use crate::fixture::{Kms, variable};

#[derive(Debug, clap::Args)]
pub(super) struct Exec {
    /// The scenario file: the initial keys, roles, users and grants. Default: one account and its `admin`.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// The declared name of the caller whose credentials the command gets.
    #[arg(long = "as", value_name = "CALLER", default_value = "admin")]
    caller: String,

    /// The seed of ids, tokens and credentials, which are equal for equal seeds. Default: a random number.
    #[arg(long, value_name = "NUMBER", conflicts_with = "cassette")]
    seed: Option<u64>,

    /// Answers from this cassette; with `--record` or `--upstream`, records it as FILE.new.
    #[arg(long, value_name = "FILE")]
    cassette: Option<PathBuf>,

    /// Records the calls to the live service that the settings name, or to AWS.
    #[arg(long, requires = "cassette")]
    record: bool,

    /// Records the calls to this live service: `https://kms.<region>.amazonaws.com`, or an emulator.
    #[arg(long, value_name = "URL", requires = "cassette")]
    upstream: Option<String>,

    /// Writes a line for each call, and why it was refused, on standard error beside the command's own output.
    #[arg(long, value_enum, default_value_t = log::Form::Never)]
    log: log::Form,

    /// The command and its arguments.
    #[arg(value_name = "COMMAND", last = true, required = true)]
    command: Vec<OsString>,
}

/// The kind of fixture behind the command.
enum Behind {
    Fake(serve::Serve),
    Cassette(replay::Replay),
    Live(record::Record),
}

impl Exec {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let behind = self.behind()?;
        let kms = match &behind {
            Behind::Fake(it) => it.start(),
            Behind::Cassette(it) => it.start(),
            Behind::Live(it) => it.start(),
        }?;
        // Without a command, nothing is recorded: dropping the fixture cleans up, and a pending recording stays.
        let log = log::Log::start(&kms, self.log)?;
        let status = self.execute(&kms)?;
        log::end(log, &kms);
        let verdict = match &behind {
            Behind::Fake(it) => it.end(&kms),
            Behind::Cassette(it) => it.end(&kms)?,
            Behind::Live(it) => it.end(&kms)?,
        };
        match code(status) {
            0 => Ok(verdict),
            code => Ok(Verdict::Code(code)),
        }
    }

    fn behind(&self) -> Result<Behind, Error> {
        let Some(cassette) = &self.cassette else {
            return Ok(Behind::Fake(serve::Serve::of(self.scenario.clone(), self.seed)));
        };
        if self.record || self.upstream.is_some() {
            let (upstream, scenario) = (self.upstream.clone(), self.scenario.clone());
            return Ok(Behind::Live(record::Record::of(cassette.clone(), upstream, scenario)));
        }
        if self.scenario.is_some() {
            return Err(Error::new("a cassette contains its scenario, so a replay takes none")
                .help("leave `--scenario` out, or add `--record`"));
        }
        Ok(Behind::Cassette(replay::Replay::of(cassette.clone())))
    }

    /// Runs the command to its end.
    ///
    /// # Errors
    ///
    /// A caller that is not declared; a command that cannot be started.
    fn execute(&self, kms: &Kms) -> Result<ExitStatus, Error> {
        let callers = callers(kms);
        let access = callers.iter().find(|it| it.0 == self.caller).map(|it| &it.1);
        let access = access
            .ok_or_else(|| unknown_caller(&self.caller, callers.iter().map(|it| it.0.as_str())))?;
        let (program, arguments) = self
            .command
            .split_first()
            .ok_or_else(|| Error::new("`exec` needs a command, after `--`"))?;
        let mut command = Command::new(program);
        command.args(arguments);
        set(&mut command, access);
        let forwarding = Forwarding::start()?;
        let mut child = command.spawn().map_err(|it| {
            Error::new(format!("cannot start `{}`: {it}", program.to_string_lossy()))
        })?;
        let forwarding = forwarding.to(&child)?;
        let status = child.wait();
        drop(forwarding);
        status.map_err(|it| Error::new(format!("cannot wait for the command: {it}")))
    }
}

/// Sets the environment of a command that calls as `access`.
fn set(command: &mut Command, access: &Access) {
    for name in MISLEADING.iter().chain(&["AWS_SESSION_TOKEN"]) {
        command.env_remove(name);
    }
    command.envs(access.variables());
    // A proxy would not find the fixture.
    for name in ["NO_PROXY", "no_proxy"] {
        let before = variable(name).filter(|it| !it.is_empty()).map(|it| format!("{it},"));
        command.env(name, format!("{}127.0.0.1,localhost", before.unwrap_or_default()));
    }
}

/// Returns the exit code of a command; 128 and the signal's number for one that a signal ended, as in a shell.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or_else(|| signal.map(|it: i32| it + 128)).unwrap_or(1);
    // Other systems have larger codes.
    u8::try_from(code).unwrap_or(1)
}
