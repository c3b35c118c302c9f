//! RevokeGrant (`kms-facts.md` 3.5; API reference, RevokeGrant). The key policy applies. Works in every key state.

use serde::Deserialize;

use super::create_grant::for_aws_resource;
use super::key_ref::AliasForm;
use super::list_grants::parse_grant_id;
use super::{Cx, Empty};
use crate::kms::error::{KmsError, Result};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    grant_id: String,
    dry_run: Option<bool>,
}

pub(crate) fn revoke_grant(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    let key = cx.key_for_request("RevokeGrant", &input.key_id, AliasForm::Refused, &|context| {
        for_aws_resource(cx.caller, context);
    })?;
    let id = parse_grant_id(&input.grant_id)?;
    let found = cx.store.grants.get(&id).filter(|it| it.key == key);
    // A grant that is not visible yet cannot be revoked. A grant whose end is not visible yet can be revoked again
    // (INVENTED(stale-end)).
    if !found.is_some_and(|it| it.is_seen(&cx.view, &[])) {
        return Err(KmsError::no_such_grant(&input.grant_id));
    }
    if input.dry_run == Some(true) {
        return Err(KmsError::dry_run());
    }
    cx.end_grant(&id);
    Ok(Empty)
}
