//! Authorization of RetireGrant: the grant's retiring principal, a grantee with the RetireGrant operation, and the
//! account that owns the key. The key policy does not apply (`kms-facts.md` 4; 8b.7, 8b.8, 8b.13).

use super::own::OwnPolicies;
use crate::kms::error::{KmsError, Reason, Result};
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
        if caller.is_service() {
            return KmsError::service_denied();
        }
        KmsError::access_denied(&caller.caller_arn, "RetireGrant", &key.arn, cross_account, reason)
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
