//! The recording so far, read from the list of exchanges, in the order of arrival.

use std::sync::Arc;

use serde_json::{Value, json};

use super::exchanges::Exchange;
use super::recorder::Recorder;
use crate::error::Error;
use crate::kms::fake::Fake;
use crate::kms::journal::Raw;
use crate::model::{Arn, is_account_id};
use crate::tape::cassette::Interaction;
use crate::tape::redact::{ACCOUNT, Direction, Kind, Redactor};

/// The calls of a recording, as a cassette holds them.
pub(super) struct Recorded {
    pub(super) interactions: Vec<Interaction>,
    /// The redactor after redacting them.
    pub(super) redactor: Redactor,
}

impl Recorder {
    /// Redacts the calls so far.
    pub(super) fn recorded(&self) -> Recorded {
        // Redaction takes time, and the server waits for the lock: bodies are shared, so this copies little.
        let answered: Vec<_> = {
            let state = self.state();
            let answered = state.exchanges.answered().into_iter();
            answered.map(|(it, together)| (it.clone(), together)).collect()
        };
        let mut redactor = self.redactor.clone();
        if let Some(account) = own_account(answered.iter().map(|(it, _)| it)) {
            redactor.declare(Kind::Account, &account, ACCOUNT);
        }
        let answered = answered.iter();
        let interactions =
            answered.map(|(it, together)| interaction(it, *together, &mut redactor)).collect();
        Recorded { interactions, redactor }
    }

    /// Returns the calls so far, as the test sees them.
    pub(crate) fn calls(&self) -> Vec<Raw> {
        self.state().exchanges.seen().into_iter().map(|it| it.raw.clone()).collect()
    }

    /// Returns the number of attempts so far.
    pub(crate) fn last_attempt(&self) -> u64 {
        self.state().exchanges.ended().len() as u64
    }

    /// Returns the attempts after the first `number`, in the order of the answers, with their numbers.
    pub(crate) fn attempts_since(&self, number: u64) -> Vec<(u64, Arc<Raw>)> {
        let state = self.state();
        let first = usize::try_from(number).unwrap_or(usize::MAX);
        let new = state.exchanges.ended().get(first..).unwrap_or_default().iter();
        (number + 1..).zip(new.map(|it| Arc::new(it.raw.clone()))).collect()
    }

    /// Returns what `read` finds in a fake that has followed the calls so far; `translate` turns each value into the
    /// live one.
    ///
    /// # Errors
    ///
    /// A scenario that the fake cannot start with.
    pub(crate) fn of_fake<T>(
        &self,
        read: impl FnOnce(&Fake) -> T,
        translate: impl FnOnce(T, &mut dyn FnMut(&Value) -> Value) -> T,
    ) -> Result<T, Error> {
        let Recorded { interactions, mut redactor } = self.recorded();
        let mut shadow = (self.make_shadow)()?;
        shadow.follow_all(&interactions);
        let found = read(shadow.fake());
        Ok(translate(found, &mut |value| {
            redactor.restore(&shadow.of_fake(value), Direction::Received)
        }))
    }
}

/// Returns the account of the first key that an answer shows, or else the first that issued a grant: without declared
/// keys, nothing else shows the account of an emulator. A principal may belong to any account.
fn own_account<'a>(exchanges: impl Iterator<Item = &'a Exchange> + Clone) -> Option<String> {
    let outputs =
        exchanges.filter_map(|it| serde_json::from_slice::<Value>(&it.raw.output.bytes()).ok());
    let outputs: Vec<_> = outputs.collect();
    let members: [&[&str]; 2] = [&["Arn", "KeyArn", "KeyId", "AliasArn"], &["IssuingAccount"]];
    members.iter().find_map(|it| outputs.iter().find_map(|output| account_in(output, it)))
}

/// Returns the account of the first ARN that is one of these members.
fn account_in(value: &Value, members: &[&str]) -> Option<String> {
    match value {
        Value::Array(values) => values.iter().find_map(|it| account_in(it, members)),
        Value::Object(object) => {
            let arns = members.iter().filter_map(|it| Arn::parse(object.get(*it)?.as_str()?));
            let mut accounts = arns.map(|it| it.account).filter(|it| is_account_id(it));
            let account = accounts.next().map(str::to_owned);
            account.or_else(|| object.values().find_map(|it| account_in(it, members)))
        }
        _ => None,
    }
}

/// Redacts an exchange.
fn interaction(exchange: &Exchange, concurrent: bool, redactor: &mut Redactor) -> Interaction {
    let raw = &exchange.raw;
    let input: Value = serde_json::from_slice(&raw.input).unwrap_or_else(|_| json!({}));
    let output = serde_json::from_slice::<Value>(&raw.output.bytes());
    let opaque = (output.is_err() && raw.output.len() > 0).then_some(raw.output.len());
    let input = redactor.input(&input);
    let output = redactor.output(&output.unwrap_or_default());
    let caller = raw.caller.clone().unwrap_or_default();
    let mut interaction =
        Interaction::new(caller, raw.operation.clone(), input, raw.status, output);
    interaction.concurrent = concurrent;
    interaction.opaque = opaque;
    interaction
}
