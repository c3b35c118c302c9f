//! `kms-fixture probe`: the experiments for the guesses, against the fake or a live service.

use std::cell::Cell;
use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use super::{Verdict, announce, end, terminal};
use crate::error::Error;
use crate::probe::{self, Catalogue, Cost, Keys, Live, Options, Outcome};
use crate::scenario::KeyDeclaration;
use crate::tape::cassette;

/// The last words of a run that a second signal ends.
const LAST_WORDS: &str = "the run was ended before its keys were scheduled for deletion";

#[derive(Debug, clap::Args)]
pub(super) struct Probe {
    /// The guesses to ask about. Default: all.
    #[arg(value_name = "MARK")]
    marks: Vec<String>,

    /// Lists the experiments: guess, question, and the fake's answer.
    #[arg(long, conflicts_with_all = ["account", "upstream"])]
    list: bool,

    /// Asks AWS, in this account only.
    #[arg(long, value_name = "ID")]
    account: Option<String>,

    /// The profile of the account's administrator. Default: the settings, then AWS's default chain.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,

    /// The Region. Default: the settings, then `us-east-1`.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// Asks an emulator, or AWS at another URL.
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,

    /// Uses an existing key instead of a new one, as `orders=alias/sandbox`. May be repeated.
    #[arg(long = "key", value_name = "NAME=KEY", value_parser = pair)]
    keys: Vec<(String, String)>,

    /// Binds a role of the experiments, as `worker=arn:aws:iam::111122223333:role/worker`, or to a profile. May be
    /// repeated.
    #[arg(long = "role", value_name = "NAME=ARN", value_parser = pair)]
    roles: Vec<(String, String)>,

    /// The folder for the cassettes, one for each experiment, and for `issue.md`.
    #[arg(long, value_name = "FOLDER", default_value = "kms-fixture-probe")]
    output: PathBuf,

    /// Starts without a question.
    #[arg(long)]
    yes: bool,
}

/// Reads `NAME=VALUE`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("write `NAME=VALUE`".to_owned()),
    }
}

fn names(pairs: &[(String, String)]) -> Vec<&str> {
    pairs.iter().map(|(name, _)| name.as_str()).collect()
}

impl Probe {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let catalogue = probe::catalogue()?;
        catalogue.check_names(&names(&self.keys), &names(&self.roles))?;
        let catalogue = catalogue.only(&self.marks)?;
        if self.list {
            announce::print(&probe::list(catalogue.experiments.iter(), terminal::width()))?;
            return Ok(Verdict::Good);
        }
        if self.account.is_some() || self.upstream.is_some() {
            return self.on_service(&catalogue);
        }
        let is_for_services = self.profile.is_some()
            || self.region.is_some()
            || self.yes
            || !self.keys.is_empty()
            || !self.roles.is_empty();
        if is_for_services {
            return Err(Error::new("only AWS or an emulator has a use for these options")
                .help("add `--account ID` or `--upstream URL`"));
        }
        let bar = terminal::progress(catalogue.experiments.len(), "asking the fake");
        let run = catalogue.experiments.iter();
        let run = run.map(|it| probe::on_fake(&catalogue, it)).inspect(|_| bar.inc(1));
        let outcomes = run.collect::<Result<Vec<_>, _>>()?;
        bar.finish_and_clear();
        announce::print(&probe::table(&outcomes, "fake, now", terminal::width()))?;
        verdict(&outcomes, &[])
    }

    fn on_service(&self, catalogue: &Catalogue) -> Result<Verdict, Error> {
        let mut live = Live::new(Options {
            account: self.account.clone(),
            profile: self.profile.clone(),
            region: self.region.clone(),
            upstream: self.upstream.clone(),
            keys: self.keys.clone(),
            principals: self.roles.clone(),
            folder: self.output.clone(),
        })?;
        let needed = Keys::needed(&live, catalogue)?;
        self.confirm(&live, catalogue, &needed)?;
        let signals = end::Signals::interrupts(LAST_WORDS)?;
        let stopped = Cell::new(false);
        let stop = || {
            stopped.set(stopped.get() || signals.have_come());
            stopped.get()
        };
        let keys = Keys::make(&mut live, needed)?;
        let mut outcomes = Vec::new();
        let bar = terminal::progress(catalogue.experiments.len(), "asking the service");
        for experiment in &catalogue.experiments {
            outcomes.push(probe::on_service(&live, catalogue, experiment, &stop));
            bar.inc(1);
            if stop() {
                break;
            }
        }
        bar.finish_and_clear();
        let ended = keys.end();
        let service = live.name();
        announce::print(&probe::table(&outcomes, &service, terminal::width()))?;
        let kind = if live.is_aws { "AWS" } else { "an emulator" };
        let issue = live.folder.join("issue.md");
        let mut left: Vec<_> = ended.err().into_iter().map(|it| it.to_string()).collect();
        match cassette::write(&issue, &probe::issue(&outcomes, kind)) {
            Ok(()) => announce::println(&format!(
                "The cassettes and a text for an issue, `issue.md`, are in {}.",
                live.folder.display()
            )),
            Err(error) => left.push(error.to_string()),
        }
        if stop() {
            left.push("the run was interrupted; all that it left is named here".to_owned());
        }
        verdict(&outcomes, &left)
    }

    /// Shows what a run makes, and asks on a terminal whether to go on.
    fn confirm(
        &self,
        live: &Live,
        catalogue: &Catalogue,
        needed: &[KeyDeclaration],
    ) -> Result<(), Error> {
        let cost = Cost::of(live.can_run(catalogue), needed.len());
        announce::println(&format!("This run asks {}.\n{cost}", live.name()));
        if live.is_aws {
            announce::println(&cost.price());
        }
        if self.yes || !live.is_aws {
            return Ok(());
        }
        let refused =
            Error::new("nothing was sent").help("add `--yes` to start without a question");
        if !io::stdin().is_terminal() {
            return Err(refused);
        }
        announce::println("Go on? [y/N]");
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        match read {
            Ok(_) if matches!(answer.trim(), "y" | "Y" | "yes") => Ok(()),
            _ => Err(refused),
        }
    }
}

/// Prints the summary, and returns the verdict of a run.
fn verdict(outcomes: &[Outcome], left: &[String]) -> Result<Verdict, Error> {
    announce::println(&probe::summary(outcomes));
    let faults =
        outcomes.iter().flat_map(|it| it.faults.iter().map(move |fault| (&it.mark, fault)));
    let faults = faults.map(|(mark, fault)| format!("{mark}: {fault}"));
    let faults: Vec<_> = faults.chain(left.iter().cloned()).collect();
    if !faults.is_empty() {
        return Err(Error::new(faults.join("\n")));
    }
    if outcomes.iter().any(|it| it.verdict == probe::Verdict::Differs) {
        return Ok(Verdict::Findings);
    }
    if outcomes.iter().any(|it| it.verdict == probe::Verdict::Agrees) {
        return Ok(Verdict::Good);
    }
    Err(Error::new("no experiment could be run"))
}
