//! The shadow: a fake that follows a cassette. It receives each recorded call, and its answer is compared with the
//! recorded one.
//!
//! All values here are those of the cassette. Ids, tokens and markers that the fake makes are bound to the cassette's
//! at the same places, and are translated in later calls.

mod bytes;
mod infer;
mod report;
mod unknowable;

pub(crate) use infer::infer;
#[cfg(any(test, feature = "cli"))]
pub(crate) use report::Counts;

use bytes::{Signed, imported};
use unknowable::Created;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::kms::fake::Fake;
use crate::kms::principals::Credential;
use crate::kms::protocol::implemented;
use crate::tape::cassette::{Accepted, Interaction};
use crate::tape::redact::{Difference, Direction, Grade, Redacted, Redactor};

/// The status of an operation that the fake does not support.
const NOT_IMPLEMENTED: u16 = 501;

/// A difference between an answer in the cassette and the fake's.
#[derive(Clone, Debug)]
pub(crate) struct Drift {
    /// The number of the call in the cassette, from 1.
    pub(crate) call: usize,
    pub(crate) caller: String,
    pub(crate) operation: String,
    pub(crate) difference: Difference,
}

/// A fake that follows a cassette.
#[derive(Debug)]
pub(crate) struct Shadow {
    fake: Arc<Fake>,
    callers: BTreeMap<String, Arc<Credential>>,
    /// The translation from the fake's values to the cassette's.
    redactor: Redactor,
    accepted: Vec<Accepted>,
    /// The accepted differences that have occurred.
    occurred: BTreeSet<usize>,
    drifts: Vec<Drift>,
    compared: usize,
    /// The number of calls that the fake does not support, or whose answers show nothing about the fake.
    skipped: usize,
    /// The number of these that depend on bytes from outside the recording.
    outside: usize,
    /// How recorded signatures were made.
    signed: Signed,
    /// The keys that recorded calls created.
    created: Created,
    #[cfg(test)]
    pub(crate) distort: Option<fn(&str, u16, &mut Value) -> u16>,
}

impl Shadow {
    /// Returns the shadow of a cassette; `fake` was seeded with its scenario.
    pub(crate) fn new(
        fake: Arc<Fake>,
        callers: BTreeMap<String, Arc<Credential>>,
        redactor: Redactor,
        accepted: Vec<Accepted>,
    ) -> Self {
        Self {
            fake,
            callers,
            redactor,
            accepted,
            occurred: BTreeSet::new(),
            drifts: Vec::new(),
            compared: 0,
            skipped: 0,
            outside: 0,
            signed: Signed::default(),
            created: Created::default(),
            #[cfg(test)]
            distort: None,
        }
    }

    /// Follows every call of a cassette.
    #[cfg(any(test, feature = "cli", feature = "record"))]
    pub(crate) fn follow_all(&mut self, interactions: &[Interaction]) {
        for (at, call) in interactions.iter().enumerate() {
            self.follow(at + 1, call);
        }
    }

    /// Sends a recorded call to the fake and compares the answers.
    pub(crate) fn follow(&mut self, call: usize, interaction: &Interaction) {
        self.created.learn(interaction);
        let Some((status, output)) = self.make(interaction) else {
            self.skipped += 1;
            return;
        };
        if self.is_about_bytes_from_outside(interaction, &output) {
            self.skipped += 1;
            self.outside += 1;
            return;
        }
        #[cfg(test)]
        let (status, output) = match self.distort {
            Some(distort) => {
                let mut output = output;
                let status = distort(&interaction.operation, status, &mut output);
                (status, output)
            }
            None => (status, output),
        };
        self.compared += 1;
        let mark = self.redactor.mark();
        let mut differences = self.compare(interaction, status, &output);
        let found = differences.len();
        differences.retain(|it| !self.signed.explains(interaction, it));
        if differences.len() < found {
            // The fake's own text has no pseudonym in the cassette.
            self.redactor.rollback(&mark);
        }
        self.signed.learn(interaction);
        for difference in differences {
            let covered =
                self.accepted.iter().position(|it| it.covers(&interaction.operation, &difference));
            match covered {
                Some(at) => {
                    self.occurred.insert(at);
                }
                None => self.drifts.push(Drift {
                    call,
                    caller: interaction.caller.clone(),
                    operation: interaction.operation.clone(),
                    difference,
                }),
            }
        }
    }

    /// Sends a recorded call to the fake. Returns the status and the output; none if the fake does not support it.
    fn make(&mut self, interaction: &Interaction) -> Option<(u16, Value)> {
        let operation = implemented(&interaction.operation)?;
        // The custom key stores of an account cannot be declared.
        if operation == "DescribeCustomKeyStores" {
            return None;
        }
        if self.created.cannot_explain(interaction) {
            return None;
        }
        let credential = Arc::clone(self.callers.get(&interaction.caller)?);
        let input = self.redactor.restore(interaction.input(), Direction::Sent);
        let material = imported(interaction);
        let (status, output) = self.fake.ask(&credential, operation, &input, material);
        (status != NOT_IMPLEMENTED).then_some((status, output))
    }

    fn compare(
        &mut self,
        interaction: &Interaction,
        status: u16,
        output: &Value,
    ) -> Vec<Difference> {
        let tape = interaction.output();
        if interaction.status != status {
            let mut differences = vec![Difference {
                path: "$".to_owned(),
                grade: Grade::Status,
                first: Some(interaction.status.into()),
                second: Some(status.into()),
            }];
            let code = |it: &Value| it.get("__type").cloned();
            let (first, second) = (code(tape.value()), code(output));
            if first != second {
                differences.push(Difference {
                    path: "$.__type".to_owned(),
                    grade: Grade::Code,
                    first,
                    second,
                });
            }
            return differences;
        }
        let input = interaction.input();
        let is_page = |it: &Value| it.get("Truncated") == Some(&Value::Bool(true));
        if input.value().get("Marker").is_some() || is_page(tape.value()) || is_page(output) {
            // The elements of a page depend on an order that AWS does not promise, and markers differ.
            let marker = |it: &Value| it.get("NextMarker").map(|it| json!({ "NextMarker": it }));
            if let (Some(recorded), Some(own)) = (marker(tape.value()), marker(output)) {
                self.redactor.align(&Redacted::outline(recorded), &own, Direction::Received);
            }
            let tape = Redacted::outline(outline(tape.value()));
            return Redactor::compare(&tape, &Redacted::outline(outline(output)));
        }
        self.redactor.align(tape, output, Direction::Received)
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

    /// Returns how many calls were compared, and how many could not be compared.
    #[cfg(any(test, feature = "cli"))]
    pub(crate) fn counts(&self) -> Counts {
        Counts { compared: self.compared, skipped: self.skipped, outside: self.outside }
    }

    /// Returns a value of the fake, translated into the cassette's.
    pub(crate) fn of_fake(&mut self, value: &Value) -> Redacted {
        self.redactor.output(value)
    }

    /// Returns the fake.
    pub(crate) fn fake(&self) -> &Arc<Fake> {
        &self.fake
    }
}

/// Returns a page without its texts: the number of elements and their members.
fn outline(output: &Value) -> Value {
    let Value::Object(members) = output else {
        return output.clone();
    };
    let members = members.iter().map(|(member, value)| {
        let value = match value {
            Value::Array(elements) => elements.iter().map(outline_of_element).collect(),
            Value::String(_) => Value::from("a text"),
            other => other.clone(),
        };
        (member.clone(), value)
    });
    Value::Object(members.collect::<Map<_, _>>())
}

fn outline_of_element(element: &Value) -> Value {
    match element {
        // The presence of these depends on the grant.
        Value::Object(members) => {
            let optional = ["Constraints", "RetiringPrincipal", "TargetKeyId"];
            let members = members.keys().filter(|it| !optional.contains(&it.as_str()));
            members.map(|it| (it.clone(), Value::Null)).collect::<Map<_, _>>().into()
        }
        _ => Value::Null,
    }
}
