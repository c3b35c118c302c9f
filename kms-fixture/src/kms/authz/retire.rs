//! Authorization of RetireGrant: the grant's retiring principal, a grantee with the RetireGrant operation, and the
//! account that owns the key. The key policy does not apply (`kms-facts.md` 4; 8b.7, 8b.8, 8b.13).

use super::own::OwnPolicies;
use super::policies::own_policies;
use crate::kms::error::{KmsError, Reason, Result};
use crate::kms::evidence::{Evidence, Finding, Retirement};
use crate::kms::ids::hex;
use crate::kms::policy::{Context, Question};
use crate::kms::principals::{Caller, Identity, Naming};
use crate::kms::store::{Grant, Store};
use crate::model::GrantOperation;

/// Decides whether `caller` may retire `grant`.
///
/// # Errors
///
/// AccessDeniedException. The cross-account message is that of fact 8b.7. The message within an account has not been
/// published; it has the form of row 17 (INVENTED(retire-denial)).
pub(crate) fn authorize_retire(
    store: &Store,
    caller: &Caller,
    grant: &Grant,
    context: &dyn Fn() -> Context,
) -> Result<()> {
    let key = store.keys.get(grant.key);
    let cross_account = caller.is_foreign_to(&key.account);
    let question = Question::new("kms:RetireGrant", &key.arn, context);
    let own = OwnPolicies::evaluate(caller, &question);
    let deny = |reason| {
        let across = cross_account;
        let error = if caller.is_service() {
            KmsError::service_denied()
        } else {
            KmsError::access_denied(&caller.caller_arn, "RetireGrant", &key.arn, across, reason)
        };
        error.because(Evidence {
            action: "kms:RetireGrant".to_owned(),
            resource: key.arn.clone(),
            findings: vec![
                Finding::Retirement(retirement(store, caller, grant)),
                Finding::Policies(own_policies(caller, &question)),
            ],
        })
    };
    if let Some(reason) = own.denied() {
        return Err(deny(reason));
    }

    let named = naming(caller, grant);
    let own_issue = !cross_account || grant.issuing_account == caller.account;
    let verdict = match named {
        Some(Naming::Exact) if own_issue => Ok(()),
        Some(Naming::Role) if own_issue => own.limits(),
        Some(Naming::Role) => own.limits().and_then(|()| own.allows()),
        Some(_) => own.allows(),
        None if cross_account => Err(Reason::OtherAccount),
        None => Err(Reason::NoIdentityPolicy),
    };
    // Principals of the account that owns the key may retire any grant if their own policies allow it.
    match verdict {
        Err(_) if !cross_account && own.allows().is_ok() => Ok(()),
        verdict => verdict.map_err(deny),
    }
}

/// Returns whom the grant allows to retire it.
fn retirement(store: &Store, caller: &Caller, grant: &Grant) -> Retirement {
    let is = |it: &Identity| it.names(&caller.identity, &caller.account).is_some();
    let retiring = grant.retiring.as_ref();
    Retirement {
        id: hex(&grant.id),
        retiring: retiring.map(|it| store.directory.name(it).into_owned()),
        is_retiring: retiring.is_some_and(is),
        is_grantee: is(&grant.grantee),
        grantee_may: grant.operations.contains(&GrantOperation::RetireGrant),
    }
}

/// Returns how the grant names the caller as a principal that may retire it.
fn naming(caller: &Caller, grant: &Grant) -> Option<Naming> {
    let by = |identity: &Identity| identity.names(&caller.identity, &caller.account);
    let retiring = grant.retiring.as_ref().and_then(by);
    let grantee = grant
        .operations
        .contains(&GrantOperation::RetireGrant)
        .then(|| by(&grant.grantee))
        .flatten();
    match (retiring, grantee) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
