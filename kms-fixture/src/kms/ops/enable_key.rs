//! EnableKey and DisableKey (`kms-facts.md` 3.6 and 6). Not for other accounts.

use serde::Deserialize;

use super::{Cx, Empty};
use crate::kms::error::Result;
use crate::kms::store::KeyIndex;
use crate::model::KeyState;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
}

pub(crate) fn enable_key(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    let index = cx.own_key_for("EnableKey", &input.key_id)?;
    switch(cx, index, KeyState::Enabled)
}

pub(crate) fn disable_key(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    let index = cx.unused_key_for("DisableKey", &input.key_id, &|_| {})?;
    switch(cx, index, KeyState::Disabled)
}

fn switch(cx: &mut Cx<'_>, index: KeyIndex, to: KeyState) -> Result<Empty> {
    let now = cx.now();
    let key = cx.store.keys.get_mut(index);
    key.must_be(&[KeyState::Enabled, KeyState::Disabled, KeyState::Unavailable])?;
    // A key stays unavailable until its key store is connected again (DG key-state, note 12).
    if key.state != KeyState::Unavailable {
        key.state = to;
        // An automatic rotation that became due while the key was disabled happens now.
        cx.store.rotate_if_due(index, now);
        cx.store.schedule_next(index);
    }
    Ok(Empty)
}
