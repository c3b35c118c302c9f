//! The replay of an accepted recording, by clients that use what they are answered.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::account::Account;
use crate::attempt::Attempt;
use crate::judge::Failure;
use crate::process::Server;
use crate::steps::{Key, Who};
use crate::wire;

/// Plays the calls of a recording in their order.
pub(crate) fn replay(
    cassette: &str,
    account: &Account,
    attempts: &[Attempt],
) -> Result<(), Failure> {
    let started = Server::start(&["replay", cassette], &BTreeMap::new());
    let server = started.map_err(|it| Failure::new("replay: does not start", &it.err))?;
    let mut names = Names::default();
    for who in Who::ALL {
        if let Some(arn) = server.announced["callers"][who.name()]["arn"].as_str() {
            names.learn(account.kms.caller(who.name()).arn(), arn);
        }
    }
    for key in [Key::Orders, Key::Ledger] {
        if let Some(arn) = server.announced["keys"][key.name()]["arn"].as_str() {
            names.learn(account.arn(key), arn);
        }
    }
    let mut answered_otherwise = None;
    for attempt in last_attempts(attempts) {
        let input = names.translate(&attempt.input);
        let credentials = server.credentials(attempt.who.name());
        let invocation = attempt.invocation.as_deref();
        let operation = &attempt.operation;
        let answer = wire::call(server.address(), &credentials, operation, &input, invocation);
        let answer = answer.map_err(|it| Failure::new("replay: no answer", &it.to_string()))?;
        let output = answer.json();
        if answer.status() != attempt.status || output["__type"] != attempt.output["__type"] {
            answered_otherwise.get_or_insert_with(|| {
                format!(
                    "{operation} {input}: {} {output}\nwas {} {}",
                    answer.status(),
                    attempt.status,
                    attempt.output
                )
            });
            continue;
        }
        names.learn_all(&attempt.output, &output);
    }
    let end = server.close();
    if end.code != Some(0) {
        return Err(Failure::new("replay", &end.err));
    }
    answered_otherwise.map_or(Ok(()), |it| Err(Failure::new("replay: answers otherwise", &it)))
}

/// Returns the attempts that a cassette contains: of those of an invocation, the last.
fn last_attempts(attempts: &[Attempt]) -> Vec<&Attempt> {
    let mut last = HashMap::new();
    for (at, attempt) in attempts.iter().enumerate() {
        last.insert(attempt.invocation.as_deref(), at);
    }
    let is_last =
        |at: usize, it: &Attempt| it.invocation.is_none() || last[&it.invocation.as_deref()] == at;
    let kept = attempts.iter().enumerate().filter(|(at, it)| it.is_live() && is_last(*at, it));
    kept.map(|(_, it)| it).collect()
}

/// The values of the replay for those of the recording.
#[derive(Default)]
struct Names(HashMap<String, String>);

impl Names {
    fn learn(&mut self, recorded: &str, replayed: &str) {
        for (one, other) in
            [Some((recorded, replayed)), ids(recorded, replayed)].into_iter().flatten()
        {
            self.0.entry(one.to_owned()).or_insert_with(|| other.to_owned());
        }
    }

    fn learn_all(&mut self, recorded: &Value, replayed: &Value) {
        match (recorded, replayed) {
            (Value::String(one), Value::String(other)) => self.learn(one, other),
            (Value::Array(one), Value::Array(other)) => {
                for (one, other) in one.iter().zip(other) {
                    self.learn_all(one, other);
                }
            }
            (Value::Object(one), Value::Object(other)) => {
                // The names in an encryption context are texts, too.
                let is_new = |it: &&String| !self.0.contains_key(*it) && !other.contains_key(*it);
                let names: Vec<_> = one.keys().filter(is_new).cloned().collect();
                let known: Vec<_> = one.keys().filter_map(|it| self.0.get(it)).collect();
                let others = other.keys().filter(|it| !one.contains_key(*it));
                let others: Vec<_> = others.filter(|it| !known.contains(it)).cloned().collect();
                for (name, other) in names.iter().zip(&others) {
                    self.learn(name, other);
                }
                for (name, one) in one {
                    let name = self.0.get(name).unwrap_or(name).clone();
                    if let Some(other) = other.get(&name) {
                        self.learn_all(one, other);
                    }
                }
            }
            _ => {}
        }
    }

    fn translate(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match (self.0.get(text), text.rsplit_once(":key/")) {
                (Some(other), _) => other.as_str().into(),
                (None, Some((arn, id))) => {
                    format!("{arn}:key/{}", self.0.get(id).map_or(id, String::as_str)).into()
                }
                (None, None) => text.as_str().into(),
            },
            Value::Array(all) => all.iter().map(|it| self.translate(it)).collect(),
            Value::Object(all) => {
                let name = |it: &String| self.0.get(it).unwrap_or(it).clone();
                let all = all.iter().map(|(it, value)| (name(it), self.translate(value)));
                Value::Object(all.collect())
            }
            other => other.clone(),
        }
    }
}

/// Returns the ids in two ARNs of keys.
fn ids<'a>(one: &'a str, other: &'a str) -> Option<(&'a str, &'a str)> {
    Some((one.rsplit_once(":key/")?.1, other.rsplit_once(":key/")?.1))
}
