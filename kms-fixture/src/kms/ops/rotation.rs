//! GetKeyRotationStatus, EnableKeyRotation, DisableKeyRotation and RotateKeyOnDemand (`kms-facts.md` 12).
//!
//! Only the primary of a multi-Region key can be rotated; replicas show the primary's status (fact 12.24).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::key_ref::AliasForm;
use super::{Cx, Empty};
use crate::kms::clock::epoch_seconds;
use crate::kms::error::{KmsError, Result};
use crate::kms::store::{Automatic, Key, OnDemand, Rotation, Store};
use crate::model::{KeyState, Origin};

const DEFAULT_PERIOD: u32 = 365;
/// The maximum number of on-demand rotations of a key (API reference, RotateKeyOnDemand).
const ON_DEMAND_LIMIT: usize = 25;
/// The time before an automatic rotation in which no on-demand rotation may begin (API reference, RotateKeyOnDemand).
const MARGIN_BEFORE_AUTOMATIC: Duration = Duration::from_mins(20);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Status {
    key_rotation_enabled: bool,
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_period_in_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_demand_rotation_start_date: Option<f64>,
}

pub(crate) fn get_key_rotation_status(cx: &mut Cx<'_>, input: Input) -> Result<Status> {
    // Accepts keys of other accounts (fact 12.107).
    let index = cx.key_for("GetKeyRotationStatus", &input.key_id, AliasForm::Refused)?;
    let key = cx.store.keys.get(index);
    key.must_not_be_in_custom_key_store()?;
    let rotation = rotation_of(cx.store, key);
    // The rotation is hidden, not lost, while the key is pending deletion (facts 12.19, 12.20).
    let automatic = rotation.automatic.filter(|_| key.state != KeyState::PendingDeletion);
    Ok(Status {
        key_rotation_enabled: automatic.is_some(),
        key_id: key.arn.clone(),
        rotation_period_in_days: automatic.map(|it| it.period_in_days),
        next_rotation_date: automatic.map(|it| epoch_seconds(it.next)),
        on_demand_rotation_start_date: rotation.on_demand.map(|it| epoch_seconds(it.since)),
    })
}

/// Returns the rotation of a key; for a replica, the primary's rotation.
fn rotation_of(store: &Store, key: &Key) -> Rotation {
    let Some(region) = &key.primary_region else {
        return key.rotation;
    };
    let primary = store.keys_in(region).and_then(|it| Some(it.get(it.find(&key.id)?).rotation));
    primary.unwrap_or_default()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EnableInput {
    key_id: String,
    rotation_period_in_days: Option<u32>,
}

pub(crate) fn enable_key_rotation(cx: &mut Cx<'_>, input: EnableInput) -> Result<Empty> {
    const OPERATION: &str = "EnableKeyRotation";
    let now = cx.now();
    let period = input.rotation_period_in_days;
    let index = cx.own_key_for_request(OPERATION, &input.key_id, &|context| {
        // Present even if the request omits the member (fact 12.26).
        let period = period.unwrap_or(DEFAULT_PERIOD);
        context.number("kms:RotationPeriodInDays", f64::from(period));
    })?;
    let key = cx.store.keys.get_mut(index);
    key.must_allow_automatic_rotation(OPERATION)?;
    if !key.spec.is_symmetric_encryption() {
        return Err(KmsError::not_for_this_spec());
    }
    // Without a period, or with the current one, nothing changes (facts 12.7, 12.8).
    let is_unchanged = |it: Automatic| period.is_none_or(|period| period == it.period_in_days);
    if !key.rotation.automatic.is_some_and(is_unchanged) {
        let period = period.unwrap_or(DEFAULT_PERIOD);
        key.rotation.automatic = Some(Automatic::from(now, period));
        cx.store.schedule_next(index);
    }
    Ok(Empty)
}

pub(crate) fn disable_key_rotation(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    const OPERATION: &str = "DisableKeyRotation";
    let index = cx.own_key_for(OPERATION, &input.key_id)?;
    let key = cx.store.keys.get_mut(index);
    // Succeeds even if rotation is not enabled, or is impossible for the spec (facts 12.4, 12.22).
    key.must_allow_automatic_rotation(OPERATION)?;
    key.rotation.automatic = None;
    Ok(Empty)
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OnDemandOutput {
    key_id: String,
}

pub(crate) fn rotate_key_on_demand(cx: &mut Cx<'_>, input: Input) -> Result<OnDemandOutput> {
    const OPERATION: &str = "RotateKeyOnDemand";
    let now = cx.now();
    let index = cx.own_key_for(OPERATION, &input.key_id)?;
    let key = cx.store.keys.get(index);
    key.must_not_be_a_replica(OPERATION)?;
    key.must_not_be_in_custom_key_store()?;
    // Checks the state, the spec and the material, in this order (fact 12.30).
    key.must_be(&[KeyState::Enabled, KeyState::Updating])?;
    if !key.spec.is_symmetric_encryption() {
        return Err(KmsError::not_for_this_spec());
    }
    let arn = key.arn.clone();
    // If a rotation is in progress, the request succeeds and starts no other (fact 12.12).
    if key.rotation.on_demand.is_none() {
        check_on_demand(cx, key)?;
        let id = key.id.clone();
        match cx.store.change(now) {
            None => cx.store.rotate(&id, now, true),
            Some(change) => {
                let complete = change.arrives();
                let running = OnDemand { since: now, complete };
                cx.store.keys.get_mut(index).rotation.on_demand = Some(running);
                cx.store.schedule(complete);
            }
        }
    }
    Ok(OnDemandOutput { key_id: arn })
}

fn check_on_demand(cx: &Cx<'_>, key: &Key) -> Result<()> {
    if key.origin == Origin::EXTERNAL {
        if key.materials.pending().is_none() {
            return Err(KmsError::nothing_to_rotate(&key.arn));
        }
        if !cx.store.pending_is_in_every_region(&key.id) {
            return Err(KmsError::replicas_lack_material());
        }
    }
    if key.materials.rotations_on_demand() >= ON_DEMAND_LIMIT {
        return Err(KmsError::too_many_rotations(&key.arn));
    }
    let is_near = |it: Automatic| it.next <= cx.now() + MARGIN_BEFORE_AUTOMATIC;
    if key.rotation.automatic.is_some_and(is_near) {
        return Err(KmsError::rotation_conflict(&key.arn));
    }
    Ok(())
}

impl Key {
    /// Rejects a key whose automatic rotation cannot be enabled or disabled. The origin is checked before the state
    /// (fact 12.23).
    fn must_allow_automatic_rotation(&self, operation: &str) -> Result<()> {
        self.must_not_be_a_replica(operation)?;
        if self.origin != Origin::AWS_KMS {
            return Err(KmsError::origin_not_valid(&self.arn, self.origin.as_str()));
        }
        self.must_be(&[KeyState::Enabled, KeyState::Updating])
    }

    fn must_not_be_a_replica(&self, operation: &str) -> Result<()> {
        if self.is_replica() {
            return Err(KmsError::not_for_replicas(&self.arn, operation));
        }
        Ok(())
    }

    /// Rejects a key in a custom key store, with the error for unsupported origins.
    pub(super) fn must_not_be_in_custom_key_store(&self) -> Result<()> {
        if matches!(self.origin, Origin::AWS_KMS | Origin::EXTERNAL) {
            return Ok(());
        }
        Err(KmsError::origin_not_valid(&self.arn, self.origin.as_str()))
    }
}
