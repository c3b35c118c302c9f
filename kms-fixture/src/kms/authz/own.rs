//! What a caller's own policies say: identity-based policies, boundary, session policy.

use crate::kms::error::{KmsError, Reason, Result};
use crate::kms::policy::{Context, Policy, Question, Verdict};
use crate::kms::principals::Caller;

/// The three verdicts of a caller's own policies; what a caller has not counts as an allow.
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

    /// An explicit deny, wherever it stands.
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

    /// Whether boundary and session policy let through what something else has allowed to the role (fact 8b.5).
    pub(super) fn limits(self) -> std::result::Result<(), Reason> {
        if self.boundary != Verdict::Allow {
            Err(Reason::NoBoundary)
        } else if self.session != Verdict::Allow {
            Err(Reason::NoSessionPolicy)
        } else {
            Ok(())
        }
    }

    /// Whether the caller's own policies allow by themselves.
    pub(super) fn allows(self) -> std::result::Result<(), Reason> {
        if self.identity != Verdict::Allow {
            return Err(Reason::NoIdentityPolicy);
        }
        self.limits()
    }
}

/// Authorizes an operation that only the caller's own policies decide on.
///
/// `resource` is an ARN, or `*`; for `*` the denial has row 21's words.
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
            Err(Reason::NoIdentityPolicy) if resource == "*" && !caller.is_service() => {
                return Err(KmsError::access_denied_everywhere(&caller.caller_arn, operation));
            }
            Err(reason) => reason,
        },
    };
    if caller.is_service() {
        return Err(KmsError::service_denied());
    }
    Err(KmsError::access_denied(&caller.caller_arn, operation, resource, false, reason))
}
