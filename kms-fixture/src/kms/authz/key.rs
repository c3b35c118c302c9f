//! Authorization of operations on a key, by the key policy, the caller's own policies and, for some operations, grants.

use super::near::Search;
use super::own::OwnPolicies;
use super::policies::{key_policy, own_policies};
use crate::kms::error::{KmsError, Reason, Result};
use crate::kms::evidence::{Evidence, Finding, KeyPolicySaid, Lack, Owner, Policies};
use crate::kms::policy::{Context, Effect, Question};
use crate::kms::principals::{Caller, Identity, Naming};
use crate::kms::store::{Grant, KeyIndex, Store, Wanted};

/// A request for an operation on a key.
pub(crate) struct KeyRequest<'a> {
    pub(crate) operation: &'a str,
    pub(crate) key: KeyIndex,
    /// `None` if grants cannot allow the operation.
    pub(crate) grants: Option<GrantFilter<'a>>,
    pub(crate) context: &'a dyn Fn() -> Context,
}

/// The condition under which a grant of the caller allows the request.
#[derive(Clone, Copy)]
pub(crate) struct GrantFilter<'a> {
    pub(crate) wanted: Wanted<'a>,
    pub(crate) accepts: &'a dyn Fn(&Grant) -> bool,
    /// Returns the lacks of a grant, apart from its grantee. A grant without any is accepted.
    pub(crate) lacks: &'a dyn Fn(&Grant) -> Vec<Lack>,
}

impl GrantFilter<'_> {
    /// Returns two matching grants of `identity`: one that the account `preferred` issued, and one of any issuer.
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

/// A permission by a key policy statement or a grant, with its requirements on the caller's own policies.
#[derive(Clone, Copy)]
enum Permit {
    /// No requirement.
    Unlimited,
    /// The permissions boundary and the session policy must allow the request.
    Limited,
    /// The caller's own policies must allow the request by themselves.
    Delegated,
    /// `Delegated` for a role that a grant names: boundary and session policy are checked first (recorded, fact 8b.7).
    DelegatedToRole,
}

/// Authorizes an operation on a key.
///
/// # Errors
///
/// AccessDeniedException with the messages of rows 16 to 20, and the evidence for the journal.
pub(crate) fn authorize_key(
    store: &Store,
    caller: &Caller,
    request: &KeyRequest<'_>,
) -> Result<()> {
    let key = store.keys.get(request.key);
    let cross_account = caller.is_foreign_to(&key.account);
    let action = format!("kms:{}", request.operation);
    let question = Question::new(&action, &key.arn, request.context);
    // `kms:ResourceAliases` is not available in key policies (DG conditions-kms).
    let context = || (request.context)().without("kms:ResourceAliases");
    let to_key_policy = Question::new(&action, &key.arn, &context);
    let own = OwnPolicies::evaluate(caller, &question);
    judge(store, caller, request, &to_key_policy, own).map_err(|reason| {
        let operation = request.operation;
        let error = if caller.is_service() {
            KmsError::service_denied()
        } else {
            KmsError::access_denied(&caller.caller_arn, operation, &key.arn, cross_account, reason)
        };
        let mut evidence =
            Evidence { action: action.clone(), resource: key.arn.clone(), findings: Vec::new() };
        let unmet = |grant: &Grant| unmet(caller, &key.account, grant, own);
        let wait = request.grants.and_then(|filter| {
            let search = Search {
                store,
                key: request.key,
                identities: &identities_of(caller),
                wanted: filter.wanted.operation,
                lacks: filter.lacks,
                unmet: &unmet,
            };
            search.run(&mut evidence.findings)
        });
        let said = key_policy(&key.policy, caller, &to_key_policy);
        let policies = Policies { key: Some(said), ..own_policies(caller, &question) };
        evidence.findings.push(Finding::Policies(policies));
        if said != KeyPolicySaid::Denies && own.denied().is_none() {
            evidence.findings.extend(wait.map(Finding::Time));
        }
        error.because(evidence)
    })
}

/// Decides whether the caller may perform the operation (`kms-facts.md` 4, steps 1 to 6; 8b.4 to 8b.8).
fn judge(
    store: &Store,
    caller: &Caller,
    request: &KeyRequest<'_>,
    to_key_policy: &Question<'_>,
    own: OwnPolicies,
) -> std::result::Result<(), Reason> {
    let key = store.keys.get(request.key);
    let cross_account = caller.is_foreign_to(&key.account);
    let mut permits = Vec::new();
    for (effect, naming) in key.policy.statements_for(caller, to_key_policy) {
        if effect == Effect::Deny {
            // The response to another account does not distinguish a deny from a missing key (row 20).
            return Err(if cross_account {
                Reason::OtherAccount
            } else {
                Reason::DenyInResourcePolicy
            });
        }
        permits.push(match naming {
            _ if cross_account => Permit::Delegated,
            Naming::Exact => Permit::Unlimited,
            Naming::Role => Permit::Limited,
            Naming::Account => Permit::Delegated,
        });
    }
    if let Some(reason) = own.denied() {
        return Err(reason);
    }
    if decide(&permits, own, cross_account).is_ok() {
        return Ok(());
    }
    if let Some(filter) = request.grants {
        for identity in identities_of(caller) {
            let Some(naming) = identity.names(&caller.identity, &caller.account) else {
                continue;
            };
            // A grant that the caller's own account issued requires less than one of the key's account. Both are
            // evaluated.
            let preferred = cross_account.then_some(caller.account.as_str());
            let grants = filter.held(store, request.key, &identity, preferred);
            permits.extend(
                grants
                    .into_iter()
                    .flatten()
                    .map(|it| permit_by_grant(caller, &key.account, it, naming)),
            );
        }
    }
    decide(&permits, own, cross_account)
}

/// Returns the permit of a grant (8b.4 to 8b.8). In another account, only grants that its principals issued by the key
/// policy are recorded; those that they issued by a grant have the same effect (INVENTED(grant-of-grantee)).
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

/// Returns the kinds of policies that must allow the request beside `grant`, and do not; for a grant to another principal,
/// as if it were to the caller.
fn unmet(caller: &Caller, key_account: &str, grant: &Grant, own: OwnPolicies) -> Vec<Lack> {
    let as_if = match caller.identity {
        Identity::Session { .. } => Naming::Role,
        _ => Naming::Exact,
    };
    let naming = grant.grantee.names(&caller.identity, &caller.account).unwrap_or(as_if);
    let owners: &[Owner] = match permit_by_grant(caller, key_account, grant, naming) {
        Permit::Unlimited => &[],
        Permit::Limited => &[Owner::Boundary, Owner::Session],
        Permit::Delegated | Permit::DelegatedToRole => {
            &[Owner::Identity, Owner::Boundary, Owner::Session]
        }
    };
    owners.iter().copied().filter(|it| !own.allows_as(*it)).map(Lack::Policy).collect()
}

/// Checks the requirements of a permit on the caller's own policies.
fn requires(permit: Permit, own: OwnPolicies) -> std::result::Result<(), Reason> {
    match permit {
        Permit::Unlimited => Ok(()),
        Permit::Limited => own.limits(),
        Permit::Delegated => own.allows(),
        Permit::DelegatedToRole => own.limits().and_then(|()| own.allows()),
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
        match requires(*permit, own) {
            Ok(()) => return Ok(()),
            // The failed requirement of a permit for the role takes precedence over that of a delegation to the
            // account.
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

/// Returns the identities under which a caller may hold a grant.
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
