//! CancelKeyDeletion: disables the key instead of deleting it (`kms-facts.md` 3.6, 9.18). Not for other accounts.

use serde::{Deserialize, Serialize};

use super::Cx;
use crate::kms::error::{KmsError, Result};
use crate::model::KeyState;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    key_id: String,
}

pub(crate) fn cancel_key_deletion(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let index = cx.own_key_for("CancelKeyDeletion", &input.key_id)?;
    let key = cx.store.keys.get_mut(index);
    if !matches!(key.state, KeyState::PendingDeletion | KeyState::PendingReplicaDeletion) {
        return Err(KmsError::not_pending_deletion(&key.arn));
    }
    key.state = KeyState::Disabled;
    key.deletion = None;
    key.deletion_window = None;
    // A key whose material is missing returns to PendingImport (fact 12.60).
    key.await_missing_material();
    Ok(Output { key_id: key.arn.clone() })
}
