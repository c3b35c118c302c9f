//! ScheduleKeyDeletion (`kms-facts.md` 3.6 and 6). Not for other accounts.

use serde::{Deserialize, Serialize};

use super::Cx;
use crate::kms::clock::epoch_seconds;
use crate::kms::error::{KmsError, Result};
use crate::kms::store::days;
use crate::model::KeyState;

const DEFAULT_WINDOW: u32 = 30;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    pending_window_in_days: Option<u32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    /// Absent for a primary that is pending the deletion of its replicas (fact 12.96).
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_date: Option<f64>,
    key_id: String,
    key_state: &'static str,
    pending_window_in_days: u32,
}

pub(crate) fn schedule_key_deletion(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let window = input.pending_window_in_days.unwrap_or(DEFAULT_WINDOW);
    let index = cx.unused_key_for("ScheduleKeyDeletion", &input.key_id, &|context| {
        let key = "kms:ScheduleKeyDeletionPendingWindowInDays";
        context.number(key, f64::from(window));
    })?;
    // The model allows 1 to 365, the service 7 to 30.
    if !(7..=30).contains(&window) {
        return Err(KmsError::deletion_window());
    }
    let deletion = cx.now() + days(window);
    let key = cx.store.keys.get(index);
    let has_replicas = !key.is_replica() && cx.store.regions_of(&key.id).len() > 1;
    let key = cx.store.keys.get_mut(index);
    key.must_not_be(&[
        KeyState::PendingDeletion,
        KeyState::PendingReplicaDeletion,
        KeyState::Updating,
    ])?;
    if has_replicas {
        // The waiting period begins when the last replica has been deleted (facts 12.96, 12.99).
        key.state = KeyState::PendingReplicaDeletion;
        key.deletion_window = Some(window);
    } else {
        key.state = KeyState::PendingDeletion;
        key.deletion = Some(deletion);
    }
    let output = Output {
        deletion_date: key.deletion.map(epoch_seconds),
        key_id: key.arn.clone(),
        key_state: key.state.as_str(),
        pending_window_in_days: window,
    };
    cx.store.schedule_next(index);
    Ok(output)
}
