//! Properties that a key had before the recording: those that a call read before a call changed them.

use serde_json::Value;

use super::Found;
use crate::model::{Arn, KeyState};
use crate::tape::cassette::Interaction;

/// A property of a key that a declaration can leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Property {
    Description,
    Expiry,
    Manager,
    Policy,
    Replicas,
    Rotation,
    State,
    Tags,
}

/// Returns the properties that an operation changes.
fn changed(operation: &str) -> &'static [Property] {
    match operation {
        "UpdateKeyDescription" => &[Property::Description],
        "TagResource" | "UntagResource" => &[Property::Tags],
        "PutKeyPolicy" => &[Property::Policy],
        "EnableKeyRotation" | "DisableKeyRotation" => &[Property::Rotation],
        "EnableKey" | "DisableKey" | "ScheduleKeyDeletion" | "CancelKeyDeletion" => {
            &[Property::State]
        }
        "ImportKeyMaterial" | "DeleteImportedKeyMaterial" => &[Property::State, Property::Expiry],
        "ReplicateKey" | "UpdatePrimaryRegion" => &[Property::Replicas],
        _ => &[],
    }
}

impl Found {
    /// Gives a key the properties that a call read, if the declaration leaves them open. Later reads have to agree.
    pub(super) fn give(&mut self, call: &Interaction) {
        let (input, output) = (call.input().value(), call.output().value());
        for property in changed(&call.operation) {
            self.settle(&input["KeyId"], *property);
        }
        let is_whole = output["Truncated"] == false && input.get("Marker").is_none();
        match call.operation.as_str() {
            "DescribeKey" => self.give_metadata(&output["KeyMetadata"]),
            "ListResourceTags" if is_whole => self.give_tags(&input["KeyId"], &output["Tags"]),
            "GetKeyPolicy" => self.give_policy(&input["KeyId"], output["Policy"].as_str()),
            "GetKeyRotationStatus" => {
                if let Some(at) = self.settle(&input["KeyId"], Property::Rotation)
                    && output["KeyRotationEnabled"] == true
                {
                    let period = output["RotationPeriodInDays"].as_u64();
                    let period = period.and_then(|it| u32::try_from(it).ok());
                    self.more_of(at).rotation = Some(period.unwrap_or(365));
                }
            }
            _ => {}
        }
    }

    fn give_metadata(&mut self, metadata: &Value) {
        let key = &metadata["Arn"];
        let text = |member: &str| metadata[member].as_str().unwrap_or_default();
        if let Some(at) = self.settle(key, Property::Description) {
            let key = &mut self.before.scenario.keys[at];
            let read = Some(text("Description")).filter(|it| !it.is_empty());
            key.description = key.description.take().or(read.map(str::to_owned));
        }
        if let Some(at) = self.settle(key, Property::State) {
            let key = &mut self.before.scenario.keys[at];
            key.state = key.state.or(KeyState::from_word(text("KeyState")));
        }
        if let Some(at) = self.settle(key, Property::Manager) {
            self.more_of(at).by_aws = text("KeyManager") == "AWS";
        }
        if let Some(at) = self.settle(key, Property::Expiry) {
            let expires = text("ExpirationModel") == "KEY_MATERIAL_EXPIRES";
            self.more_of(at).expires = expires;
        }
        if let Some(at) = self.settle(key, Property::Replicas) {
            let regions = &metadata["MultiRegionConfiguration"];
            let region = |key: &Value| key["Region"].as_str().map(str::to_owned);
            let own = self.before.scenario.region.clone();
            let replicas = regions["ReplicaKeys"].as_array().into_iter().flatten();
            let replicas = replicas.filter_map(region).filter(|it| *it != own).collect();
            let primary = region(&regions["PrimaryKey"]).filter(|it| *it != own);
            let key = self.more_of(at);
            (key.primary, key.replicas) = (primary, replicas);
        }
    }

    fn give_tags(&mut self, reference: &Value, tags: &Value) {
        if let Some(at) = self.settle(reference, Property::Tags)
            && self.before.scenario.keys[at].tags.is_empty()
        {
            let text = |tag: &Value, member: &str| tag[member].as_str().map(str::to_owned);
            let tags = tags.as_array().into_iter().flatten();
            self.before.scenario.keys[at].tags =
                tags.filter_map(|it| Some((text(it, "TagKey")?, text(it, "TagValue")?))).collect();
        }
    }

    fn give_policy(&mut self, reference: &Value, policy: Option<&str>) {
        if let Some(policy) = policy
            && let Some(at) = self.settle(reference, Property::Policy)
            && self.before.scenario.keys[at].policy.is_none()
        {
            if let Ok(document) = serde_json::from_str::<Value>(policy) {
                self.principals(&document);
            }
            self.more_of(at).policy = Some(policy.to_owned());
        }
    }

    /// Settles a property of a key. Returns the position of the key if the property was open and the recording did not
    /// create the key.
    pub(super) fn settle(&mut self, reference: &Value, property: Property) -> Option<usize> {
        let reference = reference.as_str()?;
        let id = reference.rsplit('/').next()?;
        // The related keys of a multi-Region key have properties of their own.
        let elsewhere =
            Arn::parse(reference).is_some_and(|it| it.region != self.before.scenario.region);
        if self.made.contains(id) || elsewhere {
            return None;
        }
        let at = self.place_of(id)?;
        let name = self.before.scenario.keys[at].declared.clone();
        self.settled.insert((name, property)).then_some(at)
    }
}
