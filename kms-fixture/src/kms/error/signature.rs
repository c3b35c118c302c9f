//! Refusals of the signature (Signature Version 4), before KMS itself is reached.

use super::KmsError;

impl KmsError {
    /// No `Authorization` header at all.
    pub(crate) fn missing_authentication() -> Self {
        Self::client("MissingAuthenticationTokenException", "Missing Authentication Token")
    }

    /// An `Authorization` header that cannot be taken apart.
    pub(crate) fn incomplete_signature(message: impl Into<String>) -> Self {
        Self::client("IncompleteSignatureException", message)
    }

    /// Row 56: an access key id or a session token that nobody has.
    pub(crate) fn unrecognized_client() -> Self {
        Self::client(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        )
    }

    /// A session whose time is over (fact 1.11; the text is that of every service that was seen).
    pub(crate) fn expired_token() -> Self {
        Self::client(
            "ExpiredTokenException",
            "The security token included in the request is expired",
        )
    }

    /// A signature that is wrong, out of date, or made for another Region or service.
    pub(crate) fn invalid_signature(message: impl Into<String>) -> Self {
        Self::client("InvalidSignatureException", message)
    }

    /// The text of a signature that does not come out the same.
    pub(crate) fn signature_mismatch() -> Self {
        Self::invalid_signature(
            "The request signature we calculated does not match the signature you provided. Check your AWS \
             Secret Access Key and signing method. Consult the service documentation for details.",
        )
    }
}
