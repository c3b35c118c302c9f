//! Refusals: how tests read them, and the texts that AWS has for denials.

use std::fmt::Debug;

use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use kms_fixture::Caller;

/// The text of a successful dry run (row 15).
const DRY_RUN: &str = "The request would have succeeded, but the DryRun option is set.";

/// The error with which the service answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) status: u16,
}

impl Refusal {
    /// Asserts on code, message and the status that every client error has (facts 1.8, 1.9 and 9.8).
    #[track_caller]
    pub(crate) fn is(&self, code: &str, message: &str) {
        assert_eq!((self.code.as_str(), self.message.as_deref()), (code, Some(message)));
        assert_eq!(self.status, 400);
    }

    /// Asserts on the code, for texts that are not published.
    #[track_caller]
    pub(crate) fn has_code(&self, code: &str) {
        assert_eq!(self.code, code, "{:?}", self.message);
        assert_eq!(self.status, 400);
    }

    /// Asserts on the code, and that there is no message.
    #[track_caller]
    pub(crate) fn is_silent(&self, code: &str) {
        assert_eq!((self.code.as_str(), self.message.as_deref()), (code, None));
        assert_eq!(self.status, 400);
    }

    /// Asserts that this is a denial with one of the texts below.
    #[track_caller]
    pub(crate) fn is_denial(&self, message: &str) {
        self.is("AccessDeniedException", message);
    }

    /// Asserts that only DryRun kept the call from its effect.
    #[track_caller]
    pub(crate) fn is_dry_run(&self) {
        self.is("DryRunOperationException", DRY_RUN);
    }
}

/// Returns the refusal of a call that must not succeed.
#[track_caller]
pub(crate) fn refused<T: Debug, E: ProvideErrorMetadata + Debug>(
    result: Result<T, SdkError<E, HttpResponse>>,
) -> Refusal {
    let error = result.expect_err("the call should have been refused");
    let meta = error.meta();
    Refusal {
        code: meta.code().unwrap_or("no code").to_owned(),
        message: meta.message().map(str::to_owned),
        status: error.raw_response().map_or(0, |it| it.status().as_u16()),
    }
}

/// Returns how a call ended, without what it returned.
#[track_caller]
pub(crate) fn outcome<T: Debug, E: ProvideErrorMetadata + Debug>(
    result: Result<T, SdkError<E, HttpResponse>>,
) -> Result<(), Refusal> {
    if result.is_ok() { Ok(()) } else { Err(refused(result)) }
}

/// Returns whether a call was allowed. Any refusal but AccessDeniedException fails the test.
#[track_caller]
pub(crate) fn is_allowed<T: Debug, E: ProvideErrorMetadata + Debug>(
    result: Result<T, SdkError<E, HttpResponse>>,
) -> bool {
    let outcome = outcome(result);
    if let Err(refusal) = &outcome {
        refusal.has_code("AccessDeniedException");
    }
    outcome.is_ok()
}

/// Returns the text of rows 16 and 17: no `policy`, such as `identity-based policy`, allows the operation.
pub(crate) fn denied(caller: &Caller, operation: &str, resource: &str, policy: &str) -> String {
    format!(
        "User: {} is not authorized to perform: kms:{operation} on resource: {resource} because no {policy} allows \
         the kms:{operation} action",
        caller.caller_arn()
    )
}

/// Returns the text of row 18: `policy`, such as `a session policy`, has an explicit deny.
pub(crate) fn denied_by(caller: &Caller, operation: &str, resource: &str, policy: &str) -> String {
    format!(
        "User: {} is not authorized to perform: kms:{operation} on resource: {resource} with an explicit deny in \
         {policy}",
        caller.caller_arn()
    )
}

/// Returns the text of a denial across accounts, which does not name the resource (fact 8b.7).
pub(crate) fn denied_across(caller: &Caller, operation: &str, policy: &str) -> String {
    format!(
        "User: {} is not authorized to perform: kms:{operation} on this resource because no {policy} allows the \
         kms:{operation} action",
        caller.caller_arn()
    )
}

/// Returns the text for a key of another account, missing or forbidden (row 20).
pub(crate) fn denied_blindly(caller: &Caller, operation: &str) -> String {
    format!(
        "User: {} is not authorized to perform: kms:{operation} on this resource because the resource does not exist \
         in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
        caller.caller_arn()
    )
}
