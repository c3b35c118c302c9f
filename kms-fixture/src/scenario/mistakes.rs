//! The mistakes of a scenario, each with the JSON path of its place.

use std::fmt::{self, Display};

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
        self.extend_at(at, messages);
    }

    /// Adds mistakes at a path that becomes text only if there are any.
    pub(super) fn extend_at(
        &mut self,
        at: impl Display,
        messages: impl IntoIterator<Item = Message>,
    ) {
        for message in messages {
            self.add(&at.to_string(), &message);
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

/// A JSON path, which becomes text only if there is a mistake.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'a> {
    Root(&'a str),
    Member(&'a At<'a>, &'a str),
    Element(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    pub(super) fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    pub(super) fn element(&'a self, index: usize) -> Self {
        Self::Element(self, index)
    }
}

impl Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(path) => f.write_str(path),
            Self::Member(at, name) => write!(f, "{at}.{name}"),
            Self::Element(at, index) => write!(f, "{at}[{index}]"),
        }
    }
}
