//! The command line: a fake for clients in every language, and commands for cassettes.

mod accept;
mod announce;
mod check;
mod diff;
mod differences;
mod end;
mod files;
mod findings;
mod har;
mod log;
mod mermaid;
mod migrate;
mod probe;
mod record;
mod replay;
mod secrets;
mod serve;
mod show;
mod sources;

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::error::Error;
use crate::fixture::{FixtureBuilder, Kms};

/// A faithful fake AWS KMS for code that uses grants: it knows who calls.
///
/// Every command exits with 0 for success, 1 for findings, and 2 if it could not run.
#[derive(Debug, Parser)]
#[command(name = "kms-fixture", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves one fake KMS over HTTP until it is killed, or until its standard input closes if that is a pipe; exits
    /// with 1 and a report if the scenario has `"leaks": "deny"` and grants that clients created still exist.
    Serve(serve::Serve),
    /// Records the calls of its clients to a live service, and writes FILE.new when it ends.
    Record(record::Record),
    /// Answers from a cassette and compares the fake with it; exits with 1 and a report if anything differs.
    Replay(replay::Replay),
    /// Checks cassettes offline: format, secrets, drift from the fake, orphans, age.
    Check(check::Check),
    /// Shows a cassette.
    Show(show::Show),
    /// Shows the calls in which two cassettes differ.
    Diff(diff::Diff),
    /// Replaces a cassette with its recording; with `--because`, also accepts the differences from the fake.
    Accept(accept::Accept),
    /// Deletes recordings that are not accepted yet.
    Reject(accept::Reject),
    /// Rewrites cassettes in the current version of the format.
    Migrate(migrate::Migrate),
    /// Asks the fake, AWS or an emulator about each guess of the fake; exits with 1 if an answer is not the fake's.
    Probe(probe::Probe),
}

/// The result of a command that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    Findings,
}

/// Runs the command.
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve(command) => command.run(),
        Command::Record(command) => command.run(),
        Command::Replay(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Show(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Accept(command) => command.run(),
        Command::Reject(command) => command.run(),
        Command::Migrate(command) => command.run(),
        Command::Probe(command) => command.run(),
    };
    match outcome {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// The options of every command that listens.
#[derive(Debug, clap::Args)]
struct Listening {
    /// The address to listen on; port 0 selects a free port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// The form of the announcement that the server prints once it accepts connections.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Allows an address that other machines can reach; their users can then use the printed credentials, the control
    /// endpoints and the console.
    #[arg(long)]
    allow_other_machines: bool,

    /// The form of the log on standard error: a line for each call, and a summary at the end.
    #[arg(long, value_enum, default_value_t = log::Form::Auto)]
    log: log::Form,

    /// Writes no log.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text for people, with lines to paste into a shell.
    Text,
    /// One line of JSON.
    Json,
}

impl Listening {
    /// Returns the address. Fails if other machines can reach it without permission.
    fn address(&self) -> Result<SocketAddr, Error> {
        if self.listen.ip().is_loopback() || self.allow_other_machines {
            return Ok(self.listen);
        }
        Err(Error::new(format!("`{}` can be reached from other machines", self.listen))
            .help("listen on `127.0.0.1:0`, or add `--allow-other-machines` if you want that"))
    }

    /// Lets a fixture listen at the address, with control endpoints and the console.
    fn listen(&self, builder: FixtureBuilder) -> Result<FixtureBuilder, Error> {
        Ok(builder.listen(self.address()?).control_endpoints(self.allow_other_machines))
    }

    /// Returns the form of the log.
    fn log(&self) -> log::Form {
        if self.quiet { log::Form::Never } else { self.log }
    }

    /// Announces the server, and starts its log.
    fn announce(&self, kms: &Kms, what: &str) -> Result<Option<log::Log>, Error> {
        let log = log::Log::start(kms, self.log())?;
        let text = match self.format {
            Format::Json => announce::json(kms),
            Format::Text => announce::text(kms, what),
        };
        announce::print(&text)?;
        Ok(log)
    }
}
