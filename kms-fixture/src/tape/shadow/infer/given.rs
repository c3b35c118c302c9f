//! Properties that a key had before the recording: those that a call read before a call changed them.

use serde_json::Value;

use super::Found;
use crate::model::KeyState;
use crate::tape::cassette::Interaction;

/// A property of a key that a declaration can leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Property {
    Description,
    State,
    Tags,
}

/// Returns the property that an operation changes.
fn changed(operation: &str) -> Option<Property> {
    match operation {
        "UpdateKeyDescription" => Some(Property::Description),
        "TagResource" | "UntagResource" => Some(Property::Tags),
        "EnableKey"
        | "DisableKey"
        | "ScheduleKeyDeletion"
        | "CancelKeyDeletion"
        | "ImportKeyMaterial"
        | "DeleteImportedKeyMaterial" => Some(Property::State),
        _ => None,
    }
}

impl Found {
    /// Gives a key the properties that a call read, if the declaration leaves them open. Later reads have to agree.
    pub(super) fn give(&mut self, call: &Interaction) {
        let (input, output) = (call.input().value(), call.output().value());
        if let Some(property) = changed(&call.operation) {
            self.settle(&input["KeyId"], property);
        }
        let metadata = &output["KeyMetadata"];
        if call.operation == "DescribeKey" {
            let key = &metadata["Arn"];
            let text = |member: &str| metadata[member].as_str().unwrap_or_default();
            if let Some(at) = self.settle(key, Property::Description) {
                let key = &mut self.scenario.keys[at];
                let read = Some(text("Description")).filter(|it| !it.is_empty());
                key.description = key.description.take().or(read.map(str::to_owned));
            }
            if let Some(at) = self.settle(key, Property::State) {
                let key = &mut self.scenario.keys[at];
                key.state = key.state.or(KeyState::from_word(text("KeyState")));
            }
        }
        let is_whole = output["Truncated"] == false && input.get("Marker").is_none();
        if call.operation == "ListResourceTags"
            && is_whole
            && let Some(at) = self.settle(&input["KeyId"], Property::Tags)
            && self.scenario.keys[at].tags.is_empty()
        {
            let text = |tag: &Value, member: &str| tag[member].as_str().map(str::to_owned);
            let tags = output["Tags"].as_array().into_iter().flatten();
            self.scenario.keys[at].tags =
                tags.filter_map(|it| Some((text(it, "TagKey")?, text(it, "TagValue")?))).collect();
        }
    }

    /// Gives a key without an alias one that a call listed, unless an earlier call changed that alias.
    pub(super) fn give_alias(&mut self, listed: &Value) {
        let text = |member: &str| listed[member].as_str();
        let (Some(alias), Some(id)) = (text("AliasName"), text("TargetKeyId")) else {
            return;
        };
        if self.made.contains(alias) || self.made.contains(id) {
            return;
        }
        let name = self.name_of_key(id);
        let is_taken = self.scenario.keys.iter().any(|it| it.alias.as_deref() == Some(alias));
        let key = self.scenario.keys.iter_mut().find(|it| Some(&it.declared) == name.as_ref());
        if let Some(key) = key.filter(|it| !is_taken && it.alias.is_none()) {
            key.alias = Some(alias.to_owned());
        }
    }

    /// Settles a property of a key. Returns the position of the key if the property was open and the recording did not
    /// create the key.
    fn settle(&mut self, reference: &Value, property: Property) -> Option<usize> {
        let id = reference.as_str()?.rsplit('/').next()?;
        // The replicas of a multi-Region key have properties of their own.
        if self.made.contains(id) || id.starts_with("mrk-") {
            return None;
        }
        let name = self.name_of_key(id)?;
        let at = self.scenario.keys.iter().position(|it| it.declared == name)?;
        self.settled.insert((name, property)).then_some(at)
    }
}
