//! Denials, word for word (rows 16 to 21, facts 8b.4 to 8b.9).

use super::KmsError;

/// The reason for a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Row 16: the key policy neither names the caller nor hands the decision to its account.
    NoResourcePolicy,
    /// Row 17.
    NoIdentityPolicy,
    /// Fact 8b.5.
    NoBoundary,
    /// Fact 8b.5.
    NoSessionPolicy,
    /// Row 18.
    DenyInResourcePolicy,
    /// Row 18's form for an identity-based policy (IAM User Guide, troubleshoot_access-denied).
    DenyInIdentityPolicy,
    /// Row 18's form for a boundary.
    DenyInBoundary,
    /// Fact 8b.4.
    DenyInSessionPolicy,
    /// Row 20: another account's key, missing or forbidden.
    OtherAccount,
}

impl KmsError {
    /// Returns `User: <caller> is not authorized to perform: kms:<operation> ...`.
    ///
    /// `resource` is the ARN that the operation is authorized on; `across` accounts, the text contains
    /// `on this resource` instead (fact 8b.7).
    pub(crate) fn access_denied(
        caller: &str,
        operation: &str,
        resource: &str,
        across: bool,
        reason: Reason,
    ) -> Self {
        let on = if across || reason == Reason::OtherAccount {
            "on this resource".to_owned()
        } else {
            format!("on resource: {resource}")
        };
        let because = match reason {
            Reason::NoResourcePolicy => missing("resource-based policy", operation),
            Reason::NoIdentityPolicy => missing("identity-based policy", operation),
            Reason::NoBoundary => missing("permissions boundary", operation),
            Reason::NoSessionPolicy => missing("session policy", operation),
            Reason::DenyInResourcePolicy => "with an explicit deny in a resource-based policy".into(),
            Reason::DenyInIdentityPolicy => "with an explicit deny in an identity-based policy".into(),
            Reason::DenyInBoundary => "with an explicit deny in a permissions boundary".into(),
            Reason::DenyInSessionPolicy => "with an explicit deny in a session policy".into(),
            Reason::OtherAccount => "because the resource does not exist in this Region, no resource-based \
                                     policies allow access, or a resource-based policy explicitly denies access"
                .into(),
        };
        Self::client(
            "AccessDeniedException",
            format!("User: {caller} is not authorized to perform: kms:{operation} {on} {because}"),
        )
    }

    // Row 23: a denial of an AWS service, without a message.
    pub(crate) fn service_denied() -> Self {
        Self::silent("AccessDeniedException")
    }

    // Row 22: the key of a ciphertext does not exist here.
    pub(crate) fn no_key_of_ciphertext() -> Self {
        Self::client(
            "AccessDeniedException",
            "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you \
             are not allowed to access.",
        )
    }

    // Row 21: without a resource and a reason.
    pub(crate) fn access_denied_everywhere(caller: &str, operation: &str) -> Self {
        Self::client(
            "AccessDeniedException",
            format!("User: {caller} is not authorized to perform: kms:{operation} on resource: *"),
        )
    }
}

fn missing(policy: &str, operation: &str) -> String {
    format!("because no {policy} allows the kms:{operation} action")
}
