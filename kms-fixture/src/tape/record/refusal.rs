//! Refusals of calls that the recorder itself makes.

use std::fmt;

use serde_json::Value;

/// The codes of services that do not have an operation.
const NO_OPERATION: &[&str] =
    &["InvalidAction", "NotImplemented", "NotImplementedException", "UnknownOperationException"];

/// Parts of codes after which the same call may succeed.
const FOR_NOW: &[&str] = &[
    "DependencyTimeout",
    "Internal",
    "LimitExceeded",
    "RequestTimeout",
    "SlowDown",
    "Throttl",
    "TooManyRequests",
    "Unavailable",
];

/// An answer that is not a success.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    code: String,
}

impl Refusal {
    pub(super) fn new(status: u16, output: &Value) -> Self {
        let code = output["__type"].as_str().unwrap_or_default();
        Self { status, code: code.rsplit('#').next().unwrap_or_default().to_owned() }
    }

    /// Returns whether the thing of the call is unknown.
    pub(super) fn is_not_found(&self) -> bool {
        self.code == "NotFoundException"
    }

    /// Returns whether AWS says with this code that a `KeyId` is not the name of a key.
    pub(super) fn is_no_key(&self) -> bool {
        self.is_not_found()
            || matches!(self.code.as_str(), "InvalidArnException" | "ValidationException")
    }

    /// Returns whether the service would refuse the call again: it refuses this caller, or does not have the operation.
    /// A throttle, an internal error and an answer without a code are not clear.
    pub(super) fn is_clear(&self) -> bool {
        if NO_OPERATION.contains(&self.code.as_str()) || self.status == 501 {
            return true;
        }
        if self.code.is_empty() {
            return matches!(self.status, 404 | 405);
        }
        (400..500).contains(&self.status)
            && !matches!(self.status, 408 | 429)
            && !FOR_NOW.iter().any(|it| self.code.contains(it))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.is_empty() {
            write!(f, "status {}", self.status)
        } else {
            // The text is of another program.
            f.write_str(&self.code.escape_debug().take(100).collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_refusal_of_the_caller_or_of_the_operation_is_clear() {
        for (status, code, is_clear) in [
            (400, "AccessDeniedException", true),
            (400, "com.amazon.coral.service#UnknownOperationException", true),
            (501, "InternalFailure", true),
            (404, "", true),
            (400, "", false),
            (400, "ThrottlingException", false),
            (429, "AccessDeniedException", false),
            (400, "LimitExceededException", false),
            (500, "KMSInternalException", false),
            (503, "", false),
            (302, "", false),
        ] {
            let refusal = Refusal::new(status, &json!({ "__type": code }));
            assert_eq!(refusal.is_clear(), is_clear, "{status} {code}");
        }
        assert_eq!(Refusal::new(502, &json!(["no", "object"])).to_string(), "status 502");
    }
}
