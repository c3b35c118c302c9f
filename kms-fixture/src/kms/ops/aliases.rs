//! CreateAlias, UpdateAlias and DeleteAlias (API reference; rows 4, 40). Not for other accounts.
//!
//! Each operation needs permission on the alias, from the caller's own policies, and on each key involved.

use serde::Deserialize;

use super::{Cx, Empty};
use crate::kms::authz::{authorize_own, principal_context};
use crate::kms::error::{KmsError, Result};
use crate::kms::store::{Alias, Key, KeyIndex};
use crate::model::KeyState;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    alias_name: String,
    target_key_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteInput {
    alias_name: String,
}

pub(crate) fn create_alias(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    const OPERATION: &str = "CreateAlias";
    check_name(&input.alias_name)?;
    let target = target(cx, OPERATION, &input.target_key_id)?;
    authorize_alias(cx, OPERATION, &input.alias_name)?;
    cx.store.keys.get(target).must_not_be(&PENDING_DELETION)?;
    let account = &cx.caller.account;
    if cx.store.aliases.get(account, &input.alias_name).is_some() {
        let arn = cx.store.alias_arn(account, &input.alias_name);
        return Err(KmsError::alias_exists(&arn));
    }
    check_quota(cx, target)?;
    let alias = Alias { target, created: cx.now(), updated: cx.now() };
    cx.store.aliases.set(account, &input.alias_name, alias);
    Ok(Empty)
}

pub(crate) fn update_alias(cx: &mut Cx<'_>, input: Input) -> Result<Empty> {
    const OPERATION: &str = "UpdateAlias";
    check_name(&input.alias_name)?;
    let target = target(cx, OPERATION, &input.target_key_id)?;
    authorize_alias(cx, OPERATION, &input.alias_name)?;
    let current = find(cx, &input.alias_name)?;
    let old = cx.store.keys.get(current.target);
    cx.own_key_for(OPERATION, &old.arn)?;
    let new = cx.store.keys.get(target);
    new.must_not_be(&PENDING_DELETION)?;
    // Both keys must be symmetric, asymmetric or HMAC, and have one usage (API reference). The text is
    // INVENTED(alias-target).
    let kind = |key: &Key| {
        let spec = key.spec;
        (spec.is_symmetric_encryption(), spec.is_hmac(), key.usage)
    };
    if kind(old) != kind(new) {
        return Err(KmsError::validation(
            "The current and the new KMS key must be of the same type and have the same key usage.",
        ));
    }
    if current.target != target {
        check_quota(cx, target)?;
    }
    let alias = Alias { target, created: current.created, updated: cx.now() };
    cx.store.aliases.set(&cx.caller.account, &input.alias_name, alias);
    Ok(Empty)
}

pub(crate) fn delete_alias(cx: &mut Cx<'_>, input: DeleteInput) -> Result<Empty> {
    const OPERATION: &str = "DeleteAlias";
    check_name(&input.alias_name)?;
    authorize_alias(cx, OPERATION, &input.alias_name)?;
    let alias = find(cx, &input.alias_name)?;
    let arn = &cx.store.keys.get(alias.target).arn;
    cx.own_key_for(OPERATION, arn)?;
    cx.store.aliases.remove(&cx.caller.account, &input.alias_name);
    Ok(Empty)
}

/// States in which a key cannot become the target of an alias.
const PENDING_DELETION: [KeyState; 2] =
    [KeyState::PendingDeletion, KeyState::PendingReplicaDeletion];

/// The quota on the aliases of a key (fact 15.14).
const ALIASES_PER_KEY: usize = 50;

fn check_quota(cx: &Cx<'_>, target: KeyIndex) -> Result<()> {
    if cx.store.aliases.of_key(target).len() < ALIASES_PER_KEY {
        return Ok(());
    }
    Err(KmsError::alias_quota(&cx.store.keys.get(target).arn, ALIASES_PER_KEY))
}

fn check_name(name: &str) -> Result<()> {
    let Some(rest) = name.strip_prefix("alias/").filter(|it| !it.is_empty()) else {
        return Err(KmsError::alias_prefix());
    };
    if rest.starts_with("aws/") {
        return Err(KmsError::alias_reserved());
    }
    if rest.contains(':') {
        return Err(KmsError::alias_characters(name));
    }
    Ok(())
}

fn target(cx: &Cx<'_>, operation: &str, text: &str) -> Result<KeyIndex> {
    if text.starts_with("alias/") || text.contains(":alias/") {
        return Err(KmsError::alias_to_alias());
    }
    cx.own_key_for(operation, text)
}

fn authorize_alias(cx: &Cx<'_>, operation: &str, name: &str) -> Result<()> {
    let arn = cx.store.alias_arn(&cx.caller.account, name);
    let context = || principal_context(cx.store, cx.caller);
    authorize_own(cx.caller, operation, &arn, &context)
}

fn find(cx: &Cx<'_>, name: &str) -> Result<Alias> {
    let account = &cx.caller.account;
    let found = cx.store.aliases.get(account, name).cloned();
    found.ok_or_else(|| KmsError::no_such_alias(&cx.store.alias_arn(account, name)))
}
