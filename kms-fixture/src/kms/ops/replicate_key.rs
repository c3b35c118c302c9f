//! ReplicateKey (`kms-facts.md` 12). Not for other accounts.

use serde::{Deserialize, Serialize};

use super::Cx;
use super::describe_key::Metadata;
use super::key_policies::{bind_policy, check_lockout};
use super::tags::{Tag, check_tags, request_tags};
use crate::kms::authz::{account_context, authorize_own, key_context, key_properties};
use crate::kms::error::{KmsError, Result};
use crate::kms::store::{Imported, Key, KeyIndex, Materials, Rotation};
use crate::model::{KeyState, is_region, partition};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    replica_region: String,
    policy: Option<String>,
    bypass_policy_lockout_safety_check: Option<bool>,
    #[serde(default)]
    description: String,
    tags: Option<Vec<Tag>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    #[serde(rename = "ReplicaKeyMetadata")]
    metadata: Metadata,
    #[serde(rename = "ReplicaPolicy")]
    policy: String,
    #[serde(rename = "ReplicaTags", skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Tag>>,
}

pub(crate) fn replicate_key(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let region = &input.replica_region;
    let index = cx.own_key_for_request("ReplicateKey", &input.key_id, &|context| {
        context.text("kms:ReplicaRegion", region);
    })?;
    let tags = input.tags.unwrap_or_default();
    authorize_creation(cx, index, region, &tags)?;
    let primary = cx.store.keys.get(index);
    check_region(cx, primary, region)?;
    check_tags(&tags)?;
    let arn = cx.store.arn_in(region, &primary.account, &primary.id);
    let policy = match &input.policy {
        Some(text) => {
            let policy = bind_policy(cx, text)?;
            if input.bypass_policy_lockout_safety_check != Some(true) {
                let context = || key_context(cx.store, cx.caller, index);
                check_lockout(cx, &policy, &arn, &context)?;
            }
            policy
        }
        // The replica does not inherit the primary's policy (fact 12.82).
        None => cx.store.default_key_policy(&primary.account),
    };
    primary.must_be(&[KeyState::Enabled])?;
    let keys = cx.store.keys_in(region);
    if keys.is_some_and(|it| it.find(&primary.id).is_some()) {
        return Err(KmsError::replica_exists());
    }

    let replica = Key {
        arn,
        state: KeyState::Creating,
        primary_region: Some(cx.store.region.clone()),
        description: input.description,
        tags: tags.iter().map(|it| (it.tag_key.clone(), it.tag_value.clone())).collect(),
        policy,
        created: cx.now(),
        materials: without_imports(&primary.materials),
        rotation: Rotation::default(),
        made: None,
        ..primary.clone()
    };
    let policy = replica.policy.text();
    let index = cx.store.keys_in_mut(region).insert(replica);
    let made = cx.store.change(cx.now());
    let metadata = {
        let replica = cx.store.keys_in_mut(region).get(index).clone();
        Metadata::of(cx.store, &replica)
    };
    // The response shows the replica as `Creating`. The replica is ready right after it; AWS takes some seconds:
    // INVENTED(at-once).
    let replica = cx.store.keys_in_mut(region).get_mut(index);
    replica.state = KeyState::Enabled;
    replica.await_missing_material();
    replica.made = made;
    Ok(Output { metadata, policy, tags: (!tags.is_empty()).then_some(tags) })
}

/// Authorizes the creation of the replica, by the caller's own policies (fact 12.108).
fn authorize_creation(cx: &Cx<'_>, index: KeyIndex, region: &str, tags: &[Tag]) -> Result<()> {
    let key = cx.store.keys.get(index);
    let context = || {
        let mut context = account_context(cx.store, cx.caller);
        context.text("aws:RequestedRegion", region);
        let (spec, usage) = (key.spec.as_str(), key.usage.as_str());
        key_properties(&mut context, spec, usage, key.origin.as_str());
        context.flag("kms:MultiRegion", key.multi_region);
        context.text("kms:MultiRegionKeyType", "REPLICA");
        request_tags(&mut context, tags);
        context
    };
    authorize_own(cx.caller, "CreateKey", "*", &context)?;
    if tags.is_empty() {
        return Ok(());
    }
    authorize_own(cx.caller, "TagResource", "*", &context)
}

fn check_region(cx: &Cx<'_>, primary: &Key, region: &str) -> Result<()> {
    let home = &cx.store.region;
    if !primary.multi_region || primary.is_replica() {
        Err(KmsError::cannot_be_replicated(&primary.arn))
    } else if region == home {
        Err(KmsError::region_has_the_primary(region))
    } else if !is_region(region) {
        Err(KmsError::no_such_region(region))
    } else if partition(region) != partition(home) {
        Err(KmsError::other_partition())
    } else {
        Ok(())
    }
}

/// Returns the primary's materials with imported ones missing: a replica needs its own imports (fact 12.71).
fn without_imports(materials: &Materials) -> Materials {
    let mut materials = materials.clone();
    materials.iter_mut().filter_map(|it| it.imported.as_mut()).for_each(Imported::delete);
    materials
}
