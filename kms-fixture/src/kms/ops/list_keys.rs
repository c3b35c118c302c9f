//! ListKeys (`kms-facts.md` 3.6; API reference, ListKeys): the keys of the caller's own account.

use serde::{Deserialize, Serialize};

use super::{Cx, markers};
use crate::kms::authz::{authorize_own, principal_context};
use crate::kms::error::Result;

const DEFAULT_LIMIT: usize = 100;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    limit: Option<usize>,
    marker: Option<String>,
    /// AWS RAM shares keys between accounts; the fake has no shared keys.
    resource_owners: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    keys: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_arn: String,
    key_id: String,
}

pub(crate) fn list_keys(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let context = || principal_context(cx.store, cx.caller);
    authorize_own(cx.caller, "ListKeys", "*", &context)?;
    let account = &cx.caller.account;
    let owners = input.resource_owners.unwrap_or_else(|| vec!["SELF".to_owned()]);
    let own = owners.iter().any(|it| it == "SELF");
    let query = ["ListKeys", account.as_str(), &owners.join(",")];
    let after = markers::read_text(cx.store, &query, input.marker.as_deref())?;
    let limit = input.limit.unwrap_or(DEFAULT_LIMIT);
    let mut keys: Vec<_> = cx
        .store
        .keys
        .of_account(account, &after)
        .filter(|key| cx.view.lists(key.made))
        .take(if own { limit + 1 } else { 0 })
        .map(|key| Entry { key_arn: key.arn.clone(), key_id: key.id.clone() })
        .collect();
    let next_marker = markers::cut(cx.store, &query, &mut keys, limit, |it| it.key_id.clone());
    Ok(Output { keys, truncated: next_marker.is_some(), next_marker })
}
