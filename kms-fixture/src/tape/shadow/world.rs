//! A world: a fake, and the translation between its values and those of the cassette that it follows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::bytes::{Signed, are_from_outside, imported};
use super::others::{Others, Stay};
use super::unknowable::{Created, without_aliases_of_aws};
use crate::kms::fake::Fake;
use crate::kms::principals::Credential;
use crate::kms::protocol::implemented;
use crate::tape::cassette::Interaction;
use crate::tape::redact::{Difference, Direction, Grade, Redacted, Redactor};

/// The status of an operation that the fake does not support.
const NOT_IMPLEMENTED: u16 = 501;

/// Makes the answer of a fake wrong, for a test.
#[cfg(test)]
pub(crate) type Distortion = fn(&str, u16, &mut Value) -> u16;

/// A fake that has followed some calls of a cassette.
#[derive(Debug)]
pub(crate) struct World {
    pub(super) fake: Arc<Fake>,
    callers: BTreeMap<String, Arc<Credential>>,
    /// The translation from the fake's values to the cassette's.
    pub(super) redactor: Redactor,
    /// How recorded signatures were made.
    pub(super) signed: Signed,
    /// The keys that recorded calls created.
    created: Created,
    /// The fake's marker for each of the cassette's: AWS may return another one for the same place.
    markers: BTreeMap<String, Value>,
    pub(super) others: Others,
    #[cfg(test)]
    pub(super) distort: Option<Distortion>,
}

/// The outcome of a call that a fake has followed.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The fake does not support the call, or the answer shows nothing about the fake.
    Skipped,
    /// The call depends on bytes from outside the recording.
    Outside,
    /// The differences between the answers, and the fake's answer.
    Compared(Vec<Difference>, u16, Value),
}

impl World {
    /// Returns the world before the first call; `fake` was seeded with the cassette's scenario, and with the grants that
    /// have `stays`.
    pub(crate) fn new(
        fake: Arc<Fake>,
        callers: BTreeMap<String, Arc<Credential>>,
        redactor: Redactor,
        stays: Vec<Stay>,
    ) -> Self {
        Self {
            fake,
            callers,
            redactor,
            signed: Signed::default(),
            created: Created::default(),
            markers: BTreeMap::new(),
            others: Others::new(stays),
            #[cfg(test)]
            distort: None,
        }
    }

    /// Sends the recorded call at a position of the cassette to the fake and compares the answers.
    pub(super) fn follow(&mut self, at: usize, interaction: &Interaction) -> Outcome {
        self.others.arrive(at, &mut self.fake.state().store);
        let before = self.redactor.mark();
        self.created.learn(interaction);
        let Some((status, output)) = self.make(interaction) else {
            return Outcome::Skipped;
        };
        if are_from_outside(&self.signed, &self.redactor, interaction, &output) {
            return Outcome::Outside;
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
        let mark = self.redactor.mark();
        let mut differences = self.compare(interaction, status, &output);
        let found = differences.len();
        differences.retain(|it| !self.signed.explains(interaction, it));
        if differences.len() < found {
            // The fake's own text has no pseudonym in the cassette.
            self.redactor.rollback(&mark);
        }
        if interaction.status != 200 {
            // A later call may make what a refused one did not find.
            self.redactor.rollback(&before);
        }
        self.signed.learn(interaction);
        Outcome::Compared(differences, status, output)
    }

    /// Sends a recorded call to the fake. Returns the status and the output; none if the fake does not support it.
    fn make(&mut self, interaction: &Interaction) -> Option<(u16, Value)> {
        let operation = implemented(&interaction.operation)?;
        if self.created.cannot_explain(interaction) {
            return None;
        }
        let credential = Arc::clone(self.callers.get(&interaction.caller)?);
        let mut input = self.redactor.send(interaction.input());
        let marker = interaction.input().value()["Marker"].as_str();
        if let Some(own) = marker.and_then(|it| self.markers.get(it)) {
            input["Marker"] = own.clone();
        }
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
            let marker = tape.value()["NextMarker"].as_str();
            if let (Some(recorded), Some(own)) = (marker, output.get("NextMarker")) {
                self.markers.insert(recorded.to_owned(), own.clone());
            }
            let tape = Redacted::outline(outline(tape.value()));
            return Redactor::compare(&tape, &Redacted::outline(outline(output)));
        }
        match without_aliases_of_aws(&interaction.operation, tape) {
            Some(tape) => self.redactor.align(&tape, output, Direction::Received),
            None => self.redactor.align(tape, output, Direction::Received),
        }
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
            let optional =
                ["Constraints", "RetiringPrincipal", "RetiringServicePrincipal", "TargetKeyId"];
            let members = members.keys().map(String::as_str).filter(|it| !optional.contains(it));
            // A grant has one of two.
            let members = members.map(|it| match it {
                "GranteeServicePrincipal" => "GranteePrincipal",
                other => other,
            });
            members.map(|it| (it.to_owned(), Value::Null)).collect::<Map<_, _>>().into()
        }
        _ => Value::Null,
    }
}
