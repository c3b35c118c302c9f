//! An experiment: a question, the calls that ask it, and the answers of the fake.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::scenario::{ADMIN, Scenario};

/// An experiment as `experiments/*.toml` has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Experiment {
    /// The mark of the guess in `guesses.md`, or the name of the fact in dispute.
    pub(crate) mark: String,
    /// The sources that disagree, for a fact in dispute; nothing for a guess.
    pub(crate) disputed: Option<String>,
    pub(crate) question: String,
    /// Why there are no calls that ask the question.
    pub(crate) why_not: Option<String>,
    /// The names of the shared keys that the calls use. Default: `orders`.
    #[serde(default = "orders")]
    pub(crate) keys: Vec<String>,
    /// The scenario, without the shared keys.
    #[serde(default)]
    pub(super) scenario: Map<String, Value>,
    #[serde(default)]
    pub(crate) calls: Vec<Step>,
}

/// A call of an experiment. Without `answers` and `error` it has to succeed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// The operation.
    pub(crate) call: String,
    /// The caller's declared name. Default: `admin`.
    #[serde(default = "admin")]
    pub(crate) by: String,
    #[serde(default = "empty")]
    pub(crate) input: Value,
    /// Members of the fake's answer; `*` in a text is any text.
    pub(crate) answers: Option<Value>,
    /// The code of the fake's error.
    pub(crate) error: Option<String>,
    /// The text of the fake's error; empty if it has none.
    pub(crate) message: Option<String>,
    /// How often the call is made. Each but the last has to succeed. `{n}` is the number of the call, from 1.
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// Whether AWS may need some time before it answers so.
    #[serde(default)]
    pub(crate) settles: bool,
    /// The seconds to wait on AWS before the call, or before the first of several.
    #[serde(default)]
    pub(crate) pause: u64,
}

fn orders() -> Vec<String> {
    vec!["orders".to_owned()]
}

fn admin() -> String {
    ADMIN.to_owned()
}

fn empty() -> Value {
    json!({})
}

fn once() -> u32 {
    1
}

impl Experiment {
    /// Returns the scenario, with the shared keys as `declared`.
    ///
    /// # Errors
    ///
    /// A key that is not declared; a scenario that is not valid.
    pub(super) fn scenario(&self, declared: &Map<String, Value>) -> Result<Scenario, Error> {
        let wrong =
            |why: String| Error::new(format!("the experiment `{}` is not valid: {why}", self.mark));
        let mut keys = Map::new();
        for name in &self.keys {
            let key = declared.get(name).ok_or_else(|| wrong(format!("no key `{name}`")))?;
            keys.insert(name.clone(), key.clone());
        }
        let mut scenario = self.scenario.clone();
        scenario.insert("keys".to_owned(), keys.into());
        serde_json::from_value(scenario.into()).map_err(|it| wrong(it.to_string()))
    }

    /// Returns the names of the declared roles and users, each of which a recording of AWS has to be bound to.
    pub(crate) fn principals(&self) -> Vec<&str> {
        let groups = ["roles", "users"].iter().filter_map(|it| self.scenario.get(*it)?.as_object());
        groups.flat_map(|it| it.keys().map(String::as_str)).collect()
    }

    /// Returns how many keys the calls make, if they are answered as by the fake.
    pub(crate) fn makes_keys(&self) -> u32 {
        let made = self.calls.iter().filter(|it| it.call == "CreateKey" && it.error.is_none());
        made.map(|it| it.times).sum()
    }
}

impl Step {
    /// Returns whether the answer to this call answers the question.
    pub(crate) fn asks(&self) -> bool {
        self.answers.is_some() || self.error.is_some()
    }
}
