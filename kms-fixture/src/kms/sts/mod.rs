//! STS, as far as clients of KMS call it: the caller's identity, sessions of roles, temporary credentials (facts 16.1 to
//! 16.23). It knows forms and XML, not sockets.

mod assume_role;
mod caller_identity;
mod checks;
mod credentials;
mod error;
mod federation_token;
mod form;
mod respond;
mod session_token;
mod terms;
mod unsigned;
mod why;
mod xml;

pub(crate) use error::StsError;
pub(crate) use form::Form;
pub(crate) use respond::{Issued, Output, respond};
pub(crate) use terms::Terms;

use std::time::SystemTime;

use self::error::Result;
use crate::kms::arrival::View;
use crate::kms::authz::principal_context;
use crate::kms::policy::Context;
use crate::kms::principals::Credential;
use crate::kms::store::Store;

/// The version of STS's API.
pub(crate) const VERSION: &str = "2011-06-15";

/// The action of AssumeRole in policies.
const ASSUME_ROLE: &str = "sts:AssumeRole";

/// The operations of STS that the fixture does not implement (botocore's model of STS).
const OTHERS: &[&str] = &[
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
    "GetAccessKeyInfo",
    "GetDelegatedAccessToken",
    "GetWebIdentityToken",
];

/// The context in which an operation runs.
pub(crate) struct Cx<'a> {
    pub(crate) store: &'a mut Store,
    /// The credentials that signed the request.
    pub(crate) credential: &'a Credential,
    pub(crate) view: View,
    /// The time by the client's clock, for the expiration that it reads.
    pub(crate) client_time: SystemTime,
    pub(crate) terms: &'a Terms,
    /// The Region that the request was signed for.
    pub(crate) region: &'a str,
    /// The declared name of the role that the request names, for the log.
    pub(crate) on: Option<String>,
}

impl Cx<'_> {
    /// Returns the condition keys of the request: those of every request, and `more`. `sts:DurationSeconds` is not one of
    /// AssumeRole and GetFederationToken (fact 16.23).
    fn context(&self, more: &[(&str, &str)]) -> Context {
        let mut context = principal_context(self.store, &self.credential.caller);
        // STS answers in Regions that have no keys.
        context.text("aws:RequestedRegion", self.region);
        for (key, value) in more {
            context.text(key, *value);
        }
        context
    }
}

/// An operation.
pub(crate) type Operation = fn(&mut Cx<'_>, &Form) -> Result<Output>;

/// Returns the operation that a form names.
///
/// # Errors
///
/// No action, an unknown one, one that the fixture does not implement, or another version.
pub(crate) fn operation(form: &Form) -> Result<Operation> {
    let action = form.action().ok_or_else(StsError::missing_action)?;
    let version = form.get("Version").unwrap_or_default();
    match action {
        _ if version != VERSION => Err(StsError::invalid_action(action, version)),
        "AssumeRole" => Ok(assume_role::assume_role),
        "GetCallerIdentity" => Ok(caller_identity::get_caller_identity),
        "GetFederationToken" => Ok(federation_token::get_federation_token),
        "GetSessionToken" => Ok(session_token::get_session_token),
        _ if OTHERS.contains(&action) => Err(StsError::not_supported(action)),
        _ => Err(StsError::invalid_action(action, version)),
    }
}
