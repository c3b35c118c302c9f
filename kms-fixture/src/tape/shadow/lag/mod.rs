//! Lag: AWS documents that a change may take minutes to arrive. A difference is a note, not drift, if a fake for which
//! an earlier change had not arrived returns the recorded answer.
//!
//! Forgiving must not hide a real difference:
//!
//! * A change that an answer has shown has arrived, for good.
//! * A refusal, or a call that should have been refused, is lag only if the cassette shows its end: the same call with
//!   the other outcome, or a call that accepts the principal.
//! * A read, and the end of a grant that was not found, is lag if the cassette shows the end, or else in three answers
//!   for each change, INVENTED(lag).
//! * A call that changes something and succeeds in both never differs by lag.

mod calls;
mod explain;
mod late;

use std::collections::BTreeSet;

use serde_json::Value;

pub(super) use self::calls::is_end;
use self::explain::Asked;
use self::late::late_principals;
use super::Shadow;
use super::world::{Outcome, World};
use crate::tape::cassette::Interaction;
use crate::tape::redact::Difference;

/// The number of calls that are sent to fakes in other states, for one cassette. Once it is spent, no more differences are
/// notes.
pub(super) const BUDGET: usize = 30_000;

/// The number of calls that are looked up at the cost of one that is sent.
const LOOKED_UP: usize = 100;

/// A change that had not arrived, or that a service made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// The change by the call at this position, of this operation.
    Call(usize, String),
    /// The principal with this ARN or unique id.
    Principal(String),
    /// The grant with this id, which its service made or ended before the call.
    Other(String, bool),
}

/// A call that a world has followed.
#[derive(Clone, Debug)]
pub(super) struct Step {
    at: usize,
    /// The principals that had not arrived at this call.
    hidden: Vec<String>,
}

impl Step {
    /// Returns the step for the call at a position.
    pub(super) fn at(at: usize) -> Self {
        Self { at, hidden: Vec::new() }
    }
}

/// The explanation of a difference.
struct Lag {
    causes: BTreeSet<Cause>,
    /// The world that returns the recorded answer, after that.
    world: World,
    step: Step,
}

impl Shadow {
    /// Returns whether the differences of a call are lag. If so, notes it, and goes on from the recorded answer.
    ///
    /// A replay may make reads in another order than the cassette. The verdict is the same: all calls before this one count,
    /// and none after it.
    pub(super) fn is_lag(
        &mut self,
        at: usize,
        tape: &[Interaction],
        differences: &[Difference],
        status: u16,
        output: &Value,
    ) -> bool {
        let call = &tape[at];
        let may_lag = call.status != status || is_view(call);
        if !may_lag || !self.pay(1 + at / LOOKED_UP) {
            return false;
        }
        let history = std::mem::take(&mut self.history).into_iter();
        let (before, early): (Vec<_>, Vec<_>) = history.partition(|it| it.at < at);
        let made: BTreeSet<_> = before.iter().map(|it| it.at).collect();
        let missing = (0..at).filter(|it| !made.contains(it)).map(Step::at);
        self.history = before.into_iter().chain(missing).collect();
        let is_lag = self.is_lag_by_history(at, tape, differences, status, output);
        self.history.retain(|it| it.at >= at || made.contains(&it.at));
        self.history.extend(early);
        is_lag
    }

    fn is_lag_by_history(
        &mut self,
        at: usize,
        tape: &[Interaction],
        differences: &[Difference],
        status: u16,
        output: &Value,
    ) -> bool {
        let call = &tape[at];
        let late = late_principals(at, tape, differences);
        let mut causes = BTreeSet::new();
        for it in &late {
            let cause = BTreeSet::from([Cause::Principal(it.id.clone())]);
            if !self.may_miss(at, &cause)
                && !tape[at + 1..].iter().any(|later| it.is_shown_by(later))
            {
                return false;
            }
            causes.extend(cause);
        }
        let step = if differences.iter().all(|it| late.iter().any(|late| late.path == it.path)) {
            Step::at(at)
        } else {
            let mark = self.world.redactor.mark();
            let listed = self.world.redactor.output(output);
            self.world.redactor.rollback(&mark);
            let asked = Asked { at, tape, status, listed: listed.value() };
            let Some(lag) = self.explained(&asked) else { return false };
            causes.extend(lag.causes.iter().cloned());
            if call.status != status {
                self.notes.entry(at).or_default().extend(causes);
                self.go_on(lag, tape);
                return true;
            }
            lag.step
        };
        self.notes.entry(at).or_default().extend(causes);
        self.history.push(step);
        true
    }

    /// Goes on from a recorded answer that another state of the fake gave: the changes that had not arrived follow the
    /// call.
    fn go_on(&mut self, lag: Lag, tape: &[Interaction]) {
        let changes = changes_in(&lag.causes);
        let history = std::mem::take(&mut self.history).into_iter();
        let (after, mut before): (Vec<_>, Vec<_>) =
            history.partition(|it| changes.contains(&it.at));
        before.push(lag.step);
        self.world = lag.world;
        for step in &after {
            let _ = follow(&mut self.world, step, tape);
        }
        before.extend(after);
        self.history = before;
    }
}

/// Returns whether a call reads without using a key.
fn is_view(call: &Interaction) -> bool {
    call.status == 200
        && ["Describe", "Get", "List"].iter().any(|it| call.operation.starts_with(it))
}

/// Returns the positions of the calls among causes.
fn changes_in(causes: &BTreeSet<Cause>) -> BTreeSet<usize> {
    let changes = causes.iter().filter_map(|it| match it {
        Cause::Call(at, _) => Some(*at),
        Cause::Principal(_) | Cause::Other(..) => None,
    });
    changes.collect()
}

/// Lets a world follow a call at which some principals had not arrived.
fn follow(world: &mut World, step: &Step, tape: &[Interaction]) -> Outcome {
    let hide = |world: &World, hidden: &[String]| {
        world.fake.state().store.directory.hide(hidden);
    };
    hide(world, &step.hidden);
    let outcome = world.follow(step.at, &tape[step.at]);
    hide(world, &[]);
    outcome
}
