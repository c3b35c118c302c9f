//! The playback of a cassette: matching received calls with recorded ones.
//!
//! A call is identified by its caller, its operation and its input. Mutations keep their order. Reads between two
//! mutations may come in any order, but never across a mutation, and not before the calls whose answers returned the
//! bytes that they send. A recorded call is played once, unless the client retries it.

use std::collections::HashMap;

use serde_json::Value;

use super::any_order;
use crate::tape::cassette::{Cassette, Interaction};
use crate::tape::names::Names;
use crate::tape::redact::{Difference, Direction, Redacted, Redactor};

/// A cassette that is being played.
#[derive(Debug)]
pub(crate) struct Playback {
    cassette: Cassette,
    /// The translation from the test's values to the cassette's.
    redactor: Redactor,
    /// The redactor of the cassette itself.
    of_cassette: Redactor,
    /// The group of each call; the calls of a group may be played in any order.
    groups: Vec<usize>,
    /// For each call, the calls that come before it: their answers returned the bytes that it sends, for example.
    sources: Vec<Vec<usize>>,
    played: Vec<bool>,
    /// The first call that has not been played.
    next: usize,
    /// The call that answered each invocation of an SDK, which may be retried.
    invocations: HashMap<String, usize>,
    misses: Vec<Miss>,
    received: usize,
}

/// A recorded call that answers a received one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Played {
    pub(crate) at: usize,
    /// Whether this is the first time, rather than a retry.
    pub(crate) first: bool,
}

/// A call that the cassette does not have at this point.
#[derive(Clone, Debug)]
pub(crate) struct Miss {
    /// The number of the received call, from 1.
    pub(super) received: usize,
    pub(super) caller: String,
    pub(super) operation: String,
    /// The input, redacted.
    pub(super) input: Value,
    /// The first call that had not been played.
    pub(super) next: usize,
    /// The most similar recorded call, and its differences.
    pub(super) closest: Option<(usize, Vec<Difference>)>,
}

/// The distance of a recorded call: another operation, differences, already played, positions away.
type Rank = (bool, usize, bool, usize);

impl Playback {
    /// Returns a playback for a test whose values `redactor` knows; `of_cassette` knows the cassette's declared
    /// things.
    pub(crate) fn new(cassette: Cassette, redactor: Redactor, of_cassette: Redactor) -> Self {
        let mut groups = Vec::with_capacity(cassette.interactions.len());
        let mut group = 0;
        // Whether the calls of the group must precede the following ones.
        let mut is_barrier = false;
        for (at, call) in cassette.interactions.iter().enumerate() {
            let together = at > 0 && (call.concurrent || !call.is_mutation() && !is_barrier);
            if !together {
                group += usize::from(at > 0);
                is_barrier = false;
            }
            is_barrier |= call.is_mutation();
            groups.push(group);
        }
        Self {
            redactor,
            of_cassette,
            groups,
            sources: byte_sources(&cassette.interactions),
            played: vec![false; cassette.interactions.len()],
            next: 0,
            invocations: HashMap::new(),
            misses: Vec::new(),
            received: 0,
            cassette,
        }
    }

    /// Lets changes of different grants that follow each other be played in any order.
    pub(crate) fn in_any_order(mut self) -> Self {
        let names = self.names();
        let calls = self.cassette.interactions.iter();
        let grants: Vec<_> = calls.map(|it| any_order::grants(it, &names)).collect();
        let (groups, waits) = any_order::joined(&self.groups, &grants);
        self.groups = groups;
        for (sources, more) in self.sources.iter_mut().zip(waits) {
            sources.extend(more);
        }
        self
    }

    /// Returns names for everything in the cassette.
    pub(super) fn names(&self) -> Names {
        super::names::names_by(self.of_cassette.clone(), &self.cassette)
    }

    pub(crate) fn cassette(&self) -> &Cassette {
        &self.cassette
    }

    pub(crate) fn interaction(&self, at: usize) -> &Interaction {
        &self.cassette.interactions[at]
    }

    /// Returns the output of a recorded call with the test's values.
    pub(crate) fn hand_out_output(&mut self, at: usize) -> Value {
        let output = self.cassette.interactions[at].output();
        self.redactor.hand_out(output, Direction::Received)
    }

    /// Returns any other value with the test's values.
    pub(crate) fn hand_out(&mut self, value: &Redacted) -> Value {
        self.redactor.hand_out(value, Direction::Received)
    }

    /// Finds the recorded call for a received one, and plays it.
    pub(crate) fn play(
        &mut self,
        caller: &str,
        operation: &str,
        input: &Value,
        invocation: Option<&str>,
    ) -> Result<Played, Box<Miss>> {
        if let Some(at) = invocation.and_then(|it| self.invocations.get(it)).copied()
            && self.is_same(at, caller, operation)
            && self.matches(at, input)
        {
            return Ok(Played { at, first: false });
        }
        self.received += 1;
        let group = self.groups.get(self.next).copied();
        let mut at = self.next;
        while at < self.played.len() && self.groups.get(at).copied() == group {
            if !self.played[at]
                && self.sources[at].iter().all(|it| self.played[*it])
                && self.is_same(at, caller, operation)
                && self.matches(at, input)
            {
                self.played[at] = true;
                while self.played.get(self.next) == Some(&true) {
                    self.next += 1;
                }
                if let Some(invocation) = invocation {
                    self.invocations.insert(invocation.to_owned(), at);
                }
                return Ok(Played { at, first: true });
            }
            at += 1;
        }
        Err(Box::new(self.describe(caller, operation, input)))
    }

    /// Returns whether a call of this operation may be played now.
    pub(super) fn expects(&self, operation: &str) -> bool {
        let group = self.groups.get(self.next).copied();
        let mut open =
            (self.next..self.played.len()).take_while(|it| self.groups.get(*it).copied() == group);
        open.any(|it| !self.played[it] && self.interaction(it).operation == operation)
    }

    /// Returns whether a recorded call has this caller and this operation.
    pub(super) fn is_same(&self, at: usize, caller: &str, operation: &str) -> bool {
        let call = self.interaction(at);
        call.caller == caller && call.operation == operation
    }

    /// Returns whether a recorded call has this input. If so, binds the new values in it.
    pub(super) fn matches(&mut self, at: usize, input: &Value) -> bool {
        let mark = self.redactor.mark();
        let recorded = self.cassette.interactions[at].input();
        if self.redactor.align(recorded, input, Direction::Sent).is_empty() {
            return true;
        }
        self.redactor.rollback(&mark);
        false
    }

    /// Stores a miss, and returns the error message for the client.
    pub(super) fn miss(&mut self, miss: Box<Miss>) -> String {
        let text = self.headline(&miss);
        self.misses.push(*miss);
        text
    }

    pub(super) fn misses(&self) -> &[Miss] {
        &self.misses
    }

    /// Returns whether there is nothing to report.
    pub(super) fn is_good(&self, passed: bool) -> bool {
        self.misses.is_empty() && (!passed || self.next == self.played.len())
    }

    /// Returns the calls that have not been played.
    pub(super) fn left(&self) -> impl Iterator<Item = (usize, &Interaction)> {
        let all = self.cassette.interactions.iter().enumerate();
        all.filter(|(at, _)| !self.played[*at])
    }

    fn describe(&mut self, caller: &str, operation: &str, input: &Value) -> Miss {
        let mark = self.redactor.mark();
        let redacted = self.redactor.input(input).into_value();
        self.redactor.rollback(&mark);
        Miss {
            received: self.received,
            caller: caller.to_owned(),
            operation: operation.to_owned(),
            input: redacted,
            next: self.next,
            closest: self.closest(caller, operation, input),
        }
    }

    /// Returns the most similar of the nearby calls. An equal operation counts more than an equal caller, which
    /// counts more than few differences; a call that has not been played counts more than a played one.
    fn closest(
        &mut self,
        caller: &str,
        operation: &str,
        input: &Value,
    ) -> Option<(usize, Vec<Difference>)> {
        const NEAR: usize = 100;
        let near = self.next.saturating_sub(NEAR)..self.played.len().min(self.next + NEAR);
        let mut best: Option<(Rank, usize, Vec<Difference>)> = None;
        for at in near {
            let call = &self.cassette.interactions[at];
            let other_operation = call.operation != operation;
            let other_caller = call.caller != caller;
            let recorded = call.input();
            let mark = self.redactor.mark();
            let differences = self.redactor.align(recorded, input, Direction::Sent);
            self.redactor.rollback(&mark);
            let rank = (
                other_operation,
                differences.len() + usize::from(other_caller),
                self.played[at],
                at.abs_diff(self.next),
            );
            if best.as_ref().is_none_or(|(it, ..)| rank < *it) {
                best = Some((rank, at, differences));
            }
        }
        best.map(|(_, at, differences)| (at, differences))
    }
}

/// Returns for each call the calls whose answers returned the bytes that it sends: no client can send them earlier.
/// Bytes that a call sends before any answer has them are the client's own.
fn byte_sources(calls: &[Interaction]) -> Vec<Vec<usize>> {
    let mut first: HashMap<_, Option<usize>> = HashMap::new();
    let mut sources = Vec::with_capacity(calls.len());
    for (at, call) in calls.iter().enumerate() {
        let sent = Redactor::bytes_in(call.input(), Direction::Sent);
        let given = sent.into_iter().filter_map(|it| *first.entry(it).or_insert(None));
        sources.push(given.collect());
        for it in Redactor::bytes_in(call.output(), Direction::Received) {
            first.entry(it).or_insert(Some(at));
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns the groups of a cassette with these operations; `~` marks a call that overlaps the one before.
    fn groups(operations: &[&str]) -> Vec<usize> {
        let interactions: Vec<_> = operations
            .iter()
            .map(|it| {
                json!({
                    "caller": "admin", "operation": it.trim_start_matches('~'), "concurrent": it.starts_with('~'),
                    "input": {}, "status": 200
                })
            })
            .collect();
        let cassette = serde_json::from_value(json!({
            "format": "kms-fixture cassette", "version": 2, "origin": {"kind": "fake"},
            "recorded": "2026-01-01T00:00:00Z", "recorder": "kms-fixture 0.1.0", "scenario": {},
            "interactions": interactions
        }));
        let redactor = Redactor::new("", &[], &[]);
        Playback::new(cassette.unwrap(), redactor.clone(), redactor).groups
    }

    #[test]
    fn a_mutation_is_a_barrier() {
        let (read, write) = ("ListGrants", "RetireGrant");
        assert_eq!(groups(&[read, read, write, read, read]), [0, 0, 1, 2, 2]);
        assert_eq!(groups(&[write, write, write]), [0, 1, 2]);
        assert_eq!(groups(&[write, "~RevokeGrant", "~ListGrants"]), [0, 0, 0]);
        // Calls after a group with a mutation are in another group.
        assert_eq!(groups(&[write, "~ListGrants", read, read]), [0, 0, 1, 1]);
        assert_eq!(groups(&[read, "~RetireGrant", read]), [0, 0, 1]);
    }
}
