//! All experiments, from the files in `experiments`.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::experiment::Experiment;
use crate::error::Error;
use crate::scenario::{ADMIN, Scenario};

/// The files, each with experiments of one subject.
const FILES: &[(&str, &str)] = &[
    ("creating.toml", include_str!("experiments/creating.toml")),
    ("disputed.toml", include_str!("experiments/disputed.toml")),
    ("ending.toml", include_str!("experiments/ending.toml")),
    ("keys.toml", include_str!("experiments/keys.toml")),
    ("listing.toml", include_str!("experiments/listing.toml")),
    ("using.toml", include_str!("experiments/using.toml")),
    ("wire.toml", include_str!("experiments/wire.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    shared_keys: Map<String, Value>,
    experiment: Vec<Experiment>,
}

/// The experiments, and the keys that they share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    pub(crate) experiments: Vec<Experiment>,
    /// Declarations of keys, as in a scenario, by name.
    keys: Map<String, Value>,
}

/// Returns all experiments, by mark.
///
/// # Errors
///
/// A file that is not valid.
pub(crate) fn catalogue() -> Result<Catalogue, Error> {
    let mut all = Catalogue::default();
    for (name, text) in FILES {
        let file: File = toml::from_str(text)
            .map_err(|it| Error::new(format!("experiments/{name} is not valid:\n{it}")))?;
        all.experiments.extend(file.experiment);
        all.keys.extend(file.shared_keys);
    }
    all.experiments.sort_by(|one, other| one.mark.cmp(&other.mark));
    Ok(all)
}

impl Catalogue {
    /// Keeps the experiments with these marks; all if there are none.
    ///
    /// # Errors
    ///
    /// A mark without an experiment.
    pub(crate) fn only(mut self, marks: &[String]) -> Result<Self, Error> {
        let is_known = |mark: &String| self.experiments.iter().any(|it| it.mark == *mark);
        if let Some(unknown) = marks.iter().find(|it| !is_known(it)) {
            return Err(Error::new(format!("there is no experiment `{unknown}`"))
                .help("`kms-fixture probe --list` shows all of them"));
        }
        if !marks.is_empty() {
            self.experiments.retain(|it| marks.contains(&it.mark));
        }
        Ok(self)
    }

    /// Checks that experiments have keys and principals with these names.
    ///
    /// # Errors
    ///
    /// A name that no experiment has.
    pub(crate) fn check_names(&self, keys: &[&str], principals: &[&str]) -> Result<(), Error> {
        let known_keys: BTreeSet<_> = self.keys.keys().map(String::as_str).collect();
        let declared = self.experiments.iter().flat_map(Experiment::principals);
        let known_principals: BTreeSet<_> = declared.chain([ADMIN]).collect();
        for (kind, names, known) in
            [("key", keys, known_keys), ("role", principals, known_principals)]
        {
            if let Some(unknown) = names.iter().find(|it| !known.contains(*it)) {
                let known: Vec<_> = known.iter().map(|it| format!("`{it}`")).collect();
                return Err(Error::new(format!("no experiment has a {kind} `{unknown}`"))
                    .help(format!("the {kind}s of the experiments are {}", known.join(", "))));
            }
        }
        Ok(())
    }

    /// Returns the scenario of an experiment.
    ///
    /// # Errors
    ///
    /// A scenario that is not valid.
    pub(crate) fn scenario(&self, experiment: &Experiment) -> Result<Scenario, Error> {
        experiment.scenario(&self.keys)
    }
}
