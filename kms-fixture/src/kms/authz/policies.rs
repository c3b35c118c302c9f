//! The answers of policies, for the evidence of a refusal.

use crate::kms::evidence::{KeyPolicySaid, Policies, Said};
use crate::kms::policy::{Effect, Policy, Question};
use crate::kms::principals::{Caller, Naming};
use crate::kms::store::KeyPolicy;

/// Returns the answers of the caller's own policies.
pub(super) fn own_policies(caller: &Caller, question: &Question<'_>) -> Policies {
    if caller.is_service() {
        return Policies::default();
    }
    let identity: Vec<_> = caller.policies.iter().map(AsRef::as_ref).collect();
    Policies {
        identity: Some(said(&identity, question)),
        boundary: caller.boundary.as_deref().map(|it| said(&[it], question)),
        session: caller.session_policy.as_deref().map(|it| said(&[it], question)),
        key: None,
    }
}

/// Returns the common answer of policies of one kind.
fn said(policies: &[&Policy], question: &Question<'_>) -> Said {
    let denies = |it: &&Policy| {
        let mut statements = it.statements().iter();
        statements.any(|it| it.effect == Effect::Deny && it.applies(question))
    };
    if policies.iter().any(denies) {
        return Said::Denies;
    }
    if policies.iter().any(|it| it.would_allow(question)) {
        return Said::Allows;
    }
    let would = |relax: fn(&Policy) -> Option<Policy>| {
        policies.iter().filter_map(|it| relax(it)).any(|it| it.would_allow(question))
    };
    if would(Policy::without_conditions) {
        Said::SilentByCondition
    } else if would(Policy::on_every_resource)
        || would(|it| it.without_conditions()?.on_every_resource())
    {
        Said::SilentByResource
    } else {
        Said::Silent
    }
}

/// Returns the answer of a key policy; a `Deny` counts before anything else.
pub(super) fn key_policy(
    policy: &KeyPolicy,
    caller: &Caller,
    question: &Question<'_>,
) -> KeyPolicySaid {
    let statements: Vec<_> = policy.statements_for(caller, question).collect();
    let allows = statements.iter().filter(|it| it.0 == Effect::Allow).map(|it| it.1).min();
    if statements.iter().any(|it| it.0 == Effect::Deny) {
        return KeyPolicySaid::Denies;
    }
    match allows {
        Some(Naming::Account) => KeyPolicySaid::TrustsAccount,
        Some(Naming::Exact | Naming::Role) => KeyPolicySaid::Allows,
        None => {
            let relaxed = policy.without_conditions();
            let would = relaxed.is_some_and(|it| {
                it.statements_for(caller, question).any(|it| it.0 == Effect::Allow)
            });
            if would { KeyPolicySaid::SilentByCondition } else { KeyPolicySaid::Silent }
        }
    }
}
