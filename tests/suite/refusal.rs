//! How the suite talks to the fake, and reads its refusals.

use std::fmt::Debug;

use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use kms_fixture::Caller;

/// A client of `caller`.
pub(crate) fn client(caller: &Caller) -> Client {
    Client::new(&caller.sdk_config())
}

/// A client of `caller` for another Region.
pub(crate) fn client_in(caller: &Caller, region: &'static str) -> Client {
    let config = aws_sdk_kms::config::Builder::from(&caller.sdk_config());
    let region = aws_sdk_kms::config::Region::new(region);
    Client::from_conf(config.region(region).build())
}

/// What the service said when it refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) status: u16,
}

impl Refusal {
    /// Asserts on code, message and the status that every client error has (fact 1.8).
    #[track_caller]
    pub(crate) fn is(&self, code: &str, message: &str) {
        assert_eq!((self.code.as_str(), self.message.as_deref()), (code, Some(message)));
        assert_eq!(self.status, 400);
    }

    /// Asserts on the code, for texts that nobody has published.
    #[track_caller]
    pub(crate) fn has_code(&self, code: &str) {
        assert_eq!(self.code, code, "{:?}", self.message);
        assert_eq!(self.status, 400);
    }

    /// Asserts on the code, and that there is no message at all.
    #[track_caller]
    pub(crate) fn is_silent(&self, code: &str) {
        assert_eq!((self.code.as_str(), self.message.as_deref()), (code, None));
        assert_eq!(self.status, 400);
    }
}

/// The refusal that `result` is.
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

/// The text of rows 16 and 17: `policy` is `identity-based policy` or the like.
pub(crate) fn denied(caller: &Caller, operation: &str, resource: &str, policy: &str) -> String {
    format!(
        "User: {} is not authorized to perform: kms:{operation} on resource: {resource} because no {policy} allows \
         the kms:{operation} action",
        caller.caller_arn()
    )
}

/// The same across accounts (fact 8b.7).
pub(crate) fn denied_across(caller: &Caller, operation: &str, policy: &str) -> String {
    format!(
        "User: {} is not authorized to perform: kms:{operation} on this resource because no {policy} allows the \
         kms:{operation} action",
        caller.caller_arn()
    )
}

/// Row 20.
pub(crate) fn denied_blindly(caller: &Caller, operation: &str) -> String {
    format!(
        "User: {} is not authorized to perform: kms:{operation} on this resource because the resource does not exist \
         in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
        caller.caller_arn()
    )
}
