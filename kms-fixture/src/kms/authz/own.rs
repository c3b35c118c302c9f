//! A caller's own policies: identity-based policies, permissions boundary and session policy.

use super::policies::own_policies;
use crate::kms::error::{KmsError, Reason, Result};
use crate::kms::evidence::{Evidence, Finding, Owner, Policies};
use crate::kms::policy::{Context, Policy, Question, Verdict};
use crate::kms::principals::Caller;

/// The verdicts of a caller's own policies. A missing boundary or session policy counts as an allow.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnPolicies {
    identity: Verdict,
    boundary: Verdict,
    session: Verdict,
}

impl OwnPolicies {
    pub(super) fn evaluate(caller: &Caller, question: &Question<'_>) -> Self {
        let mut identity = Verdict::Silent;
        for policy in &caller.policies {
            match policy.verdict(question) {
                Verdict::Deny => identity = Verdict::Deny,
                Verdict::Allow if identity == Verdict::Silent => identity = Verdict::Allow,
                _ => {}
            }
        }
        let limit =
            |policy: Option<&Policy>| policy.map_or(Verdict::Allow, |it| it.verdict(question));
        Self {
            identity,
            boundary: limit(caller.boundary.as_deref()),
            session: limit(caller.session_policy.as_deref()),
        }
    }

    /// Returns whether the policies of one kind allow the request.
    pub(super) fn allows_as(self, owner: Owner) -> bool {
        let verdict = match owner {
            Owner::Identity => self.identity,
            Owner::Boundary => self.boundary,
            Owner::Session => self.session,
        };
        verdict == Verdict::Allow
    }

    /// Returns the reason of an explicit deny in any of the policies.
    pub(super) fn denied(self) -> Option<Reason> {
        if self.identity == Verdict::Deny {
            Some(Reason::DenyInIdentityPolicy)
        } else if self.boundary == Verdict::Deny {
            Some(Reason::DenyInBoundary)
        } else if self.session == Verdict::Deny {
            Some(Reason::DenyInSessionPolicy)
        } else {
            None
        }
    }

    /// Checks that the boundary and the session policy allow a request that the role is permitted otherwise (fact
    /// 8b.5).
    pub(super) fn limits(self) -> std::result::Result<(), Reason> {
        if self.boundary != Verdict::Allow {
            Err(Reason::NoBoundary)
        } else if self.session != Verdict::Allow {
            Err(Reason::NoSessionPolicy)
        } else {
            Ok(())
        }
    }

    /// Checks that the caller's own policies allow the request by themselves.
    pub(super) fn allows(self) -> std::result::Result<(), Reason> {
        if self.identity != Verdict::Allow {
            return Err(Reason::NoIdentityPolicy);
        }
        self.limits()
    }
}

/// Returns whether the caller's own policies allow an action on a resource, such as `sts:AssumeRole` on a role.
pub(crate) fn own_policies_allow(
    caller: &Caller,
    action: &str,
    resource: &str,
    context: &dyn Fn() -> Context,
) -> bool {
    let own = OwnPolicies::evaluate(caller, &Question::new(action, resource, context));
    own.denied().is_none() && own.allows().is_ok()
}

/// Returns the answers of the caller's own policies about an action on a resource, such as `sts:AssumeRole` on a role.
pub(crate) fn own_answers(
    caller: &Caller,
    action: &str,
    resource: &str,
    context: &dyn Fn() -> Context,
) -> Policies {
    own_policies(caller, &Question::new(action, resource, context))
}

/// Authorizes an operation that depends only on the caller's own policies.
///
/// `resource` is an ARN or `*`; for `*` the denial has the message of row 21.
pub(crate) fn authorize_own(
    caller: &Caller,
    operation: &str,
    resource: &str,
    context: &dyn Fn() -> Context,
) -> Result<()> {
    let action = format!("kms:{operation}");
    let question = Question::new(&action, resource, context);
    let own = OwnPolicies::evaluate(caller, &question);
    let reason = match own.denied() {
        Some(reason) => reason,
        None => match own.allows() {
            Ok(()) => return Ok(()),
            Err(reason) => reason,
        },
    };
    let error = if caller.is_service() {
        KmsError::service_denied()
    } else if reason == Reason::NoIdentityPolicy && resource == "*" {
        KmsError::access_denied_everywhere(&caller.caller_arn, operation)
    } else {
        KmsError::access_denied(&caller.caller_arn, operation, resource, false, reason)
    };
    let findings = vec![Finding::Policies(own_policies(caller, &question))];
    let resource = resource.to_owned();
    Err(error.because(Evidence { action: action.clone(), resource, findings }))
}
