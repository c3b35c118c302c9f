//! UpdatePrimaryRegion (`kms-facts.md` 12). Not for other accounts.

use serde::Deserialize;

use super::{Cx, Empty};
use crate::kms::error::{KmsError, Result};
use crate::model::KeyState;

const OPERATION: &str = "UpdatePrimaryRegion";
/// The key states that allow the operation (DG key-state).
const STATES: &[KeyState] = &[KeyState::Enabled, KeyState::Updating];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    primary_region: String,
}

pub(crate) fn update_primary_region(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    let region = &input.primary_region;
    let index = cx.own_key_for_request(OPERATION, &input.key_id, &|context| {
        context.text("kms:PrimaryRegion", region);
    })?;
    let key = cx.store.keys.get(index);
    if !key.multi_region || key.is_replica() {
        return Err(KmsError::is_not_a_primary(&key.arn));
    }
    if *region == cx.store.region {
        key.must_be(STATES)?;
        // The primary is already in this Region (fact 12.90).
        return Ok(Empty);
    }
    let id = key.id.clone();
    let account = key.account.clone();
    let there = cx.store.keys_in(region).and_then(|it| it.find(&id));
    let Some(there) = there else {
        return Err(KmsError::no_replica_in_region(&id));
    };
    // The caller needs permission on both keys (fact 12.108).
    let arn = cx.store.arn_in(region, &account, &id);
    let mut store = cx.store.enter(region);
    let there_too = Cx { store: &mut store, used: Vec::new(), ..*cx };
    there_too.own_key_for_request(OPERATION, &arn, &|context| {
        context.text("kms:PrimaryRegion", region);
    })?;
    drop(store);
    cx.store.keys.get(index).must_be(STATES)?;
    let replicas = cx.store.keys_in_mut(region);
    replicas.get(there).must_be(STATES)?;

    // Both keys change at once; on AWS they are `Updating` for some time: INVENTED(at-once).
    let rotation = std::mem::take(&mut cx.store.keys.get_mut(index).rotation);
    for (at, index, _) in cx.store.regions_of(&id) {
        let key = cx.store.keys_in_mut(&at).get_mut(index);
        key.primary_region = (at != *region).then(|| region.clone());
    }
    cx.store.keys_in_mut(region).get_mut(there).rotation = rotation;
    Ok(Empty)
}
