//! Errors of the signature (Signature Version 4), before a request reaches KMS itself.

use super::KmsError;

impl KmsError {
    // No `Authorization` header.
    pub(crate) fn missing_authentication() -> Self {
        Self::client("MissingAuthenticationTokenException", "Missing Authentication Token")
    }

    // An `Authorization` header that cannot be parsed.
    pub(crate) fn incomplete_signature(message: impl Into<String>) -> Self {
        Self::client("IncompleteSignatureException", message)
    }

    // Row 56: an unknown access key id or session token.
    pub(crate) fn unrecognized_client() -> Self {
        Self::client(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        )
    }

    // An expired session (fact 1.11; every observed service has this text).
    pub(crate) fn expired_token() -> Self {
        Self::client(
            "ExpiredTokenException",
            "The security token included in the request is expired",
        )
    }

    // A signature that is wrong, out of date, or made for another Region or service.
    pub(crate) fn invalid_signature(message: impl Into<String>) -> Self {
        Self::client("InvalidSignatureException", message)
    }

    // A signature that differs from the computed one.
    pub(crate) fn signature_mismatch() -> Self {
        Self::invalid_signature(
            "The request signature we calculated does not match the signature you provided. Check your AWS \
             Secret Access Key and signing method. Consult the service documentation for details.",
        )
    }
}
