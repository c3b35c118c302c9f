//! The mistakes of a scenario, each with the JSON path of its place.

use serde_json::Value;

use crate::model::declare::Message;

/// All mistakes, in the order of their discovery.
#[derive(Debug, Default)]
pub(super) struct Mistakes(pub(super) Vec<String>);

impl Mistakes {
    pub(super) fn add(&mut self, at: &str, message: &Message) {
        self.0.push(format!("{at}: {}", message.in_one_line()));
    }

    pub(super) fn extend(&mut self, at: &str, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            self.add(at, &message);
        }
    }

    pub(super) fn wrong_type(&mut self, at: &str, wanted: &str, found: &Value) {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.0.push(format!("{at}: expected {wanted}, found {found}"));
    }
}
