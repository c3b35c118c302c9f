//! Reads scenarios from JSON and writes them. Every mistake is collected, with its JSON path.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::Scenario;
use super::fields;
use super::mistakes::Mistakes;
use super::strict::Strict;
use crate::model::declare::TOP;

/// The member in which editors look for the schema of a file.
pub(super) const SCHEMA: &str = "$schema";

impl<'de> Deserialize<'de> for Scenario {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Strict(mut value) = Strict::deserialize(deserializer)?;
        let mut mistakes = Mistakes::default();
        if let Value::Object(members) = &mut value
            && let Some(schema) = members.remove(SCHEMA)
            && !schema.is_string()
        {
            mistakes.wrong_type("$.$schema", "a string", &schema);
        }
        let mut scenario = Scenario::default();
        fields::read(&mut scenario, &TOP, "$", &value, &mut mistakes);
        let Mistakes(mut mistakes) = mistakes;
        // A declaration that could not be read in full is not also reported as incomplete, and nothing is judged by it.
        let broken: Vec<_> = mistakes.iter().map(|it| declaration(it).to_owned()).collect();
        let more = scenario.mistakes_but(&broken);
        mistakes
            .extend(more.into_iter().filter(|it| !broken.iter().any(|at| at == declaration(it))));
        if mistakes.is_empty() { Ok(scenario) } else { Err(D::Error::custom(mistakes.join("\n"))) }
    }
}

/// Returns the path of the declaration that a mistake is in: `$.keys.orders` for `$.keys.orders.stat: ..`.
fn declaration(mistake: &str) -> &str {
    let path = mistake.split(": ").next().unwrap_or(mistake);
    let end = path.match_indices('.').nth(2).map_or(path.len(), |(at, _)| at);
    &path[..end]
}

/// Defaults are left out.
impl Serialize for Scenario {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fields::write(self, &TOP).serialize(serializer)
    }
}
