//! The command line: `kms-fixture serve`, for clients in every language.

mod announce;
mod stdin;

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::report::Error;
use crate::{Fixture, Kms, Scenario};

/// A faithful fake AWS KMS for code that uses grants: it knows who calls.
#[derive(Debug, Parser)]
#[command(name = "kms-fixture", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves one fake KMS over HTTP until it is killed, or until its standard input closes if that is a pipe.
    Serve(Serve),
}

#[derive(Debug, clap::Args)]
struct Serve {
    /// The scenario file: keys, roles, users and grants to start with. Without it there is one account and `admin`.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// What to print once connections are accepted.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// What ids, tokens and credentials are derived from: the same seed gives the same ones. Drawn if not said.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

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

/// Runs the command; the exit code is 0 for good and 2 for what could not be run.
pub fn main() -> ExitCode {
    let Command::Serve(serve) = Arguments::parse().command;
    match serve.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// A number that no other server has: what hashes of the standard library are seeded with.
fn drawn() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

impl Serve {
    fn run(&self) -> Result<(), Error> {
        let kms = self.start()?;
        let line = match self.format {
            Format::Json => announce::json(&kms),
            Format::Text => announce::text(&kms),
        };
        announce::print(&line)?;
        stdin::wait_for_the_end();
        Ok(())
    }

    fn start(&self) -> Result<Kms, Error> {
        if !self.listen.ip().is_loopback() && !self.allow_other_machines {
            return Err(Error::new(format!(
                "`{}` can be reached from other machines\n\
                 help: listen on `127.0.0.1:0`, or add `--allow-other-machines` if that is what you want",
                self.listen
            )));
        }
        let scenario = match &self.scenario {
            Some(path) => Scenario::from_file(path)?,
            None => Scenario::default(),
        };
        Fixture::builder()
            .scenario(scenario)
            .seed(self.seed.unwrap_or_else(drawn))
            .listen(self.listen)
            .for_strangers()
            .start()
    }
}
