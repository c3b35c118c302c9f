//! A key policy: a policy whose principals are bound to identities, as KMS binds them when it is set (fact 5.11).

use crate::kms::arrival::View;
use crate::kms::policy::{Effect, Policy, Principals, Question};
use crate::kms::principals::{Caller, Directory, Identity, Naming};
use crate::model::Arn;
use crate::model::is_account_id;

/// A policy and whom its statements are about.
#[derive(Clone, Debug)]
pub(crate) struct KeyPolicy {
    policy: Policy,
    /// One list for each statement.
    bound: Vec<Vec<Identity>>,
}

impl KeyPolicy {
    /// Binds `policy`; `Err` gives the first principal that does not exist, or nothing for a statement without one.
    pub(crate) fn bind(
        policy: Policy,
        directory: &Directory,
        view: &View,
    ) -> Result<Self, Option<String>> {
        let mut bound = Vec::new();
        for statement in policy.statements() {
            let principals = statement.principals.as_ref().ok_or(None)?;
            let mut identities = principals
                .aws
                .iter()
                .map(|text| bind(text, directory, view).ok_or_else(|| Some(text.clone())))
                .collect::<Result<Vec<_>, _>>()?;
            identities.extend(principals.services.iter().cloned().map(Identity::Service));
            bound.push(identities);
        }
        Ok(Self { policy, bound })
    }

    /// A policy that was made to leave everything to `account`.
    pub(super) fn trusting(account: &str, policy: Policy) -> Self {
        Self { policy, bound: vec![vec![Identity::Account(account.to_owned())]] }
    }

    /// The document as it was set.
    pub(crate) fn text(&self) -> &str {
        self.policy.text()
    }

    /// The statements that are about `caller` and apply to `question`: what they say and how they name the caller.
    pub(crate) fn statements_for<'a>(
        &'a self,
        caller: &'a Caller,
        question: &'a Question<'_>,
    ) -> impl Iterator<Item = (Effect, Naming)> + 'a {
        self.policy.statements().iter().zip(&self.bound).filter_map(
            move |(statement, identities)| {
                let principals = statement.principals.as_ref()?;
                let naming = naming(principals, identities, caller, statement.effect)?;
                statement.applies(question).then_some((statement.effect, naming))
            },
        )
    }
}

fn bind(text: &str, directory: &Directory, view: &View) -> Option<Identity> {
    // Any account may be named: nobody can call from one that was not declared.
    if is_account_id(text) {
        return Some(Identity::Account(text.to_owned()));
    }
    if let Some(arn) = Arn::parse(text)
        && arn.service == "iam"
        && arn.resource == "root"
        && is_account_id(arn.account)
    {
        return Some(Identity::Account(arn.account.to_owned()));
    }
    directory.resolve(text, view).ok()
}

fn naming(
    principals: &Principals,
    identities: &[Identity],
    caller: &Caller,
    effect: Effect,
) -> Option<Naming> {
    let listed = if principals.anyone {
        Some(Naming::Exact)
    } else {
        identities.iter().filter_map(|it| it.names(&caller.identity, &caller.account)).min()
    };
    match (principals.negated, listed) {
        (false, listed) => listed,
        // A deny with `NotPrincipal` bites everyone who has a permissions boundary (IAM User Guide, NotPrincipal).
        (true, Some(_)) if effect == Effect::Deny && caller.boundary.is_some() => {
            Some(Naming::Exact)
        }
        // An account has to be listed beside those who are meant, and exempts nobody else in it (the same page).
        (true, Some(Naming::Account)) if effect == Effect::Deny => Some(Naming::Exact),
        (true, Some(_)) => None,
        (true, None) => Some(Naming::Exact),
    }
}
