//! The command line: a fake for clients in every language, and commands for cassettes.

mod accept;
mod announce;
mod ask;
mod calls_table;
mod check;
mod compare;
mod completions;
mod diff;
mod differences;
mod end;
mod env;
mod exec;
mod files;
mod findings;
mod forward;
mod har;
mod html;
mod init;
mod inline;
mod lines;
mod log;
mod man;
mod mermaid;
mod migrate;
mod pairs;
mod probe;
mod profiles;
mod record;
mod replay;
mod review;
mod schema;
mod secrets;
mod serve;
mod show;
mod sources;
mod terminal;
#[cfg(test)]
mod tests;
mod variables;

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::error::Error;
use crate::fixture::{Caller, FixtureBuilder, Kms};
use variables::Access;

/// The version, and the features of this build.
const LONG_VERSION: &str = match (cfg!(feature = "crypto"), cfg!(feature = "macros")) {
    (true, true) => concat!(env!("CARGO_PKG_VERSION"), "\nfeatures: cli, crypto, macros, record"),
    (true, false) => concat!(env!("CARGO_PKG_VERSION"), "\nfeatures: cli, crypto, record"),
    (false, true) => concat!(env!("CARGO_PKG_VERSION"), "\nfeatures: cli, macros, record"),
    (false, false) => concat!(env!("CARGO_PKG_VERSION"), "\nfeatures: cli, record"),
};

/// The environment variables of every command.
const ENVIRONMENT: &str = "\
Environment:
  NO_COLOR        prints no colours
  CLICOLOR_FORCE  prints colours, also without a terminal
  CI              `record` refuses to run, unless KMS_FIXTURE_ALLOW_CI_RECORD is 1; see `record --help`";

/// A faithful fake AWS KMS for code that uses grants: it knows who calls.
///
/// Every command exits with 0 for success, 1 for findings, and 2 if it could not run.
#[derive(Debug, Parser)]
#[command(name = "kms-fixture", version, long_version = LONG_VERSION, after_long_help = ENVIRONMENT)]
struct Arguments {
    #[command(flatten)]
    output: terminal::Options,

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
    /// Runs a command with a fake, a cassette or a recording of its own, and with a caller's credentials; exits with the
    /// command's code, or with 1 and a report if that was 0 and the fixture has something to report.
    Exec(exec::Exec),
    /// Prints the lines by which a shell calls as a caller of a running server.
    Env(env::Env),
    /// Checks cassettes offline: format, secrets, drift from the fake, orphans, age.
    Check(check::Check),
    /// Shows a cassette.
    Show(show::Show),
    /// Shows the calls in which two cassettes differ.
    Diff(diff::Diff),
    /// Shows each pending recording and each difference from the fake, and asks what to do with it; without a terminal,
    /// lists them, and exits with 1 if there are any.
    Review(review::Review),
    /// Replaces a cassette with its recording; with `--because`, also accepts the differences from the fake.
    Accept(accept::Accept),
    /// Deletes recordings that are not accepted yet.
    Reject(accept::Reject),
    /// Rewrites cassettes in the current version of the format.
    Migrate(migrate::Migrate),
    /// Asks the fake, AWS or an emulator about each guess of the fake; exits with 1 if an answer is not the fake's.
    Probe(probe::Probe),
    /// Writes settings, a first test or scenario, and lines of `.gitignore` into the current folder; overwrites nothing.
    Init(init::Init),
    /// Prints the JSON schema of scenarios or cassettes, for editors.
    Schema(schema::Schema),
    /// Prints the completions of a shell.
    Completions(completions::Completions),
    /// Prints the man page; with `--output`, writes one for each command.
    Man(man::Man),
}

/// Returns the command line, for completions, man pages and the reference.
fn command_line() -> clap::Command {
    Arguments::command()
}

/// The result of a command that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    Findings,
    /// The exit code of a command.
    Code(u8),
}

/// Runs the command.
pub fn main() -> ExitCode {
    let Arguments { output, command } = Arguments::parse();
    output.apply();
    let outcome = match command {
        Command::Serve(command) => command.run(),
        Command::Record(command) => command.run(),
        Command::Replay(command) => command.run(),
        Command::Exec(command) => command.run(),
        Command::Env(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Show(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Accept(command) => command.run(),
        Command::Reject(command) => command.run(),
        Command::Migrate(command) => command.run(),
        Command::Probe(command) => command.run(),
        Command::Review(command) => command.run(),
        Command::Init(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match outcome {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::from(1),
        Ok(Verdict::Code(code)) => ExitCode::from(code),
        Err(error) => {
            terminal::error(&error);
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text for people, with lines to paste into a shell.
    Text,
    /// One line of JSON.
    Json,
}

/// Returns the callers of a fixture, as other processes know them.
fn callers(kms: &Kms) -> Vec<(String, Access)> {
    let access = |caller: &Caller| {
        let credentials = caller.credentials();
        Access {
            endpoint: kms.endpoint_url().to_owned(),
            region: kms.region().to_owned(),
            access_key_id: credentials.access_key_id().to_owned(),
            secret_access_key: credentials.secret_access_key().to_owned(),
            session_token: credentials.session_token().map(str::to_owned),
        }
    };
    kms.callers().map(|(name, caller)| (name, access(&caller))).collect()
}

impl Listening {
    /// Returns the options of a server for this machine, which announces nothing.
    fn quietly() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { listen, format: Format::Json, allow_other_machines: false, log: log::Form::Never }
    }

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
        if terminal::is_quiet() { log::Form::Never } else { self.log }
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
