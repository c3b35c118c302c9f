//! Operations on a key: key policy, own policies and, for some, grants.

use super::own::Own;
use crate::kms::error::{KmsError, Reason, Result};
use crate::kms::policy::{Context, Effect, Question};
use crate::kms::principals::{Caller, Identity, Naming};
use crate::kms::store::{Grant, KeyIndex, Store, Wanted};

/// A request for an operation on a key.
pub(crate) struct Ask<'a> {
    pub(crate) operation: &'a str,
    pub(crate) key: KeyIndex,
    /// `None` where grants have no say.
    pub(crate) grants: Option<Claim<'a>>,
    pub(crate) context: &'a dyn Fn() -> Context,
}

/// Which of the caller's grants on the key would allow the request.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) wanted: Wanted<'a>,
    pub(crate) suits: &'a dyn Fn(&Grant) -> bool,
}

impl Claim<'_> {
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
            held.find(|it| (self.suits)(it))
        };
        [preferred.and_then(|it| find(Some(it))), find(None)]
    }
}

/// Something that opens the key to the caller, and what it still asks of the caller's own policies.
#[derive(Clone, Copy)]
enum Opening {
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
pub(crate) fn authorize_key(store: &Store, caller: &Caller, ask: &Ask<'_>) -> Result<()> {
    let key = store.keys.get(ask.key);
    let across = caller.is_foreign_to(&key.account);
    let action = format!("kms:{}", ask.operation);
    let question = Question::new(&action, &key.arn, ask.context);
    let deny = |reason| {
        let operation = ask.operation;
        if caller.is_service() {
            return KmsError::service_denied();
        }
        KmsError::access_denied(&caller.caller_arn, operation, &key.arn, across, reason)
    };

    let own = Own::ask(caller, &question);
    let mut openings = Vec::new();
    // Key policies do not know the aliases (DG conditions-kms).
    let context = || (ask.context)().without("kms:ResourceAliases");
    let to_key_policy = Question::new(&action, &key.arn, &context);
    for (effect, naming) in key.policy.statements_for(caller, &to_key_policy) {
        if effect == Effect::Deny {
            // Across accounts the answer does not tell a deny from a missing key (row 20).
            return Err(deny(if across {
                Reason::OtherAccount
            } else {
                Reason::DenyInResourcePolicy
            }));
        }
        openings.push(match naming {
            _ if across => Opening::Delegated,
            Naming::Exact => Opening::Unlimited,
            Naming::Role => Opening::Limited,
            Naming::Account => Opening::Delegated,
        });
    }
    if let Some(reason) = own.denied() {
        return Err(deny(reason));
    }
    if decide(&openings, own, across).is_ok() {
        return Ok(());
    }
    if let Some(claim) = ask.grants {
        for identity in identities_of(caller) {
            let Some(naming) = identity.names(&caller.identity, &caller.account) else {
                continue;
            };
            // A grant of the caller's own account asks less than one of the key's: the best of each counts.
            let preferred = across.then_some(caller.account.as_str());
            let grants = claim.held(store, ask.key, &identity, preferred);
            openings.extend(
                grants
                    .into_iter()
                    .flatten()
                    .map(|it| opening_by_grant(caller, &key.account, it, naming)),
            );
        }
    }
    decide(&openings, own, across).map_err(deny)
}

/// What a grant asks of the own policies of whom it names (8b.4 to 8b.8). Recorded are grants of another account that
/// the key policy trusts; one that somebody there has made by a grant counts the same (INVENTED(grant-of-grantee)).
fn opening_by_grant(caller: &Caller, key_account: &str, grant: &Grant, naming: Naming) -> Opening {
    let foreign = caller.is_foreign_to(key_account) && grant.issuing_account != caller.account;
    match naming {
        Naming::Role if foreign => Opening::DelegatedToRole,
        _ if foreign => Opening::Delegated,
        Naming::Exact => Opening::Unlimited,
        Naming::Role => Opening::Limited,
        Naming::Account => Opening::Delegated,
    }
}

fn decide(openings: &[Opening], own: Own, across: bool) -> std::result::Result<(), Reason> {
    let mut reason = if across { Reason::OtherAccount } else { Reason::NoResourcePolicy };
    let mut limited = false;
    for opening in openings {
        let verdict = match opening {
            Opening::Unlimited => Ok(()),
            Opening::Limited => own.limits(),
            Opening::Delegated => own.allows(),
            Opening::DelegatedToRole => own.limits().and_then(|()| own.allows()),
        };
        match verdict {
            Ok(()) => return Ok(()),
            // What a grant or a statement for the role wanted says more than what the account's delegation wanted.
            Err(why) if matches!(opening, Opening::Limited | Opening::DelegatedToRole) => {
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
