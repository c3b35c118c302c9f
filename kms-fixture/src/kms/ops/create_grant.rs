//! CreateGrant (`kms-facts.md` 3.1; API reference, CreateGrant).

use serde::{Deserialize, Serialize};

use super::Cx;
use super::grant_terms::{ConstraintsInput, constraints, operations};
use super::key_ref::AliasForm;
use crate::kms::authz::{GrantFilter, KeyRequest, authorize_key, constraint, key_context};
use crate::kms::error::{KmsError, Result};
use crate::kms::evidence::Lack;
use crate::kms::ids::hex;
use crate::kms::policy::Context;
use crate::kms::principals::{Caller, Identity};
use crate::kms::store::{Grant, KeyIndex, Terms, Wanted, mint_token};
use crate::model::{Constraints, GrantOperation, KeyState};

/// The quota on grants for each key (section 7).
const GRANTS_PER_KEY: usize = 50_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    grantee_principal: Option<String>,
    grantee_service_principal: Option<String>,
    retiring_principal: Option<String>,
    retiring_service_principal: Option<String>,
    operations: Vec<String>,
    constraints: Option<ConstraintsInput>,
    name: Option<String>,
    grant_tokens: Option<Vec<String>>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    grant_id: String,
    grant_token: String,
}

pub(crate) fn create_grant(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let key = cx.find_key("CreateGrant", &input.key_id, AliasForm::Refused)?;
    authorize(cx, key, &input)?;
    let dry_run = input.dry_run == Some(true);
    let terms = terms(cx, key, input)?;
    let found = cx.store.keys.get(key);
    found.must_be(&[KeyState::Enabled, KeyState::Unavailable, KeyState::Updating])?;

    let known = cx.store.grants.find_retried(&terms).map(|it| it.id);
    if known.is_none() && cx.store.grants.count(key) >= GRANTS_PER_KEY {
        return Err(KmsError::grant_quota(&found.arn, GRANTS_PER_KEY));
    }
    if dry_run {
        return Err(KmsError::dry_run());
    }
    let (id, serial) = if let Some(id) = known {
        // A retry with the name of an existing grant returns that grant and a new token (facts 3.1.4, 2.7). The
        // creation date is unchanged (INVENTED(retry-date), section 10.15).
        (id, cx.store.ids.next("token").bytes::<8>())
    } else {
        let id = cx.store.ids.next("grant").bytes();
        let made = cx.store.change(cx.now());
        cx.store.grants.insert(id, cx.now(), terms, made);
        (id, [0; 8])
    };
    Ok(Output {
        grant_id: hex(&id),
        grant_token: mint_token(&cx.store.ids, &id, u64::from_be_bytes(serial)),
    })
}

/// Authorizes the request by policy, or by one parent grant that is at least as permissive (fact 8b.9).
fn authorize(cx: &Cx<'_>, key: KeyIndex, input: &Input) -> Result<()> {
    let wanted: Vec<_> =
        input.operations.iter().filter_map(|word| GrantOperation::from_word(word)).collect();
    let limits =
        input.constraints.as_ref().map(ConstraintsInput::as_constraints).unwrap_or_default();
    let tokens = cx.grants_of_tokens(input.grant_tokens.as_deref());
    let parent = |grant: &Grant| {
        grant.is_seen(&cx.view, &tokens)
            && grant.operations.contains(&GrantOperation::CreateGrant)
            && wanted.iter().all(|it| grant.operations.contains(it))
            && limits.at_least_as_strict_as(&grant.constraints)
            && cx.is_for_source(grant)
    };
    let lacks = |grant: &Grant| {
        let mut lacks = cx.unseen(grant, &tokens);
        if !grant.operations.contains(&GrantOperation::CreateGrant) {
            lacks.push(Lack::Operation);
        }
        let missing = wanted.iter().filter(|it| !grant.operations.contains(it));
        let missing: Vec<_> = missing.copied().collect();
        if !missing.is_empty() {
            lacks.push(Lack::Operations(missing));
        }
        if !limits.at_least_as_strict_as(&grant.constraints) {
            lacks.push(Lack::Constraints);
        }
        lacks.extend(cx.other_source(grant));
        lacks
    };
    let context = || context(cx, key, input, &limits);
    let request = KeyRequest {
        operation: "CreateGrant",
        key,
        grants: Some(GrantFilter {
            wanted: Wanted {
                operation: GrantOperation::CreateGrant,
                context: None,
                source: cx.caller.source_arn.as_deref(),
            },
            accepts: &parent,
            lacks: &lacks,
        }),
        context: &context,
    };
    authorize_key(cx.store, cx.caller, &request)
}

/// Adds `kms:GrantIsForAWSResource` for CreateGrant, ListGrants and RevokeGrant: true if an AWS service calls on behalf
/// of a principal.
pub(super) fn for_aws_resource(caller: &Caller, context: &mut Context) {
    context.flag("kms:GrantIsForAWSResource", caller.via_service.is_some());
}

/// Returns the condition keys of CreateGrant (DG conditions-kms).
fn context(cx: &Cx<'_>, key: KeyIndex, input: &Input, limits: &Constraints) -> Context {
    let mut context = key_context(cx.store, cx.caller, key);
    context.list("kms:GrantOperations", input.operations.iter().cloned());
    for_aws_resource(cx.caller, &mut context);
    for (name, value) in [
        ("kms:GranteePrincipal", &input.grantee_principal),
        ("kms:GranteeServicePrincipal", &input.grantee_service_principal),
        ("kms:RetiringPrincipal", &input.retiring_principal),
        ("kms:RetiringServicePrincipal", &input.retiring_service_principal),
        ("kms:GrantConstraintSourceArn", &limits.source_arn),
    ] {
        if let Some(value) = value {
            context.text(name, value);
        }
    }
    constraint(&mut context, limits);
    context
}

/// Checks the principals, the constraints and the operations, in this order (fact 3.7 a). Checking the principals first
/// is INVENTED(order-of-checks), section 10.12.
fn terms(cx: &Cx<'_>, key: KeyIndex, input: Input) -> Result<Terms> {
    // The API model of 2026 documents these rules; the texts are INVENTED(service-principals).
    let grantee = match (&input.grantee_principal, &input.grantee_service_principal) {
        (Some(arn), None) => {
            cx.principal(arn, || KmsError::member_is_not_a_principal("GranteePrincipal"))?
        }
        (None, Some(service)) => {
            let sourced = input.constraints.as_ref().is_some_and(ConstraintsInput::has_source_arn);
            if !sourced {
                return Err(KmsError::validation(
                    "GranteeServicePrincipal requires the SourceArn grant constraint.",
                ));
            }
            if input.retiring_principal.is_none() && input.retiring_service_principal.is_none() {
                return Err(KmsError::validation(
                    "GranteeServicePrincipal requires a RetiringPrincipal or a RetiringServicePrincipal.",
                ));
            }
            Identity::Service(service.clone())
        }
        _ => {
            return Err(KmsError::validation(
                "You must specify exactly one of GranteePrincipal and GranteeServicePrincipal.",
            ));
        }
    };
    let retiring = match (&input.retiring_principal, &input.retiring_service_principal) {
        (Some(arn), None) => {
            Some(cx.principal(arn, || KmsError::member_is_not_a_principal("RetiringPrincipal"))?)
        }
        (None, Some(service)) => Some(Identity::Service(service.clone())),
        (None, None) => None,
        (Some(_), Some(_)) => {
            return Err(KmsError::validation(
                "You can specify only one of RetiringPrincipal and RetiringServicePrincipal.",
            ));
        }
    };
    let found = cx.store.keys.get(key);
    Ok(Terms {
        key,
        name: input.name,
        grantee,
        retiring,
        constraints: constraints(input.constraints, found)?,
        operations: operations(&input.operations, found)?,
        issuing_account: cx.caller.account.clone(),
    })
}
