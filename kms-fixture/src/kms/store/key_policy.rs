//! Key policies: KMS resolves the principals to identities when the policy is set (fact 5.11).

use crate::kms::arrival::View;
use crate::kms::policy::{Effect, Policy, Principals, Question, laid_out};
use crate::kms::principals::{Caller, Directory, Identity, Naming};
use crate::model::Arn;
use crate::model::is_account_id;

/// A policy with its resolved principals.
#[derive(Clone, Debug)]
pub(crate) struct KeyPolicy {
    policy: Policy,
    /// The identities that each statement names.
    bound: Vec<Vec<Identity>>,
}

impl KeyPolicy {
    /// Resolves the principals of `policy`.
    ///
    /// # Errors
    ///
    /// The first principal that does not exist, or `None` for a statement without principals.
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

    /// Returns `policy`, whose only statement trusts `account`.
    pub(super) fn trusting(account: &str, policy: Policy) -> Self {
        Self { policy, bound: vec![vec![Identity::Account(account.to_owned())]] }
    }

    /// Returns the policy without the conditions of its statements; `None` if it has no document.
    pub(crate) fn without_conditions(&self) -> Option<Self> {
        Some(Self { policy: self.policy.without_conditions()?, bound: self.bound.clone() })
    }

    /// Returns the document as it was set, in AWS's layout.
    pub(crate) fn text(&self) -> String {
        laid_out(&self.policy.text())
    }

    /// Returns the effect of each statement that applies to `caller` and `question`, and how it names the caller.
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
    // A policy may name any account; undeclared accounts have no callers.
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
        // A deny with `NotPrincipal` applies to every principal with a permissions boundary (IAM User Guide,
        // NotPrincipal).
        (true, Some(_)) if effect == Effect::Deny && caller.boundary.is_some() => {
            Some(Naming::Exact)
        }
        // A deny must list an exempt principal's account, too, but that does not exempt the account's other principals
        // (same page).
        (true, Some(Naming::Account)) if effect == Effect::Deny => Some(Naming::Exact),
        (true, Some(_)) => None,
        (true, None) => Some(Naming::Exact),
    }
}
