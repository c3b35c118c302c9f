//! AssumeRole (API reference): a declared role trusts its own account, whose policies decide.

use super::checks::{Checks, EXTERNAL_ID, POLICY, ROLE_ARN, SESSION_NAME};
use super::credentials::{HOUR, packed_policy_size};
use super::error::{Result, StsError};
use super::respond::Issued;
use super::why::too_long;
use super::xml::{element, parent};
use super::{ASSUME_ROLE, Cx, Form, Output};
use crate::kms::authz::own_policies_allow;
use crate::kms::principals::{Identity, Role};
use crate::model::Arn;

/// The longest session of any role.
const MAX_SECONDS: u64 = 12 * HOUR;

pub(super) fn assume_role(cx: &mut Cx<'_>, form: &Form) -> Result<Output> {
    let mut checks = Checks::new(form);
    let arn = checks.required("RoleArn", &ROLE_ARN);
    let session = checks.required("RoleSessionName", &SESSION_NAME);
    let policy = checks.optional("Policy", &POLICY);
    let external_id = checks.optional("ExternalId", &EXTERNAL_ID);
    let seconds = checks.seconds(MAX_SECONDS)?.unwrap_or(HOUR);
    checks.end()?;
    cx.on = cx.declared_role(arn);
    // Fact 16.15.
    if cx.is_root() {
        let denied = StsError::denied("Roles may not be assumed by root accounts.");
        return Err(denied.because(vec![cx.no_root()]));
    }
    if !is_whole(arn) {
        return Err(StsError::validation(format!("{arn} is invalid")));
    }
    let mut conditions = vec![("sts:RoleSessionName", session)];
    conditions.extend(external_id.map(|it| ("sts:ExternalId", it)));
    let role = cx.role(arn).filter(|it| cx.may_assume(it, &conditions));
    let role = role.ok_or_else(|| cx.refusal(arn, &conditions))?;
    if seconds > HOUR && cx.credential.secrets.session_token.is_some() {
        return Err(StsError::validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        ));
    }
    if seconds > longest_session(&role) {
        let refused = StsError::validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        );
        return Err(refused.because(vec![too_long(role.declared, longest_session(&role))]));
    }
    let (stored, declared) = (role.arn.to_owned(), role.declared.to_owned());
    let session_policy = cx.session_policy(policy)?;
    let caller = cx.store.directory.session(&stored, session, session_policy);
    let caller = caller.ok_or_else(|| cx.refusal(arn, &conditions))?;
    let id = caller.identity.user_id().unwrap_or_default();
    let (caller_arn, _) = cx.shown(&caller);
    let user = [element("AssumedRoleId", &id), element("Arn", &caller_arn)];
    let mut result = parent("AssumedRoleUser", &user.concat());
    result += &cx.issue(&declared, caller, seconds);
    // AWS omits the size without a policy (fact 16.6).
    result += &policy.map(packed_policy_size).unwrap_or_default();
    let name = format!("{declared}/{session}");
    Ok(Output { result, issued: Some(Issued { caller_arn, name }) })
}

/// Returns the role's `MaxSessionDuration`: an hour, as for a new role in IAM, or longer if its declared session lasts
/// longer.
fn longest_session(role: &Role<'_>) -> u64 {
    role.session_duration.map_or(HOUR, |it| it.as_secs().max(HOUR))
}

/// Returns whether an ARN has a partition, a service and a resource (fact 16.10).
fn is_whole(arn: &str) -> bool {
    Arn::parse(arn)
        .is_some_and(|it| ![it.partition, it.service, it.resource].iter().any(|it| it.is_empty()))
}

impl Cx<'_> {
    /// Returns whether the caller calls as the root of its account.
    pub(super) fn is_root(&self) -> bool {
        matches!(self.credential.caller.identity, Identity::Account(_))
    }

    /// Returns whether the caller may assume `role` under these condition keys: it belongs to the role's account, its own
    /// policies allow it, and it is not a federated user (INVENTED(sts-federated)).
    fn may_assume(&self, role: &Role<'_>, conditions: &[(&str, &str)]) -> bool {
        let caller = &self.credential.caller;
        let context = || self.context(conditions);
        caller.account == role.account
            && !self.is_federated()
            && own_policies_allow(caller, ASSUME_ROLE, role.arn, &context)
    }

    /// Returns whether the caller is a federated user.
    pub(super) fn is_federated(&self) -> bool {
        matches!(self.credential.caller.identity, Identity::Federated { .. })
    }

    /// Returns the denial, which does not show whether the role exists.
    fn refusal(&self, arn: &str, conditions: &[(&str, &str)]) -> StsError {
        let (caller, _) = self.shown(&self.credential.caller);
        let error = StsError::not_authorized(&caller, "AssumeRole", arn);
        let error = error.because(self.why_not_assumed(arn, conditions));
        if !self.terms.is_recorded || self.role(arn).is_some() {
            return error;
        }
        let roles = self.store.directory.roles(&self.view);
        let mut roles: Vec<_> = roles.map(|it| it.declared).collect();
        roles.sort_unstable();
        let note = format!(" (kms-fixture: the cassette has the roles {})", roles.join(", "));
        StsError { message: error.message + &note, ..error }
    }
}
