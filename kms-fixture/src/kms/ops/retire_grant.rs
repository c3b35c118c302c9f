//! RetireGrant (`kms-facts.md` 3.4; API reference, RetireGrant). Works in every key state.

use serde::Deserialize;

use super::key_ref::AliasForm;
use super::list_grants::parse_grant_id;
use super::{Cx, Empty};
use crate::kms::authz::{authorize_retire, retire_context};
use crate::kms::error::{KmsError, Result};
use crate::kms::store::{Grant, read_token};
use crate::model::Arn;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    grant_token: Option<String>,
    key_id: Option<String>,
    grant_id: Option<String>,
    dry_run: Option<bool>,
}

pub(crate) fn retire_grant(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    let grant = locate(cx, &input)?;
    let id = grant.id;
    let context = || retire_context(cx.store, cx.caller, grant);
    authorize_retire(cx.store, cx.caller, grant, &context)?;
    if input.dry_run == Some(true) {
        return Err(KmsError::dry_run());
    }
    cx.end_grant(&id);
    Ok(Empty)
}

/// Finds the grant that the request names.
fn locate<'c>(cx: &'c Cx<'_>, input: &Input) -> Result<&'c Grant> {
    match (&input.grant_token, &input.key_id, &input.grant_id) {
        (Some(token), None, None) => {
            // The token of a grant that no longer exists is invalid (INVENTED(dead-token), section 10.3).
            read_token(&cx.store.ids, token)
                .and_then(|id| cx.store.grants.get(&id))
                .filter(|it| it.is_seen(&cx.view, &[it.id]))
                .ok_or_else(KmsError::invalid_grant_token)
        }
        (None, Some(key_id), Some(grant_id)) => {
            // Recorded: a bare key id is refused (fact 8b.14).
            if Arn::parse(key_id).is_none() {
                return Err(KmsError::invalid_arn(key_id));
            }
            let key = cx.find_key("RetireGrant", key_id, AliasForm::Refused)?;
            let id = parse_grant_id(grant_id)?;
            match cx.store.grants.get(&id) {
                Some(grant) if grant.key == key && grant.is_seen(&cx.view, &[]) => Ok(grant),
                _ => Err(missing(cx, &cx.store.keys.get(key).account, grant_id)),
            }
        }
        // Missing or contradicting members: INVENTED(retire-arguments), section 10.4.
        _ => Err(KmsError::validation(
            "You must specify either GrantToken, or both KeyId and GrantId.",
        )),
    }
}

/// Returns the error for a missing grant: only callers in the key's account learn that it does not exist
/// (INVENTED(hidden-grant), section 10.11).
fn missing(cx: &Cx<'_>, account: &str, grant_id: &str) -> KmsError {
    if account == cx.caller.account {
        KmsError::no_such_grant(grant_id)
    } else {
        cx.opaque_denial("RetireGrant")
    }
}
