//! Bound keys: the live key fills in what its declaration leaves open, and must agree with the rest.

use serde_json::{Value, json};

use super::{Plan, Prepared};
use crate::error::Error;
use crate::model::{Arn, KeySpec, KeyState, KeyUsage, Origin};
use crate::scenario::KeyDeclaration;

/// A key, as the live service shows it.
struct Live<'a> {
    metadata: &'a Value,
    /// The alias by which it is bound.
    alias: Option<&'a str>,
    /// Its tags, if the administrator may read them.
    tags: Option<Vec<(String, String)>>,
}

impl Prepared {
    /// Finds the live key for the declared key `key`, which is bound to `reference`.
    pub(super) async fn bound_key(
        &mut self,
        plan: &Plan,
        key: &KeyDeclaration,
        reference: &str,
    ) -> Result<(), Error> {
        let name = &key.declared;
        let output = self.admin("DescribeKey", &json!({ "KeyId": reference })).await?;
        let metadata = &output["KeyMetadata"];
        let text = |member: &str| metadata[member].as_str().unwrap_or_default().to_owned();
        let account = text("AWSAccountId");
        let is_own = self.check_account(plan, key, &account)?;
        let tags = if is_own { self.tags(&text("KeyId")).await } else { None };
        let live = Live { metadata, alias: alias_in(reference), tags };
        let mut filled = key.clone();
        let mut mistakes = Vec::new();
        let found = live.fill(&mut filled, &mut mistakes);
        if !mistakes.is_empty() {
            let place = if self.service.is_aws { "in AWS" } else { "in the live service" };
            let mistakes =
                mistakes.iter().map(|(is, write)| format!("`{name}` {is} {place}; {write}"));
            return Err(Error::new(mistakes.collect::<Vec<_>>().join("\n"))
                .help("correct the declaration, or bind another key"));
        }
        let keys = &mut self.scenario.keys;
        if let Some(declared) = keys.iter_mut().find(|it| it.declared == *name) {
            *declared = filled;
        }
        if !found.is_empty() {
            self.found.insert(name.clone(), found);
        }
        self.keys.insert(name.clone(), (text("KeyId"), text("Arn")));
        Ok(())
    }

    /// Checks the account of a bound key; learns the recorded account from it if that is not known. Returns whether the
    /// key belongs to the recorded account.
    fn check_account(
        &mut self,
        plan: &Plan,
        key: &KeyDeclaration,
        account: &str,
    ) -> Result<bool, Error> {
        let name = &key.declared;
        // The declaration of another account is the permission to use its key.
        if let Some(declared) = key.account.as_ref().filter(|it| **it != plan.scenario.account) {
            if declared != account {
                return Err(Error::new(format!(
                    "the key `{name}` belongs to the account {account}, but is declared with `account = \"{declared}\"`"
                )));
            }
            return Ok(self.account.as_deref() == Some(account));
        }
        match &self.account {
            Some(named) if named != account => Err(Error::new(format!(
                "the key `{name}` belongs to the account {account}, but only {named} may be recorded"
            ))
            .help(format!("if that is meant, declare it: `{name}(account = \"{account}\")`"))),
            Some(_) => Ok(true),
            None => {
                self.account = Some(account.to_owned());
                Ok(true)
            }
        }
    }

    /// Returns the tags of a key, unless the administrator may not read them.
    async fn tags(&self, id: &str) -> Option<Vec<(String, String)>> {
        let output = self.admin("ListResourceTags", &json!({ "KeyId": id })).await.ok()?;
        let text = |tag: &Value, member: &str| Some(tag[member].as_str()?.to_owned());
        let tags = output["Tags"].as_array()?.iter();
        tags.map(|it| Some((text(it, "TagKey")?, text(it, "TagValue")?))).collect()
    }
}

/// Returns the alias in a reference to a key, unless AWS reserves it.
fn alias_in(reference: &str) -> Option<&str> {
    let resource = Arn::parse(reference).map_or(reference, |it| it.resource);
    let is_own = resource.starts_with("alias/") && !resource.starts_with("alias/aws/");
    is_own.then_some(resource)
}

/// A difference from a declaration: what the live key is, and what to do.
type Mistake = (String, String);

impl Live<'_> {
    fn text(&self, member: &str) -> &str {
        self.metadata[member].as_str().unwrap_or_default()
    }

    /// Fills in what `key` leaves open and has no default, and returns the names of these options. Collects the options
    /// that differ.
    fn fill(&self, key: &mut KeyDeclaration, mistakes: &mut Vec<Mistake>) -> Vec<String> {
        let mut found = Vec::new();
        let spec = KeySpec::from_word(self.text("KeySpec"))
            .or_else(|| KeySpec::from_word(self.text("CustomerMasterKeySpec")));
        let usage = KeyUsage::from_word(self.text("KeyUsage"));
        match (key.spec, spec) {
            (Some(declared), Some(live)) if declared != live => {
                mistakes.push(differs("spec", live));
            }
            (None, Some(live)) if live != KeySpec::DEFAULT => {
                key.spec = Some(live);
                found.push("spec");
            }
            _ => {}
        }
        match (key.usage, usage) {
            (Some(declared), Some(live)) if declared != live => {
                mistakes.push(differs("usage", live));
            }
            // Several usages may fit the spec.
            (None, Some(live)) if found == ["spec"] => {
                key.usage = Some(live);
                found.push("usage");
            }
            _ => {}
        }
        let origin = Origin::from_word(self.text("Origin")).filter(|_| spec.is_some());
        match (key.origin, origin) {
            (Some(declared), Some(live)) if declared != live => {
                mistakes.push(differs("origin", live));
            }
            (None, Some(live)) if live != Origin::AWS_KMS => {
                key.origin = Some(live);
                found.push("origin");
            }
            _ => {}
        }
        let usual = match key.origin {
            Some(Origin::EXTERNAL) => KeyState::PendingImport,
            _ => KeyState::Enabled,
        };
        match (key.state, KeyState::from_word(self.text("KeyState"))) {
            (Some(declared), Some(live)) if declared != live => {
                mistakes.push(differs("state", live));
            }
            (None, Some(live)) if live != usual => {
                key.state = Some(live);
                found.push("state");
            }
            _ => {}
        }
        self.fill_rest(key, &mut found, mistakes);
        found.into_iter().map(str::to_owned).collect()
    }

    fn fill_rest(
        &self,
        key: &mut KeyDeclaration,
        found: &mut Vec<&'static str>,
        mistakes: &mut Vec<Mistake>,
    ) {
        match (key.multi_region, &self.metadata["MultiRegion"]) {
            (true, Value::Bool(false)) => mistakes.push((
                "is not a multi-Region key".to_owned(),
                "declare it without `multi_region = true`".to_owned(),
            )),
            (false, Value::Bool(true)) => {
                key.multi_region = true;
                found.push("multi_region");
            }
            _ => {}
        }
        let description = self.text("Description");
        match &key.description {
            Some(declared) if declared != description => mistakes.push((
                "has another description".to_owned(),
                format!("declare `description = {description:?}`"),
            )),
            None if !description.is_empty() => {
                key.description = Some(description.to_owned());
                found.push("description");
            }
            _ => {}
        }
        if let (None, Some(alias)) = (&key.alias, self.alias) {
            key.alias = Some(alias.to_owned());
            found.push("alias");
        }
        if let Some(live) = &self.tags {
            let sorted = |tags: &[(String, String)]| {
                let mut tags = tags.to_vec();
                tags.sort();
                tags
            };
            if key.tags.is_empty() {
                // A declaration cannot have the tags that AWS reserves.
                let is_own =
                    |it: &&(String, String)| !it.0.to_ascii_lowercase().starts_with("aws:");
                key.tags = live.iter().filter(is_own).cloned().collect();
                if !key.tags.is_empty() {
                    found.push("tags");
                }
            } else if sorted(&key.tags) != sorted(live) {
                let tags = live.iter().map(|(key, value)| format!("{key:?} = {value:?}"));
                let tags = tags.collect::<Vec<_>>().join(", ");
                mistakes.push(("has other tags".to_owned(), format!("declare its tags: {tags}")));
            }
        }
    }
}

/// Returns the mistake for an option whose live value is `word`.
fn differs(option: &str, word: impl std::fmt::Display) -> Mistake {
    (format!("is {word}"), format!("declare `{option}({word})`"))
}
