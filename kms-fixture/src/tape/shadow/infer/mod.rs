//! The account before the first call: the keys, grants and principals that recorded calls found without making or
//! declaring them. The fake starts with them, so that it can follow a recording that declares nothing.
//!
//! An inferred thing never keeps a fake from starting: what cannot be declared is a text, or is left out.

mod aliases;
mod given;
mod grants;
mod keys;
mod principals;
mod refusals;
mod spec;
mod trust;

use std::collections::BTreeSet;

use serde_json::Value;

use self::given::Property;
use super::before::Before;
use crate::tape::cassette::{Cassette, Interaction};
use crate::tape::redact::{Kind, name_of};

/// Returns the scenario of `cassette`, with the things that its calls found.
pub(crate) fn infer(cassette: &Cassette) -> Before {
    let mut found = Found {
        before: Before::of(cassette.scenario.clone()),
        made: BTreeSet::new(),
        known: BTreeSet::new(),
        touched: BTreeSet::new(),
        settled: BTreeSet::new(),
    };
    let scenario = &found.before.scenario;
    let keys = scenario.keys.iter().map(|it| &it.declared);
    let grants = scenario.grants.iter().map(|it| &it.declared);
    let roles = scenario.roles.iter().map(|it| &it.declared);
    let users = scenario.users.iter().map(|it| &it.declared);
    found.known = keys.chain(grants).chain(roles).chain(users).cloned().collect();
    let succeeded = || cassette.interactions.iter().filter(|it| it.status == 200);
    let missing = refusals::missing_keys(&cassette.interactions);
    for call in &cassette.interactions {
        if call.status == 200 {
            found.look_at(call);
        } else {
            found.learn_from_refusal(call, &missing);
        }
    }
    for call in succeeded() {
        found.guess_spec(call);
    }
    found.guess_usages(&cassette.interactions);
    found.keys_of_aliases(&cassette.interactions);
    found.trust(&cassette.interactions);
    found.before
}

/// Returns the name of the key with the id or ARN `reference`.
pub(super) fn name_in(reference: &Value) -> Option<String> {
    name_of(Kind::Key, reference.as_str()?.rsplit('/').next()?)
}

struct Found {
    before: Before,
    /// Identifiers of things that recorded calls made.
    made: BTreeSet<String>,
    /// Names of things that are declared by now.
    known: BTreeSet<String>,
    /// Names of keys that were used or changed: their earlier state may have been different.
    touched: BTreeSet<String>,
    /// Names of keys with the properties that a call has read or changed.
    settled: BTreeSet<(String, Property)>,
}

impl Found {
    fn look_at(&mut self, call: &Interaction) {
        let (input, output) = (call.input().value(), call.output().value());
        self.principals(input);
        self.principals(output);
        match call.operation.as_str() {
            "CreateKey" => self.make(&output["KeyMetadata"]["KeyId"]),
            "CreateGrant" => self.make(&output["GrantId"]),
            // The alias of a later answer is not necessarily the one before the call.
            "CreateAlias" | "UpdateAlias" | "DeleteAlias" => self.make(&input["AliasName"]),
            _ => {}
        }
        for member in ["KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId"] {
            self.key(&input[member]);
        }
        for (asked, found) in
            [("KeyId", "KeyId"), ("SourceKeyId", "SourceKeyId"), ("DestinationKeyId", "KeyId")]
        {
            self.key(&output[found]);
            self.alias(&input[asked], &output[found]);
        }
        if output.get("PublicKey").is_some() && output.get("KeyUsage").is_some() {
            self.describe(&input["KeyId"], output);
        }
        if let Some(metadata) = output.get("KeyMetadata") {
            self.key(&metadata["Arn"]);
            self.describe(&input["KeyId"], metadata);
        }
        for listed in output["Keys"].as_array().into_iter().flatten() {
            self.key(&listed["KeyArn"]);
        }
        for listed in output["Aliases"].as_array().into_iter().flatten() {
            self.key(&listed["TargetKeyId"]);
            self.give_alias(listed);
        }
        for listed in output["Grants"].as_array().into_iter().flatten() {
            self.key(&listed["KeyId"]);
            self.grant(listed);
        }
        self.give(call);
        // A grant that was only ended is known only by its id.
        self.grant(input);
        let reads = ["Describe", "Get", "List"];
        if !reads.iter().any(|it| call.operation.starts_with(it)) {
            let keys = [&input["KeyId"], &output["KeyId"], &output["SourceKeyId"]];
            let touched = keys.into_iter().filter_map(name_in);
            self.touched.extend(touched);
        }
    }

    fn make(&mut self, id: &Value) {
        self.made.extend(id.as_str().map(str::to_owned));
    }
}
