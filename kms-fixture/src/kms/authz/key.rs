//! Operations on a key: key policy, own policies and, for some, grants.

use super::own::OwnPolicies;
use crate::kms::error::{KmsError, Reason, Result};
use crate::kms::policy::{Context, Effect, Question};
use crate::kms::principals::{Caller, Identity, Naming};
use crate::kms::store::{Grant, KeyIndex, Store, Wanted};

/// A request for an operation on a key.
pub(crate) struct KeyRequest<'a> {
    pub(crate) operation: &'a str,
    pub(crate) key: KeyIndex,
    /// `None` where grants have no say.
    pub(crate) grants: Option<GrantFilter<'a>>,
    pub(crate) context: &'a dyn Fn() -> Context,
}

/// Which of the caller's grants on the key would allow the request.
#[derive(Clone, Copy)]
pub(crate) struct GrantFilter<'a> {
    pub(crate) wanted: Wanted<'a>,
    pub(crate) accepts: &'a dyn Fn(&Grant) -> bool,
}

impl GrantFilter<'_> {
    /// The grants of `identity` that count: one that the account `preferred` has issued, and any.
    fn held<'s>(
        &self,
        store: &'s Store,
        key: KeyIndex,
        identity: &Identity,
        preferred: Option<&str>,
    ) -> [Option<&'s Grant>; 2] {
        let find = |issuer| {
            let mut held = store.grants.for_use(key, identity, self.wanted, issuer);
            held.find(|it| (self.accepts)(it))
        };
        [preferred.and_then(|it| find(Some(it))), find(None)]
    }
}

/// Something that opens the key to the caller, and what it still asks of the caller's own policies.
#[derive(Clone, Copy)]
enum Permit {
    /// Nothing.
    Unlimited,
    /// Boundary and session policy must let it through.
    Limited,
    /// The caller's own policies must allow it themselves.
    Delegated,
    /// The same for a role that a grant names: its limits are looked at first (recorded, fact 8b.7).
    DelegatedToRole,
}

/// Decides (`kms-facts.md` 4, steps 1 to 6; 8b.4 to 8b.8).
///
/// # Errors
///
/// AccessDeniedException, in the words of rows 16 to 20.
pub(crate) fn authorize_key(
    store: &Store,
    caller: &Caller,
    request: &KeyRequest<'_>,
) -> Result<()> {
    let key = store.keys.get(request.key);
    let cross_account = caller.is_foreign_to(&key.account);
    let action = format!("kms:{}", request.operation);
    let question = Question::new(&action, &key.arn, request.context);
    let deny = |reason| {
        let operation = request.operation;
        if caller.is_service() {
            return KmsError::service_denied();
        }
        KmsError::access_denied(&caller.caller_arn, operation, &key.arn, cross_account, reason)
    };

    let own = OwnPolicies::evaluate(caller, &question);
    let mut permits = Vec::new();
    // Key policies do not know the aliases (DG conditions-kms).
    let context = || (request.context)().without("kms:ResourceAliases");
    let to_key_policy = Question::new(&action, &key.arn, &context);
    for (effect, naming) in key.policy.statements_for(caller, &to_key_policy) {
        if effect == Effect::Deny {
            // Across accounts the answer does not tell a deny from a missing key (row 20).
            return Err(deny(if cross_account {
                Reason::OtherAccount
            } else {
                Reason::DenyInResourcePolicy
            }));
        }
        permits.push(match naming {
            _ if cross_account => Permit::Delegated,
            Naming::Exact => Permit::Unlimited,
            Naming::Role => Permit::Limited,
            Naming::Account => Permit::Delegated,
        });
    }
    if let Some(reason) = own.denied() {
        return Err(deny(reason));
    }
    if decide(&permits, own, cross_account).is_ok() {
        return Ok(());
    }
    if let Some(claim) = request.grants {
        for identity in identities_of(caller) {
            let Some(naming) = identity.names(&caller.identity, &caller.account) else {
                continue;
            };
            // A grant of the caller's own account asks less than one of the key's: the best of each counts.
            let preferred = cross_account.then_some(caller.account.as_str());
            let grants = claim.held(store, request.key, &identity, preferred);
            permits.extend(
                grants
                    .into_iter()
                    .flatten()
                    .map(|it| permit_by_grant(caller, &key.account, it, naming)),
            );
        }
    }
    decide(&permits, own, cross_account).map_err(deny)
}

/// What a grant asks of the own policies of whom it names (8b.4 to 8b.8). Recorded are grants of another account that
/// the key policy trusts; one that somebody there has made by a grant counts the same (INVENTED(grant-of-grantee)).
fn permit_by_grant(caller: &Caller, key_account: &str, grant: &Grant, naming: Naming) -> Permit {
    let foreign = caller.is_foreign_to(key_account) && grant.issuing_account != caller.account;
    match naming {
        Naming::Role if foreign => Permit::DelegatedToRole,
        _ if foreign => Permit::Delegated,
        Naming::Exact => Permit::Unlimited,
        Naming::Role => Permit::Limited,
        Naming::Account => Permit::Delegated,
    }
}

fn decide(
    permits: &[Permit],
    own: OwnPolicies,
    cross_account: bool,
) -> std::result::Result<(), Reason> {
    let mut reason = if cross_account { Reason::OtherAccount } else { Reason::NoResourcePolicy };
    let mut limited = false;
    for permit in permits {
        let verdict = match permit {
            Permit::Unlimited => Ok(()),
            Permit::Limited => own.limits(),
            Permit::Delegated => own.allows(),
            Permit::DelegatedToRole => own.limits().and_then(|()| own.allows()),
        };
        match verdict {
            Ok(()) => return Ok(()),
            // What a grant or a statement for the role wanted says more than what the account's delegation wanted.
            Err(why) if matches!(permit, Permit::Limited | Permit::DelegatedToRole) => {
                reason = why;
                limited = true;
            }
            Err(why) if !limited => reason = why,
            Err(_) => {}
        }
    }
    Err(reason)
}

/// The identities under which a caller may hold a grant.
pub(super) fn identities_of(caller: &Caller) -> Vec<Identity> {
    let mut identities = vec![caller.identity.clone()];
    if let Identity::Session { role, .. } = &caller.identity {
        identities.push(Identity::Role(role.clone()));
    }
    let account = Identity::Account(caller.account.clone());
    if caller.identity != account {
        identities.push(account);
    }
    identities
}
