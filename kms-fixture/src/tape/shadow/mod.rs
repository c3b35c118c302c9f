//! The fake beside a tape: each recorded call is made of it as well, and the answers are compared.
//!
//! Everything here speaks the language of the tape. What the fake makes (ids of grants and keys, tokens, markers) is
//! bound to what the tape has at the same place, and goes into later calls that way.

mod bytes;
mod infer;
mod report;

pub(crate) use infer::infer;
#[cfg(any(test, feature = "cli"))]
pub(crate) use report::Counts;

use bytes::{Signed, imported};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::kms::fake::Fake;
use crate::kms::principals::Credential;
use crate::kms::protocol::implemented;
use crate::tape::cassette::{Accepted, Interaction};
use crate::tape::redact::{Difference, Direction, Grade, Redacted, Redactor};

/// The status by which the fake says that it does not have an operation.
const NOT_IMPLEMENTED: u16 = 501;

/// A difference between an answer on the tape and the fake's.
#[derive(Clone, Debug)]
pub(crate) struct Drift {
    /// Which call of the tape, from 1.
    pub(crate) call: usize,
    pub(crate) caller: String,
    pub(crate) operation: String,
    pub(crate) difference: Difference,
}

/// A fake that follows a tape.
#[derive(Debug)]
pub(crate) struct Shadow {
    fake: Arc<Fake>,
    callers: BTreeMap<String, Arc<Credential>>,
    /// From what the fake calls things to what the tape does.
    redactor: Redactor,
    accepted: Vec<Accepted>,
    /// Which accepted differences have occurred.
    occurred: BTreeSet<usize>,
    drifts: Vec<Drift>,
    compared: usize,
    /// Calls that the fake cannot make, or that the live service itself failed.
    skipped: usize,
    /// Those among them that hang on bytes which no recorded answer has given.
    outside: usize,
    /// How recorded signatures were made.
    signed: Signed,
    #[cfg(test)]
    pub(crate) distort: Option<fn(&str, u16, &mut Value) -> u16>,
}

impl Shadow {
    /// A shadow of a tape whose redacted scenario `fake` was seeded with.
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
            #[cfg(test)]
            distort: None,
        }
    }

    /// Follows every call of a tape that is played to nobody.
    #[cfg(any(test, feature = "cli"))]
    pub(crate) fn follow_all(&mut self, interactions: &[Interaction]) {
        for (at, call) in interactions.iter().enumerate() {
            self.follow(at + 1, call);
        }
    }

    /// Makes the call of the fake and compares.
    pub(crate) fn follow(&mut self, call: usize, interaction: &Interaction) {
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
            // What the fake has made instead has no name on the tape.
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

    /// The fake's status and output.
    fn make(&mut self, interaction: &Interaction) -> Option<(u16, Value)> {
        let operation = implemented(&interaction.operation)?;
        // What the live service could not do at that moment says nothing about the fake.
        let throttled = interaction.output().value()["__type"] == "ThrottlingException";
        if interaction.status >= 500 || throttled || interaction.opaque.is_some() {
            return None;
        }
        let credential = Arc::clone(self.callers.get(&interaction.caller)?);
        let input = self.redactor.restore(interaction.input(), Direction::Sent);
        let body = Bytes::from(input.to_string());
        let outcome = match imported(interaction) {
            Some(name) => self.fake.import(&credential, &body, name),
            None => self.fake.run(&credential, operation, &body),
        };
        let response = self.fake.respond(outcome);
        let status = response.status().as_u16();
        if status == NOT_IMPLEMENTED {
            return None;
        }
        let output = serde_json::from_slice(response.body()).unwrap_or_default();
        Some((status, output))
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
            // Which elements stand on a page depends on an order that nobody has promised. The way to the next page is
            // each one's own.
            let marker = |it: &Value| it.get("NextMarker").map(|it| json!({ "NextMarker": it }));
            if let (Some(recorded), Some(own)) = (marker(tape.value()), marker(output)) {
                self.redactor.align(&Redacted::outline(recorded), &own, Direction::Received);
            }
            let tape = Redacted::outline(outline(tape.value()));
            return Redactor::compare(&tape, &Redacted::outline(outline(output)));
        }
        self.redactor.align(tape, output, Direction::Received)
    }

    /// What the fake and the tape do not agree on, and nobody has accepted.
    pub(crate) fn drifts(&self) -> &[Drift] {
        &self.drifts
    }

    /// Whether there is nothing to tell about.
    pub(crate) fn is_good(&self, whole: bool) -> bool {
        self.drifts.is_empty() && (!whole || self.expired().next().is_none())
    }

    /// Accepted differences that have not occurred.
    pub(crate) fn expired(&self) -> impl Iterator<Item = &Accepted> {
        let all = self.accepted.iter().enumerate();
        all.filter(|(at, _)| !self.occurred.contains(at)).map(|(_, it)| it)
    }

    /// How many calls were compared, and how many could not be.
    #[cfg(any(test, feature = "cli"))]
    pub(crate) fn counts(&self) -> Counts {
        Counts { compared: self.compared, skipped: self.skipped, outside: self.outside }
    }

    /// A value of the fake in the language of the tape.
    pub(crate) fn of_fake(&mut self, value: &Value) -> Redacted {
        self.redactor.output(value)
    }

    /// The fake itself.
    pub(crate) fn fake(&self) -> &Arc<Fake> {
        &self.fake
    }
}

/// A page without what stands on it: how many elements, of which members.
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
        // Which of these a grant has depends on the grant.
        Value::Object(members) => {
            let optional = ["Constraints", "RetiringPrincipal", "TargetKeyId"];
            let members = members.keys().filter(|it| !optional.contains(&it.as_str()));
            members.map(|it| (it.clone(), Value::Null)).collect::<Map<_, _>>().into()
        }
        _ => Value::Null,
    }
}
