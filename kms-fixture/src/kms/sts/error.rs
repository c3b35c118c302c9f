//! The errors of STS (API reference, common errors and those of each operation; section 16 of the facts).

use super::unsigned::why;
use crate::kms::error::KmsError;

/// An error of STS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StsError {
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) message: String,
    /// Why the call was refused, in sentences with declared names. The answer never contains it.
    pub(crate) why: Vec<String>,
}

pub(super) type Result<T> = std::result::Result<T, StsError>;

impl StsError {
    fn new(code: &'static str, status: u16, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into(), why: Vec::new() }
    }

    pub(super) fn because(self, why: Vec<String>) -> Self {
        Self { why, ..self }
    }

    // Facts 16.8 to 16.12.
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationError", 400, message)
    }

    pub(super) fn denied(message: impl Into<String>) -> Self {
        Self::new("AccessDenied", 403, message)
    }

    // Facts 16.13 and 16.14.
    pub(super) fn not_authorized(caller: &str, action: &str, resource: &str) -> Self {
        Self::denied(format!(
            "User: {caller} is not authorized to perform: sts:{action} on resource: {resource}"
        ))
    }

    // Fact 16.16.
    pub(super) fn session_credentials(action: &str) -> Self {
        Self::denied(format!("Cannot call {action} with session credentials"))
    }

    // Fact 16.18: the fixture has no devices.
    pub(super) fn no_device() -> Self {
        Self::denied(
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is \
             valid and associated with this user.",
        )
        .because(vec!["the fixture has no devices for multi-factor authentication".to_owned()])
    }

    // Fact 16.3.
    pub(super) fn invalid_action(action: &str, version: &str) -> Self {
        let message = format!("Could not find operation {action} for version {version}");
        Self::new("InvalidAction", 400, message)
    }

    // INVENTED(sts-texts): AWS redirects a request without an action to a page.
    pub(super) fn missing_action() -> Self {
        let message = "The request is missing an action or a required parameter.";
        Self::new("MissingAction", 400, message)
    }

    // INVENTED(sts-texts): no capture of a number that is not one was found.
    pub(super) fn malformed_input(value: &str) -> Self {
        Self::new("MalformedInput", 400, format!("Invalid Integer: {value}"))
    }

    // INVENTED(sts-texts): the code is AWS's, the reason is ours.
    pub(super) fn malformed_policy(reason: &str) -> Self {
        Self::new("MalformedPolicyDocument", 400, format!("Syntax errors in policy: {reason}"))
    }

    /// Returns the error for something that STS has and the fixture does not.
    pub(super) fn not_supported(what: &str) -> Self {
        KmsError::not_supported(&format!("{what} of STS")).into()
    }
}

/// The error of a signature, with STS's code and status (fact 16.4).
impl From<KmsError> for StsError {
    fn from(error: KmsError) -> Self {
        let why = error.why.as_deref().map(why).unwrap_or_default();
        let message = error.message.unwrap_or_default();
        let refused = match error.code {
            "MissingAuthenticationTokenException" => Self::new(
                "MissingAuthenticationToken",
                403,
                "Request is missing Authentication Token",
            ),
            "IncompleteSignatureException" => Self::new("IncompleteSignature", 400, message),
            "UnrecognizedClientException" => Self::new("InvalidClientTokenId", 403, message),
            "ExpiredTokenException" => Self::new("ExpiredToken", 403, message),
            "InvalidSignatureException" => Self::new("SignatureDoesNotMatch", 403, message),
            code => Self::new(code, error.status, message),
        };
        refused.because(why)
    }
}
