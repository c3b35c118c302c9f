//! ScheduleKeyDeletion (`kms-facts.md` 3.6 and 6). Not for other accounts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Cx;
use crate::clock::epoch_seconds;
use crate::error::{KmsError, Result};
use crate::model::KeyState;

const DAY: Duration = Duration::from_hours(24);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    pending_window_in_days: Option<u32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    deletion_date: f64,
    key_id: String,
    key_state: &'static str,
    pending_window_in_days: u32,
}

pub(crate) fn schedule_key_deletion(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let index = cx.own_key_for("ScheduleKeyDeletion", &input.key_id)?;
    let days = input.pending_window_in_days.unwrap_or(30);
    // The model allows 1 to 365, the service 7 to 30.
    if !(7..=30).contains(&days) {
        return Err(KmsError::deletion_window());
    }
    let deletion = cx.now() + DAY * days;
    let key = cx.store.keys.get_mut(index);
    key.must_not_be(&[
        KeyState::PendingDeletion,
        KeyState::PendingReplicaDeletion,
        KeyState::Updating,
    ])?;
    key.state = KeyState::PendingDeletion;
    key.deletion = Some(deletion);
    let output = Output {
        deletion_date: epoch_seconds(deletion),
        key_id: key.arn.clone(),
        key_state: key.state.as_str(),
        pending_window_in_days: days,
    };
    cx.store.expect(deletion);
    Ok(output)
}
