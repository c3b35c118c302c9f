//! GetKeyPolicy, PutKeyPolicy and ListKeyPolicies (API reference; rows 54, 55). Not for other accounts.

use serde::{Deserialize, Serialize};

use super::{Cx, Empty, markers};
use crate::kms::authz::key_context;
use crate::kms::error::{KmsError, Result};
use crate::kms::policy::{Context, Effect, Policy, Question};
use crate::kms::store::KeyPolicy;

/// The name of the only policy of a key.
const NAME: &str = "default";
/// The largest key policy, in bytes.
const MAX_POLICY: usize = 32 << 10;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetInput {
    key_id: String,
    policy_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetOutput {
    policy: String,
    policy_name: &'static str,
}

pub(crate) fn get_key_policy(cx: &mut Cx<'_>, input: GetInput) -> Result<GetOutput> {
    let key = cx.own_key_for("GetKeyPolicy", &input.key_id)?;
    check_name(input.policy_name.as_deref(), false)?;
    Ok(GetOutput { policy: cx.store.keys.get(key).policy.text(), policy_name: NAME })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PutInput {
    key_id: String,
    policy_name: Option<String>,
    policy: String,
    bypass_policy_lockout_safety_check: Option<bool>,
}

pub(crate) fn put_key_policy(cx: &mut Cx<'_>, input: PutInput) -> Result<Empty> {
    let bypass = input.bypass_policy_lockout_safety_check;
    let key = cx.own_key_for_request("PutKeyPolicy", &input.key_id, &|context| {
        lockout_bypass(context, bypass);
    })?;
    check_name(input.policy_name.as_deref(), true)?;
    let policy = bind_policy(cx, &input.policy)?;
    if bypass != Some(true) {
        let context = || {
            let mut context = key_context(cx.store, cx.caller, key);
            lockout_bypass(&mut context, bypass);
            context
        };
        check_lockout(cx, &policy, &cx.store.keys.get(key).arn, &context)?;
    }
    // PutKeyPolicy works in every key state (recorded while pending deletion).
    cx.store.keys.get_mut(key).policy = policy;
    Ok(Empty)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListInput {
    key_id: String,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    policy_names: [&'static str; 1],
    truncated: bool,
}

pub(crate) fn list_key_policies(cx: &mut Cx<'_>, input: ListInput) -> Result<ListOutput> {
    let key = cx.own_key_for("ListKeyPolicies", &input.key_id)?;
    // The only name fits the first page, so every marker is invalid.
    let arn = &cx.store.keys.get(key).arn;
    markers::read(cx.store, &["ListKeyPolicies", arn], input.marker.as_deref())?;
    Ok(ListOutput { policy_names: [NAME], truncated: false })
}

fn check_name(name: Option<&str>, is_put: bool) -> Result<()> {
    match name {
        None | Some(NAME) => Ok(()),
        Some("AWS_RAM") if is_put => Err(KmsError::ram_policy()),
        Some(_) => Err(KmsError::no_such_policy()),
    }
}

/// Parses a key policy and resolves its principals. A document over 32 KB exceeds a quota, although the model allows more
/// (fact 15.14); checking that first is INVENTED(policy-quota).
pub(super) fn bind_policy(cx: &Cx<'_>, text: &str) -> Result<KeyPolicy> {
    if text.len() > MAX_POLICY {
        return Err(KmsError::policy_quota(text.len(), MAX_POLICY));
    }
    let policy = Policy::parse(text).map_err(|_| KmsError::malformed_policy())?;
    KeyPolicy::bind(policy, &cx.store.directory, &cx.view).map_err(|_| KmsError::policy_principal())
}

/// Adds the condition key of PutKeyPolicy and CreateKey; absent unless the request sets the member (DG conditions-kms).
pub(super) fn lockout_bypass(context: &mut Context, bypass: Option<bool>) {
    if let Some(bypass) = bypass {
        context.flag("kms:BypassPolicyLockoutSafetyCheck", bypass);
    }
}

/// Performs the lockout safety check: the new policy must allow the caller to call PutKeyPolicy (API reference,
/// PutKeyPolicy).
pub(super) fn check_lockout(
    cx: &Cx<'_>,
    policy: &KeyPolicy,
    resource: &str,
    context: &dyn Fn() -> Context,
) -> Result<()> {
    let context = || context().without("kms:ResourceAliases");
    let question = Question::new("kms:PutKeyPolicy", resource, &context);
    let mut allowed = false;
    for (effect, _) in policy.statements_for(cx.caller, &question) {
        match effect {
            Effect::Deny => return Err(KmsError::policy_lockout()),
            Effect::Allow => allowed = true,
        }
    }
    if allowed { Ok(()) } else { Err(KmsError::policy_lockout()) }
}
