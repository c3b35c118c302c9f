//! The shadow: a fake that follows a cassette. It receives each recorded call, and its answer is compared with the
//! recorded one.
//!
//! All values here are those of the cassette. Ids, tokens and markers that the fake makes are bound to the cassette's
//! at the same places, and are translated in later calls.

mod before;
mod bytes;
mod infer;
mod lag;
mod others;
mod report;
mod unknowable;
mod world;

pub(crate) use before::{Before, KeyBefore};
pub(crate) use infer::infer;
pub(crate) use others::{Stay, stays};
#[cfg(any(test, feature = "cli"))]
pub(crate) use report::Counts;
#[cfg(feature = "cli")]
pub(crate) use report::Repeated;
#[cfg(test)]
pub(crate) use world::Distortion;
pub(crate) use world::World;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use self::lag::{Cause, Step};
use self::world::Outcome;
use crate::kms::fake::Fake;
use crate::tape::cassette::{Accepted, Interaction};
use crate::tape::redact::{Difference, Redacted};

/// A difference between an answer in the cassette and the fake's.
#[derive(Clone, Debug)]
pub(crate) struct Drift {
    /// The number of the call in the cassette, from 1.
    pub(crate) call: usize,
    pub(crate) caller: String,
    pub(crate) operation: String,
    pub(crate) difference: Difference,
}

/// Makes the world before the first call, again and again.
pub(crate) type MakeWorld = Box<dyn Fn() -> Option<World> + Send>;

/// A fake that follows a cassette.
pub(crate) struct Shadow {
    world: World,
    make: MakeWorld,
    /// The calls that the world has followed, in its order.
    history: Vec<Step>,
    accepted: Vec<Accepted>,
    /// The accepted differences that have occurred.
    occurred: BTreeSet<usize>,
    drifts: Vec<Drift>,
    /// The calls that were answered before a change had arrived, by their number in the cassette.
    notes: BTreeMap<usize, BTreeSet<Cause>>,
    /// The call whose answer showed that the change by a call had arrived, by the latter's position.
    arrived: BTreeMap<usize, usize>,
    /// The number of calls that may still be sent to fakes in other states.
    budget: usize,
    /// The number of keys and grants in the world before the first call.
    size: usize,
    compared: usize,
    /// The number of calls that the fake does not support, or whose answers show nothing about the fake.
    skipped: usize,
    /// The number of these that depend on bytes from outside the recording.
    outside: usize,
}

impl fmt::Debug for Shadow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shadow").field("world", &self.world).finish_non_exhaustive()
    }
}

impl Shadow {
    /// Returns the shadow of a cassette that starts in `world`, with a number of keys and grants; `make` makes the same world
    /// again.
    pub(crate) fn new(world: World, size: usize, make: MakeWorld, accepted: Vec<Accepted>) -> Self {
        Self {
            size,
            arrived: BTreeMap::new(),
            world,
            make,
            history: Vec::new(),
            accepted,
            occurred: BTreeSet::new(),
            drifts: Vec::new(),
            notes: BTreeMap::new(),
            budget: lag::BUDGET,
            compared: 0,
            skipped: 0,
            outside: 0,
        }
    }

    /// Makes the answers of the fake wrong.
    #[cfg(test)]
    pub(crate) fn distort(&mut self, distortion: Option<Distortion>) {
        self.world.distort = distortion;
    }

    /// Takes no difference for lag.
    #[cfg(test)]
    pub(crate) fn forgive_nothing(&mut self) {
        self.budget = 0;
    }

    /// Follows every call of a cassette.
    #[cfg(any(test, feature = "cli", feature = "record"))]
    pub(crate) fn follow_all(&mut self, interactions: &[Interaction]) {
        for at in 0..interactions.len() {
            self.follow(at, interactions);
        }
    }

    /// Sends the call at a position of the cassette to the fake and compares the answers.
    pub(crate) fn follow(&mut self, at: usize, tape: &[Interaction]) {
        let interaction = &tape[at];
        let others: Vec<_> = self
            .world
            .others
            .changes(at)
            .map(|(grant, appears)| Cause::Other(grant.to_owned(), appears))
            .collect();
        if !others.is_empty() {
            self.notes.entry(at).or_default().extend(others);
        }
        match self.world.follow(at, interaction) {
            Outcome::Skipped => self.skipped += 1,
            Outcome::Outside => {
                self.skipped += 1;
                self.outside += 1;
            }
            Outcome::Compared(differences, status, output) => {
                self.compared += 1;
                let (accepted, rest): (Vec<_>, Vec<_>) =
                    differences.into_iter().partition(|it| self.covered(interaction, it).is_some());
                let occurred = accepted.iter().filter_map(|it| self.covered(interaction, it));
                self.occurred.extend(occurred.collect::<Vec<_>>());
                if !rest.is_empty() && self.is_lag(at, tape, &rest, status, &output) {
                    return;
                }
                self.drifts.extend(rest.into_iter().map(|difference| Drift {
                    call: at + 1,
                    caller: interaction.caller.clone(),
                    operation: interaction.operation.clone(),
                    difference,
                }));
            }
        }
        self.history.push(Step::at(at));
    }

    /// Returns the position of the accepted difference that covers one.
    fn covered(&self, interaction: &Interaction, difference: &Difference) -> Option<usize> {
        self.accepted.iter().position(|it| it.covers(&interaction.operation, difference))
    }

    /// Returns the differences that are not accepted.
    pub(crate) fn drifts(&self) -> &[Drift] {
        &self.drifts
    }

    /// Returns whether there is nothing to report.
    pub(crate) fn is_good(&self, whole: bool) -> bool {
        self.drifts.is_empty() && (!whole || self.expired().next().is_none())
    }

    /// Returns the accepted differences that have not occurred.
    pub(crate) fn expired(&self) -> impl Iterator<Item = &Accepted> {
        let all = self.accepted.iter().enumerate();
        all.filter(|(at, _)| !self.occurred.contains(at)).map(|(_, it)| it)
    }

    /// Returns a value of the fake, translated into the cassette's.
    pub(crate) fn of_fake(&mut self, value: &Value) -> Redacted {
        self.world.redactor.output(value)
    }

    /// Returns the fake.
    pub(crate) fn fake(&self) -> &Arc<Fake> {
        &self.world.fake
    }
}
