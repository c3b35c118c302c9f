//! Explanations: the changes and principals without which a fake returns the recorded answer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::calls::{ends, ids, is_same_call, makes, principals, shows};
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

/// The call whose differences are in question.
pub(super) struct Asked<'a> {
    pub(super) at: usize,
    pub(super) tape: &'a [Interaction],
    /// The fake's status.
    pub(super) status: u16,
    /// The fake's answer, with the values of the cassette.
    pub(super) listed: &'a Value,
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
        let changes: Vec<_> =
            changes.into_iter().filter(|it| !self.has_arrived(*it, asked.tape)).collect();
        let mut candidates: Vec<BTreeSet<usize>> = Vec::new();
        candidates.extend(self.changes_of_grants(asked));
        candidates.extend(changes.iter().map(|it| BTreeSet::from([*it])));
        candidates.extend((2..=changes.len()).map(|it| changes[..it].iter().copied().collect()));
        candidates.retain(|it| !it.is_empty() && it.iter().all(|it| changes.contains(it)));
        candidates.into_iter().find_map(|it| self.explained_by(asked, &it))
    }

    /// Returns the calls that made or ended the grants in which two lists differ.
    fn changes_of_grants(&self, asked: &Asked<'_>) -> Option<BTreeSet<usize>> {
        let Asked { tape, at, listed, .. } = asked;
        let recorded = ids(tape[*at].output().value())?;
        let own = ids(listed)?;
        let changes = recorded.symmetric_difference(&own).map(|id| {
            let is_change = |it: &&Step| {
                let it = &tape[it.at];
                let is_end = matches!(it.operation.as_str(), "RetireGrant" | "RevokeGrant");
                if recorded.contains(id) { is_end && ends(it, id, tape) } else { makes(it, id) }
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
        let Asked { tape, at, status, .. } = asked;
        let call = &tape[*at];
        let causes: BTreeSet<_> =
            changes.iter().map(|it| Cause::Call(*it, tape[*it].operation.clone())).collect();
        let step = Step::at(*at);
        let later = &tape[at + 1..];
        let allowed = if call.status == *status {
            self.may_miss(*at, &causes) || later.iter().any(|it| shows(it, call, changes, tape))
        } else {
            later.iter().any(|it| is_same_call(it, call) && it.status != call.status)
        };
        if !allowed {
            return None;
        }
        let world = self.world_without(changes, self.history.len(), &step, tape)?;
        Some(Lag { causes, world, step })
    }

    /// Returns whether a read may miss these changes although the cassette does not show their arrival.
    pub(super) fn may_miss(&self, at: usize, causes: &BTreeSet<Cause>) -> bool {
        let missed = |cause: &Cause| {
            self.notes.iter().filter(|(it, causes)| **it != at && causes.contains(cause)).count()
        };
        causes.iter().all(|it| missed(it) < MISSED)
    }

    /// Returns whether an answer so far shows that the change by a call had arrived.
    fn has_arrived(&mut self, change: usize, tape: &[Interaction]) -> bool {
        let Some(mut world) = self.again() else { return true };
        let history = self.history.clone();
        let mut made = history.iter().enumerate().skip_while(|(_, it)| it.at != change).skip(1);
        let before = history.iter().take_while(|it| it.at != change);
        for it in before {
            let _ = follow(&mut world, it, tape);
        }
        made.any(|(place, it)| {
            let outcome = follow(&mut world, it, tape);
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
                    is_new && self.world_without(&missed, place, it, tape).is_none()
                }
            }
        })
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
        for it in self.history[..length].iter().filter(|it| !changes.contains(&it.at)) {
            let _ = follow(&mut world, it, tape);
        }
        let outcome = follow(&mut world, step, tape);
        let is_answer = matches!(outcome, Outcome::Compared(..));
        (is_answer && !self.differs(&outcome, step.at, tape)).then_some(world)
    }

    /// Makes the world before the first call once more, unless that was done too often.
    fn again(&mut self) -> Option<World> {
        self.budget = self.budget.checked_sub(self.history.len() + 1)?;
        #[allow(unused_mut)] // without tests
        let mut world = (self.make)()?;
        #[cfg(test)]
        {
            world.distort = self.world.distort;
        }
        Some(world)
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
