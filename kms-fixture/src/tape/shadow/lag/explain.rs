//! Explanations: the changes and principals without which a fake returns the recorded answer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::calls::{ends, ids, is_end, is_same_call, makes, principals, shows};
use super::late::late_principals;
use super::{Cause, Lag, Step, changes_in, follow};
use crate::api::is_mutation;
use crate::tape::cassette::Interaction;
use crate::tape::redact::Difference;
use crate::tape::shadow::Shadow;
use crate::tape::shadow::world::{Outcome, World};

/// The number of reads that a change may miss without an end in the cassette.
const MISSED: usize = 3;

/// The number of the last changes that are examined for one difference.
const CHANGES: usize = 16;

/// The refusals of a principal that does not exist.
const PRINCIPALS_MISSING: [&str; 2] = ["InvalidArnException", "MalformedPolicyDocumentException"];

/// The number of keys and grants that are seeded at the cost of one call.
const SEEDED: usize = 8;

/// The number of listed things that are compared at the cost of one call.
const COMPARED: usize = 4;

/// The call whose differences are in question.
pub(super) struct Asked<'a> {
    pub(super) at: usize,
    pub(super) tape: &'a [Interaction],
    /// The fake's status.
    pub(super) status: u16,
    /// The fake's answer, with the values of the cassette.
    pub(super) listed: &'a Value,
}

impl Asked<'_> {
    /// Returns whether two lists of grants are in question, and neither is a page.
    fn is_whole_list(&self) -> bool {
        let call = &self.tape[self.at];
        let is_whole =
            |it: &Value| it.get("Grants").is_some() && it["Truncated"] == Value::Bool(false);
        let is_page = call.input().value().get("Marker").is_some();
        !is_page && is_whole(call.output().value()) && is_whole(self.listed)
    }
}

/// Returns the causes of lag by the changes of calls.
fn causes(changes: &BTreeSet<usize>, tape: &[Interaction]) -> BTreeSet<Cause> {
    changes.iter().map(|it| Cause::Call(*it, tape[*it].operation.clone())).collect()
}

/// Returns the cost of a call that a fake has answered.
fn cost(outcome: &Outcome) -> usize {
    let Outcome::Compared(_, _, output) = outcome else { return 1 };
    let members = output.as_object().into_iter().flat_map(|it| it.values());
    let listed: usize = members.filter_map(Value::as_array).map(Vec::len).sum();
    1 + listed / COMPARED
}

impl Shadow {
    /// Returns the explanation of an answer by changes that had not arrived.
    pub(super) fn explained(&mut self, asked: &Asked<'_>) -> Option<Lag> {
        let call = &asked.tape[asked.at];
        if PRINCIPALS_MISSING.iter().any(|it| call.output().value()["__type"] == *it) {
            let arns = principals(call.input().value());
            return arns.into_iter().find_map(|it| self.explained_by_principal(asked, it));
        }
        let changes = self.history.iter().rev().map(|it| it.at);
        let is_change =
            |it: &usize| is_mutation(&asked.tape[*it].operation) && asked.tape[*it].status == 200;
        let changes: Vec<_> = changes.filter(is_change).take(CHANGES).collect();
        if asked.is_whole_list() {
            // Only these change a list.
            let grants = self.changes_of_grants(asked)?;
            let is_recent = !grants.is_empty() && grants.iter().all(|it| changes.contains(it));
            return if is_recent { self.explained_by_new(asked, &grants) } else { None };
        }
        let grants = self.changes_of_grants(asked).filter(|it| !it.is_empty());
        let first = grants.filter(|it| it.iter().all(|it| changes.contains(it)));
        let single = changes.iter().map(|it| BTreeSet::from([*it]));
        for it in first.into_iter().chain(single) {
            let found = self.explained_by_new(asked, &it);
            if found.is_some() {
                return found;
            }
        }
        let mut several = BTreeSet::new();
        for it in changes {
            let more = BTreeSet::from([it]);
            if self.is_allowed(asked, &more) && !self.has_arrived(it, asked.tape) {
                several.extend(more);
                let found = (several.len() > 1).then(|| self.explained_by(asked, &several));
                if let Some(Some(found)) = found {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Returns the explanation by changes that no answer has shown yet.
    fn explained_by_new(&mut self, asked: &Asked<'_>, changes: &BTreeSet<usize>) -> Option<Lag> {
        let found = self.explained_by(asked, changes)?;
        let is_new = !changes.iter().any(|it| self.has_arrived(*it, asked.tape));
        is_new.then_some(found)
    }

    /// Returns the calls that made or ended the grants in which two lists differ.
    fn changes_of_grants(&self, asked: &Asked<'_>) -> Option<BTreeSet<usize>> {
        let Asked { tape, at, listed, .. } = asked;
        let recorded = ids(tape[*at].output().value())?;
        let own = ids(listed)?;
        let changes = recorded.symmetric_difference(&own).map(|id| {
            let is_change = |it: &&Step| {
                let it = &tape[it.at];
                if recorded.contains(id) { ends(it, id, tape) } else { makes(it, id) }
            };
            self.history.iter().find(is_change).map(|it| it.at)
        });
        changes.collect()
    }

    /// Returns the explanation by a principal that had not arrived: a later call accepts it. After a call has accepted it,
    /// it may be missing a few times, because it arrives in several places of AWS, INVENTED(lag).
    fn explained_by_principal(&mut self, asked: &Asked<'_>, arn: String) -> Option<Lag> {
        let Asked { tape, at, .. } = asked;
        let accepts =
            |it: &Interaction| it.status == 200 && principals(it.input().value()).contains(&arn);
        let refuses = |it: &&Interaction| {
            let is_missing =
                PRINCIPALS_MISSING.iter().any(|code| it.output().value()["__type"] == *code);
            is_missing && principals(it.input().value()).contains(&arn)
        };
        let first = tape[..*at].iter().position(accepts).unwrap_or(*at);
        let again = tape[first..*at].iter().filter(refuses).count();
        if again >= MISSED || !tape[at + 1..].iter().any(accepts) {
            return None;
        }
        let step = Step { at: *at, hidden: vec![arn.clone()] };
        let world = self.world_without(&BTreeSet::new(), self.history.len(), &step, tape)?;
        Some(Lag { causes: BTreeSet::from([Cause::Principal(arn)]), world, step })
    }

    /// Returns the explanation by changes that had not arrived.
    fn explained_by(&mut self, asked: &Asked<'_>, changes: &BTreeSet<usize>) -> Option<Lag> {
        if !self.is_allowed(asked, changes) {
            return None;
        }
        let step = Step::at(asked.at);
        let world = self.world_without(changes, self.history.len(), &step, asked.tape)?;
        Some(Lag { causes: causes(changes, asked.tape), world, step })
    }

    /// Returns whether a call may miss these changes.
    fn is_allowed(&self, asked: &Asked<'_>, changes: &BTreeSet<usize>) -> bool {
        let Asked { tape, at, status, .. } = asked;
        let call = &tape[*at];
        let mut later = tape[at + 1..].iter();
        if call.status == *status {
            self.may_miss(*at, &causes(changes, tape))
                || later.any(|it| shows(it, call, changes, tape))
        } else {
            later.any(|it| is_same_call(it, call) && it.status != call.status)
                || finds_no_grant(call) && self.may_miss(*at, &causes(changes, tape))
        }
    }

    /// Returns whether an answer may miss these changes although the cassette does not show their arrival.
    pub(super) fn may_miss(&self, at: usize, causes: &BTreeSet<Cause>) -> bool {
        let missed = |cause: &Cause| {
            self.notes.iter().filter(|(it, causes)| **it != at && causes.contains(cause)).count()
        };
        causes.iter().all(|it| missed(it) < MISSED)
    }

    /// Returns whether an answer so far shows that the change by a call had arrived.
    fn has_arrived(&mut self, change: usize, tape: &[Interaction]) -> bool {
        let shown = self.arrived.get(&change);
        if shown.is_some_and(|shown| self.history.iter().any(|it| it.at == *shown)) {
            return true;
        }
        let Some(mut world) = self.again() else { return true };
        let history = self.history.clone();
        let mut made = history.iter().enumerate().skip_while(|(_, it)| it.at != change).skip(1);
        let before = history.iter().take_while(|it| it.at != change);
        for it in before {
            let _ = self.send(&mut world, it, tape);
        }
        let shown = made.find(|(place, it)| {
            let Some(outcome) = self.send(&mut world, it, tape) else { return true };
            // A grant token works before its grant has arrived.
            let has_tokens = tape[it.at].input().value().get("GrantTokens").is_some();
            let has_drift = self.drifts.iter().any(|drift| drift.call == it.at + 1);
            if has_tokens || has_drift {
                return false;
            }
            match self.notes.get(&it.at) {
                None => self.differs(&outcome, it.at, tape),
                // The answer had missed other changes.
                Some(causes) => {
                    let mut missed = changes_in(causes);
                    let is_new = missed.insert(change);
                    is_new && self.world_without(&missed, *place, it, tape).is_none()
                }
            }
        });
        let shown = shown.map(|(_, it)| it.at);
        self.arrived.extend(shown.map(|it| (change, it)));
        shown.is_some()
    }

    /// Returns the world in which changes had not arrived after the first calls of the history, once it has given the
    /// recorded answer to the call of `step`; nothing if it answers otherwise.
    fn world_without(
        &mut self,
        changes: &BTreeSet<usize>,
        length: usize,
        step: &Step,
        tape: &[Interaction],
    ) -> Option<World> {
        let mut world = self.again()?;
        let history = self.history[..length].to_vec();
        for it in history.iter().filter(|it| !changes.contains(&it.at)) {
            let _ = self.send(&mut world, it, tape)?;
        }
        let outcome = self.send(&mut world, step, tape)?;
        let is_answer = matches!(outcome, Outcome::Compared(..));
        (is_answer && !self.differs(&outcome, step.at, tape)).then_some(world)
    }

    /// Lets a world follow a call, unless too much was sent already.
    fn send(&mut self, world: &mut World, step: &Step, tape: &[Interaction]) -> Option<Outcome> {
        let outcome = (self.budget > 0).then(|| follow(world, step, tape))?;
        self.pay(cost(&outcome)).then_some(outcome)
    }

    /// Makes the world before the first call once more, unless too much was sent already.
    fn again(&mut self) -> Option<World> {
        self.pay(self.size / SEEDED + 1).then_some(())?;
        #[allow(unused_mut)] // without tests
        let mut world = (self.make)()?;
        #[cfg(test)]
        {
            world.distort = self.world.distort;
        }
        Some(world)
    }

    /// Takes a cost from the budget. Returns false, for good, once that is not possible any more.
    pub(super) fn pay(&mut self, cost: usize) -> bool {
        self.budget = self.budget.saturating_sub(cost);
        self.budget > 0
    }

    /// Returns whether an outcome has differences that are neither accepted nor those of a principal's name.
    fn differs(&self, outcome: &Outcome, at: usize, tape: &[Interaction]) -> bool {
        let Outcome::Compared(differences, ..) = outcome else {
            return false;
        };
        let late = late_principals(at, tape, differences);
        let is_late = |it: &Difference| late.iter().any(|late| late.path == it.path);
        differences.iter().any(|it| self.covered(&tape[at], it).is_none() && !is_late(it))
    }
}

/// Returns whether a call was to end a grant that the service did not find.
fn finds_no_grant(call: &Interaction) -> bool {
    is_end(call) && call.output().value()["__type"] == "NotFoundException"
}
