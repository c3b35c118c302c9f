//! DescribeKey, and `KeyMetadata` (`kms-facts.md` 3.6; API reference, DescribeKey).

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Cx;
use super::key_use::KeyUse;
use crate::kms::clock::epoch_seconds;
use crate::kms::error::Result;
use crate::kms::ids::hex;
use crate::kms::store::{Key, KeyIndex, Store};
use crate::model::{GrantOperation, KeyState, Origin};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    grant_tokens: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    key_metadata: Metadata,
}

/// `KeyMetadata`; the key determines which members are present.
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
    /// Present while the key has imported material.
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
    /// Present for a primary key that is pending the deletion of its replicas: it has no deletion date yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_deletion_window_in_days: Option<u32>,
    /// Present for imported material that expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<f64>,
    /// The list of algorithms; the member's name depends on the key usage.
    #[serde(flatten)]
    algorithms: Map<String, Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct MultiRegion {
    #[serde(rename = "MultiRegionKeyType")]
    kind: &'static str,
    primary_key: RegionalKey,
    replica_keys: Vec<RegionalKey>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RegionalKey {
    arn: String,
    region: String,
}

impl MultiRegion {
    /// Returns the primary key and the replica keys of a multi-Region key, replicas sorted by Region (recorded).
    fn of(store: &Store, key: &Key) -> Self {
        let regional = |region: &str| RegionalKey {
            arn: store.arn_in(region, &key.account, &key.id),
            region: region.to_owned(),
        };
        let primary = key.primary_region.as_deref().unwrap_or(&store.region);
        let replicas = store.regions_of(&key.id);
        let replicas = replicas.iter().filter(|(region, ..)| region != primary);
        Self {
            kind: if key.is_replica() { "REPLICA" } else { "PRIMARY" },
            primary_key: regional(primary),
            replica_keys: replicas.map(|(region, ..)| regional(region)).collect(),
        }
    }
}

impl Metadata {
    pub(super) fn of(store: &Store, key: &Key) -> Self {
        let (member, words) = key.spec.algorithms(key.usage);
        // Recorded: only symmetric encryption keys show their material id, even if the material has been deleted.
        let own_store = matches!(key.origin, Origin::AWS_KMS | Origin::EXTERNAL);
        let is_made = key.state != KeyState::Creating;
        let shows_material = key.spec.is_symmetric_encryption() && own_store && is_made;
        let current = key.materials.current();
        let imported = current.filter(|_| key.materials.are_complete());
        let imported = imported.and_then(|it| it.imported.as_ref());
        // The earliest date of all materials in use; material pending rotation does not count (API reference,
        // KeyMetadata).
        let expires = imported.and_then(|_| key.materials.expires());
        Self {
            account: key.account.clone(),
            arn: key.arn.clone(),
            creation_date: epoch_seconds(key.created),
            current_key_material_id: current.filter(|_| shows_material).map(|it| hex(&it.id)),
            customer_master_key_spec: key.spec.as_str(),
            deletion_date: key.deletion.map(epoch_seconds),
            description: key.description.clone(),
            expiration_model: imported.map(|_| expiration_model(expires)),
            enabled: key.state == KeyState::Enabled,
            key_id: key.id.clone(),
            key_manager: if key.by_aws { "AWS" } else { "CUSTOMER" },
            key_spec: key.spec.as_str(),
            key_state: key.state.as_str(),
            key_usage: key.usage.as_str(),
            multi_region: key.multi_region,
            multi_region_configuration: key.multi_region.then(|| MultiRegion::of(store, key)),
            origin: key.origin.as_str(),
            pending_deletion_window_in_days: key
                .deletion_window
                .filter(|_| key.state == KeyState::PendingReplicaDeletion),
            valid_to: expires.map(|it| epoch_seconds(it).floor()),
            algorithms: Map::from_iter([(member.to_owned(), words.into())]),
        }
    }
}

/// Returns the `ExpirationModel` of material that is valid to `expires`.
pub(super) fn expiration_model(expires: Option<SystemTime>) -> &'static str {
    match expires {
        Some(_) => "KEY_MATERIAL_EXPIRES",
        None => "KEY_MATERIAL_DOES_NOT_EXPIRE",
    }
}

impl Output {
    pub(super) fn of(store: &Store, key: KeyIndex) -> Self {
        Self { key_metadata: Metadata::of(store, store.keys.get(key)) }
    }
}

pub(crate) fn describe_key(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let key = cx.key_to_use(&KeyUse {
        operation: "DescribeKey",
        allowed_by: GrantOperation::DescribeKey,
        key_id: &input.key_id,
        grant_tokens: input.grant_tokens.as_deref(),
        // Encryption context constraints do not apply to DescribeKey.
        encryption_context: None,
        conditions: &|_| {},
    })?;
    Ok(Output::of(cx.store, key))
}
