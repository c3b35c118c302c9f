//! The command line: a fake for clients in every language, and what is done with cassettes.

mod accept;
mod announce;
mod check;
mod diff;
mod end;
mod files;
mod har;
mod mermaid;
mod migrate;
mod record;
mod replay;
mod serve;
mod show;

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::error::Error;
use crate::fixture::Kms;

/// A faithful fake AWS KMS for code that uses grants: it knows who calls.
///
/// Every command exits with 0 for good, 1 for findings, 2 for what could not be run.
#[derive(Debug, Parser)]
#[command(name = "kms-fixture", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves one fake KMS over HTTP until it is killed, or until its standard input closes if that is a pipe; exits with
    /// 1 and a report if the scenario says `"leaks": "deny"` and grants that were made are still there.
    Serve(serve::Serve),
    /// Records what passes between its clients and a live service, and writes FILE.new when it ends.
    Record(record::Record),
    /// Answers from a cassette, with the fake beside it; exits with 1 and a report if not all went as recorded.
    Replay(replay::Replay),
    /// Checks cassettes, offline: format, secrets, drift against the fake, orphans, age.
    Check(check::Check),
    /// Shows a cassette.
    Show(show::Show),
    /// Shows in which calls two cassettes differ.
    Diff(diff::Diff),
    /// Makes what was recorded the cassette; with `--because`, accepts the differences from the fake.
    Accept(accept::Accept),
    /// Deletes what was recorded and not yet accepted.
    Reject(accept::Reject),
    /// Rewrites cassettes in the current version of the format.
    Migrate(migrate::Migrate),
}

/// How a command ends, if it could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    Findings,
}

/// Runs the command.
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve(it) => it.run(),
        Command::Record(it) => it.run(),
        Command::Replay(it) => it.run(),
        Command::Check(it) => it.run(),
        Command::Show(it) => it.run(),
        Command::Diff(it) => it.run(),
        Command::Accept(it) => it.run(),
        Command::Reject(it) => it.run(),
        Command::Migrate(it) => it.run(),
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

/// What every command that listens is told.
#[derive(Debug, clap::Args)]
struct Listening {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// What to print once connections are accepted.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Listens on addresses that other machines can reach, where everybody may use the credentials that are printed.
    #[arg(long)]
    allow_other_machines: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with lines to paste into a shell.
    Text,
    /// One line of JSON.
    Json,
}

impl Listening {
    /// The address, unless it can be reached from elsewhere and nobody has said that it may.
    fn address(&self) -> Result<SocketAddr, Error> {
        if self.listen.ip().is_loopback() || self.allow_other_machines {
            return Ok(self.listen);
        }
        Err(Error::new(format!("`{}` can be reached from other machines", self.listen)).help(
            "listen on `127.0.0.1:0`, or add `--allow-other-machines` if that is what you want",
        ))
    }

    fn announce(&self, kms: &Kms, what: &str) -> Result<(), Error> {
        let text = match self.format {
            Format::Json => announce::json(kms),
            Format::Text => announce::text(kms, what),
        };
        announce::print(&text)
    }
}
