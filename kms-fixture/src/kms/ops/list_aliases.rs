//! ListAliases (API reference): the aliases of the caller's own account, sorted by name.

use serde::{Deserialize, Serialize};

use super::key_ref::AliasForm;
use super::{Cx, markers};
use crate::kms::authz::{authorize_own, principal_context};
use crate::kms::clock::epoch_seconds;
use crate::kms::error::Result;

const DEFAULT_LIMIT: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: Option<String>,
    limit: Option<usize>,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    aliases: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    alias_arn: String,
    alias_name: String,
    creation_date: f64,
    last_updated_date: f64,
    target_key_id: String,
}

pub(crate) fn list_aliases(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    const OPERATION: &str = "ListAliases";
    let context = || principal_context(cx.store, cx.caller);
    authorize_own(cx.caller, OPERATION, "*", &context)?;
    let key = match &input.key_id {
        Some(text) => Some(cx.find_key(OPERATION, text, AliasForm::Accepted)?),
        None => None,
    };
    let account = &cx.caller.account;
    let filter = key.map(|it| it.0.to_string()).unwrap_or_default();
    let query = [OPERATION, account.as_str(), &filter];
    let after = markers::read_text(cx.store, &query, input.marker.as_deref())?;
    let limit = input.limit.unwrap_or(DEFAULT_LIMIT);
    let mut aliases: Vec<_> = cx
        .store
        .aliases
        .of_account(account, &after)
        .filter(|(_, alias)| key.is_none_or(|it| alias.target == it))
        .take(limit + 1)
        .map(|(name, alias)| Entry {
            alias_arn: cx.store.alias_arn(account, name),
            alias_name: name.to_owned(),
            creation_date: epoch_seconds(alias.created),
            last_updated_date: epoch_seconds(alias.updated),
            target_key_id: cx.store.keys.get(alias.target).id.clone(),
        })
        .collect();
    let name = |it: &Entry| it.alias_name.clone();
    let next_marker = markers::cut(cx.store, &query, &mut aliases, limit, name);
    Ok(Output { aliases, truncated: next_marker.is_some(), next_marker })
}
