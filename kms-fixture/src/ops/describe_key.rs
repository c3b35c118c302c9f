//! DescribeKey, and `KeyMetadata` (`kms-facts.md` 3.6; API reference, DescribeKey).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Cx;
use super::key_ref::AliasForm;
use crate::authz::{Ask, authorize_key, key_context};
use crate::clock::epoch_seconds;
use crate::error::Result;
use crate::model::{GrantOperation, KeyState, Origin};
use crate::store::{Grant, Key};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    key_metadata: Metadata,
}

/// `KeyMetadata`: which members are present depends on the key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Metadata {
    #[serde(rename = "AWSAccountId")]
    account: String,
    arn: String,
    creation_date: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_key_material_id: Option<String>,
    customer_master_key_spec: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_date: Option<f64>,
    description: String,
    /// Imported material: present after the import.
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_model: Option<&'static str>,
    enabled: bool,
    key_id: String,
    key_manager: &'static str,
    key_spec: &'static str,
    key_state: &'static str,
    key_usage: &'static str,
    multi_region: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_region_configuration: Option<MultiRegion>,
    origin: &'static str,
    /// A primary that waits for its replicas has no deletion date yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_deletion_window_in_days: Option<u32>,
    /// The list of algorithms, under the name that fits the key's usage.
    #[serde(flatten)]
    algorithms: Map<String, Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct MultiRegion {
    #[serde(rename = "MultiRegionKeyType")]
    kind: &'static str,
    primary_key: RegionalKey,
    replica_keys: [RegionalKey; 0],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RegionalKey {
    arn: String,
    region: String,
}

impl Metadata {
    pub(super) fn of(key: &Key, region: &str) -> Self {
        let (member, words) = key.spec.algorithms(key.usage);
        // Recorded: only symmetric encryption keys with material show its id.
        let own_store = matches!(key.origin, Origin::AWS_KMS | Origin::EXTERNAL);
        let shows_material = key.spec.is_symmetric_encryption() && key.has_material && own_store;
        Self {
            account: key.account.clone(),
            arn: key.arn.clone(),
            creation_date: epoch_seconds(key.created),
            current_key_material_id: shows_material.then(|| key.material_id.clone()),
            customer_master_key_spec: key.spec.as_str(),
            deletion_date: key.deletion.map(epoch_seconds),
            description: key.description.clone(),
            expiration_model: (key.origin == Origin::EXTERNAL && key.has_material)
                .then_some("KEY_MATERIAL_DOES_NOT_EXPIRE"),
            enabled: key.state == KeyState::Enabled,
            key_id: key.id.clone(),
            key_manager: "CUSTOMER",
            key_spec: key.spec.as_str(),
            key_state: key.state.as_str(),
            key_usage: key.usage.as_str(),
            multi_region: key.multi_region,
            multi_region_configuration: key.multi_region.then(|| MultiRegion {
                kind: "PRIMARY",
                primary_key: RegionalKey {
                    arn: key.arn.clone(),
                    region: region.to_owned(),
                },
                replica_keys: [],
            }),
            origin: key.origin.as_str(),
            pending_deletion_window_in_days: (key.state == KeyState::PendingReplicaDeletion)
                .then_some(30),
            algorithms: Map::from_iter([(member.to_owned(), words.into())]),
        }
    }
}

impl Output {
    pub(super) fn of(key: &Key, region: &str) -> Self {
        Self {
            key_metadata: Metadata::of(key, region),
        }
    }
}

pub(crate) fn describe_key(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let key = cx.find_key("DescribeKey", &input.key_id, AliasForm::Accepted)?;
    // Encryption context constraints do not touch DescribeKey; SourceArn does, and nobody here calls with one.
    let allows = |grant: &Grant| {
        grant.operations.contains(&GrantOperation::DescribeKey)
            && grant.constraints.source_arn.is_none()
    };
    let context = || {
        let mut context = key_context(cx.store, cx.caller, key);
        if let Some((_, alias)) = input.key_id.split_once("alias/") {
            context.text("kms:RequestAlias", format!("alias/{alias}"));
        }
        context
    };
    let ask = Ask {
        operation: "DescribeKey",
        key,
        grants: Some(&allows),
        context: &context,
    };
    authorize_key(cx.store, cx.caller, &ask)?;
    Ok(Output::of(cx.store.keys.get(key), &cx.store.region))
}
