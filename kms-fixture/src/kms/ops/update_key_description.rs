//! UpdateKeyDescription (API reference). Not for other accounts.

use serde::Deserialize;

use super::{Cx, Empty};
use crate::kms::error::Result;
use crate::model::KeyState;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    description: String,
}

pub(crate) fn update_key_description(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    let index = cx.own_key_for("UpdateKeyDescription", &input.key_id)?;
    let key = cx.store.keys.get_mut(index);
    key.must_not_be(&[
        KeyState::PendingDeletion,
        KeyState::PendingReplicaDeletion,
        KeyState::Updating,
    ])?;
    key.description = input.description;
    Ok(Empty)
}
