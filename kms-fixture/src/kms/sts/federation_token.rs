//! GetFederationToken (API reference): a federated user has at most the permissions of the user that makes it.

use super::checks::{Checks, FEDERATED_NAME, POLICY};
use super::credentials::{HOUR, packed_policy_size};
use super::error::{Result, StsError};
use super::respond::Issued;
use super::xml::{element, parent};
use super::{Cx, Form, Output};
use crate::kms::authz::own_policies_allow;

/// The longest lifetime of a user's temporary credentials.
pub(super) const MAX_SECONDS: u64 = 36 * HOUR;

pub(super) fn get_federation_token(cx: &mut Cx<'_>, form: &Form) -> Result<Output> {
    const ACTION: &str = "GetFederationToken";
    let mut checks = Checks::new(form);
    let name = checks.required("Name", &FEDERATED_NAME);
    let policy = checks.optional("Policy", &POLICY);
    let seconds = checks.seconds(MAX_SECONDS)?;
    checks.end()?;
    let by = &cx.credential.caller;
    let user = cx.store.directory.federated(&by.account, name, None);
    let context = || cx.context(&[]);
    if !own_policies_allow(by, "sts:GetFederationToken", &user.arn, &context) {
        let (caller, _) = cx.shown(by);
        let denied = StsError::not_authorized(&caller, ACTION, &user.arn);
        return Err(denied.because(cx.why_not_federated(&user.arn, name)));
    }
    if cx.credential.secrets.session_token.is_some() {
        return Err(StsError::session_credentials(ACTION).because(vec![cx.no_session(ACTION)]));
    }
    if cx.terms.is_recorded {
        return Err(StsError::not_supported(
            "GetFederationToken in a recording (declare the user with `federated = true` instead)",
        ));
    }
    let session_policy = cx.session_policy(policy)?;
    let user = cx.store.directory.federated_by(by, name, session_policy);
    let caller_arn = user.arn.clone();
    let id = user.identity.user_id().unwrap_or_default();
    let shown = format!("{}/{name}", cx.credential.declared);
    let elements = [element("FederatedUserId", &id), element("Arn", &caller_arn)];
    let mut result = parent("FederatedUser", &elements.concat());
    result += &cx.issue(&shown, user, cx.lifetime(seconds));
    // AWS sends the size also without a policy (fact 16.7).
    result += &packed_policy_size(policy.unwrap_or_default());
    Ok(Output { result, issued: Some(Issued { caller_arn, name: shown }) })
}
