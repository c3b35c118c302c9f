//! One run of an experiment: its calls, and what was answered.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, Expected, of_fake};
use super::catalogue::Catalogue;
use super::client::Client;
use super::experiment::{Experiment, Step};
use super::keys::DESCRIPTION;
use super::live::Live;
use super::reference::References;
use crate::error::Error;
use crate::fixture::{Call, Ending, Fixture, Kms};

/// How often a call is made again whose answer may take time, or that was throttled: on AWS, and on an emulator.
const TRIES: (u32, u32) = (20, 1);

/// Why an experiment that a signal ended was not run.
const INTERRUPTED: &str = "it was interrupted";

/// The verdict of an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The service answered as the fake does.
    Agrees,
    Differs,
    /// It could not be run, for this reason.
    NotRun(String),
}

/// An answer beside that of the fake.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(super) operation: String,
    pub(super) fake: String,
    /// The answer of the service, and the answer without live values.
    pub(super) service: String,
    pub(super) redacted: String,
    pub(super) agrees: bool,
    /// The number of the call in the fixture's list.
    at: usize,
    expected: Expected,
}

/// The result of an experiment.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) mark: String,
    pub(crate) verdict: Verdict,
    pub(crate) rows: Vec<Row>,
    /// Things that the experiment may have left in the account, and other faults of its end.
    pub(crate) faults: Vec<String>,
}

/// Runs an experiment against the fake.
///
/// # Errors
///
/// A scenario with which the fake cannot start.
pub(crate) fn on_fake(catalogue: &Catalogue, experiment: &Experiment) -> Result<Outcome, Error> {
    if let Some(why_not) = &experiment.why_not {
        return Ok(Outcome::not_run(experiment, why_not));
    }
    let kms = Fixture::builder().scenario(catalogue.scenario(experiment)?).tcp().start()?;
    let mut run = Run::new(&kms, false)?;
    let verdict = run.all(experiment, &|| false);
    Ok(run.outcome(experiment, verdict))
}

/// Runs an experiment against a service, records it, and undoes its changes. `stop` is asked before each call.
pub(crate) fn on_service(
    live: &Live,
    catalogue: &Catalogue,
    experiment: &Experiment,
    stop: &dyn Fn() -> bool,
) -> Outcome {
    let started = || -> Result<Kms, Error> {
        let scenario = live.scenario(catalogue.scenario(experiment)?);
        live.start(scenario, &experiment.mark)
    };
    if let Some(why_not) = live.why_not(experiment) {
        return Outcome::not_run(experiment, &why_not);
    }
    let kms = match started() {
        Ok(kms) => kms,
        Err(error) => return Outcome::failed(experiment, &error),
    };
    let mut run = match Run::new(&kms, live.is_aws) {
        Ok(run) => run,
        Err(error) => return Outcome::failed(experiment, &error),
    };
    run.tries = if live.is_aws { TRIES.0 } else { TRIES.1 };
    let verdict = run.all(experiment, stop);
    if let Verdict::NotRun(why) = &verdict {
        run.faults.push(why.clone());
    }
    run.undo();
    run.redact(kms.recorded_calls().as_deref().unwrap_or_default());
    // All that is left of the recording is its file.
    let ending = Ending { is_complete: true, is_right: true, again: "" };
    if let Err(error) = kms.end(&ending) {
        run.faults.push(error.to_string());
    }
    run.outcome(experiment, verdict)
}

impl Outcome {
    fn not_run(experiment: &Experiment, why: &str) -> Self {
        Self {
            mark: experiment.mark.clone(),
            verdict: Verdict::NotRun(why.to_owned()),
            rows: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn failed(experiment: &Experiment, error: &Error) -> Self {
        let why = error.to_string();
        Self { faults: vec![why.clone()], ..Self::not_run(experiment, &why) }
    }
}

/// A run in progress.
struct Run {
    client: Client,
    references: References,
    rows: Vec<Row>,
    /// The number of calls so far.
    calls: usize,
    /// The keys and aliases that were made.
    keys: Vec<String>,
    aliases: Vec<String>,
    faults: Vec<String>,
    is_aws: bool,
    tries: u32,
}

impl Run {
    fn new(kms: &Kms, is_aws: bool) -> Result<Self, Error> {
        Ok(Self {
            client: Client::of(kms)?,
            references: References::of(kms),
            rows: Vec::new(),
            calls: 0,
            keys: Vec::new(),
            aliases: Vec::new(),
            faults: Vec::new(),
            is_aws,
            tries: 0,
        })
    }

    fn all(&mut self, experiment: &Experiment, stop: &dyn Fn() -> bool) -> Verdict {
        for (at, step) in experiment.calls.iter().enumerate() {
            if self.is_aws {
                std::thread::sleep(Duration::from_secs(step.pause));
            }
            for number in 1..=step.times {
                if stop() {
                    return Verdict::NotRun(INTERRUPTED.to_owned());
                }
                self.references.set("n", number.to_string());
                let is_last = number == step.times;
                let answer = match self.step(at, step, is_last, stop) {
                    Ok(answer) => answer,
                    // The call needs an answer that was not the expected one.
                    Err(_) if self.rows.iter().any(|it| !it.agrees) => return Verdict::Differs,
                    Err(error) => return Verdict::NotRun(error.to_string()),
                };
                self.references.answered(at + 1, answer.body);
            }
        }
        if self.rows.iter().all(|it| it.agrees) { Verdict::Agrees } else { Verdict::Differs }
    }

    /// Makes a call. Only the last of several calls of a step is asked.
    fn step(
        &mut self,
        at: usize,
        step: &Step,
        is_last: bool,
        is_over: &dyn Fn() -> bool,
    ) -> Result<Answer, Error> {
        let unknown =
            |name: String| Error::new(format!("call {} needs {name}, which no answer has", at + 1));
        let mut input = self.references.fill(&step.input).map_err(unknown)?;
        if step.call == "CreateKey" {
            input["Description"] = DESCRIPTION.into();
        }
        let expected = if is_last {
            Expected::of(step, &self.references).map_err(unknown)?
        } else {
            Expected::Success(Value::Null)
        };
        let mut tries = self.tries;
        let answer = loop {
            let answer = self.call(&step.by, &step.call, &input)?;
            let may_change = step.settles || answer.is_throttled();
            if tries == 0 || !may_change || expected.is(&answer) {
                break answer;
            }
            if is_over() {
                return Err(Error::new(INTERRUPTED));
            }
            tries -= 1;
            // Only AWS needs time.
            std::thread::sleep(Duration::from_secs(if self.is_aws { 3 } else { 0 }));
        };
        let agrees = expected.is(&answer);
        if is_last && step.asks() || !agrees {
            let service = expected.describe(&answer);
            self.rows.push(Row {
                operation: step.call.clone(),
                fake: if is_last { of_fake(step) } else { "success".to_owned() },
                redacted: service.clone(),
                service,
                agrees,
                at: self.calls - 1,
                expected,
            });
        }
        Ok(answer)
    }

    fn call(&mut self, by: &str, operation: &str, input: &Value) -> Result<Answer, Error> {
        self.calls += 1;
        let answer = self.client.call(by, operation, input)?;
        if answer.is_ok() && operation == "CreateKey" {
            let id = answer.body["KeyMetadata"]["KeyId"].as_str();
            self.keys.extend(id.map(str::to_owned));
        }
        if answer.is_ok() && operation == "CreateAlias" {
            self.aliases.extend(input["AliasName"].as_str().map(str::to_owned));
        }
        Ok(answer)
    }

    /// Deletes the aliases and keys that were made.
    fn undo(&mut self) {
        for alias in std::mem::take(&mut self.aliases) {
            let input = json!({ "AliasName": alias });
            self.faults.extend(self.client.undo("DeleteAlias", &input, &alias));
        }
        for key in std::mem::take(&mut self.keys) {
            let input = json!({"KeyId": key, "PendingWindowInDays": 7});
            self.faults.extend(self.client.undo("ScheduleKeyDeletion", &input, &key));
        }
    }

    /// Replaces live values in the rows.
    fn redact(&mut self, calls: &[Call]) {
        for row in &mut self.rows {
            let Some(call) = calls.get(row.at) else {
                "an answer that only the cassette has".clone_into(&mut row.redacted);
                continue;
            };
            let body = match call.error_code() {
                None => call.output().clone(),
                Some(code) => json!({"__type": code, "message": call.error_message()}),
            };
            let status = if call.is_ok() { 200 } else { 400 };
            row.redacted = row.expected.describe(&Answer { status, body });
        }
    }

    fn outcome(self, experiment: &Experiment, verdict: Verdict) -> Outcome {
        Outcome { mark: experiment.mark.clone(), verdict, rows: self.rows, faults: self.faults }
    }
}
