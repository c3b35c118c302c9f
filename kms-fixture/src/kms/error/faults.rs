//! The errors of faults, which no call causes. Request quotas throttle, too.
//!
//! AWS has published no text but that of a throttled call (fact 15.16); the others are the API reference's sentences:
//! INVENTED(fault-texts).

use super::KmsError;

impl KmsError {
    // Row 24, fact 15.1.
    pub(crate) fn throttled() -> Self {
        Self::client(
            "ThrottlingException",
            "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
        )
    }

    pub(crate) fn limit_exceeded() -> Self {
        Self::client(
            "LimitExceededException",
            "The request was rejected because a quota was exceeded.",
        )
    }

    pub(crate) fn internal() -> Self {
        Self::server(
            "KMSInternalException",
            "The request was rejected because an internal exception occurred. The request can be retried.",
        )
    }

    // 500 in the API reference, 503 in the API model (fact 1.10).
    pub(crate) fn dependency_timeout() -> Self {
        Self::server(
            "DependencyTimeoutException",
            "The system timed out while trying to fulfill the request. You can retry the request.",
        )
    }

    fn server(code: &'static str, message: &str) -> Self {
        Self { status: 500, ..Self::client(code, message) }
    }
}
