//! The message of a signature, in the three forms that KMS accepts.

use aws_lc_rs::digest::{Algorithm, Digest, digest};

use super::Fault;

/// The form of the message of a signature: `MessageType` in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageKind {
    /// The message.
    Raw,
    /// The digest of the message.
    Digest,
    /// The representative of the message, the mu of ML-DSA (FIPS 204).
    ExternalMu,
}

impl MessageKind {
    /// Returns the digest to sign.
    pub(super) fn digest(
        self,
        message: &[u8],
        algorithm: &'static Algorithm,
    ) -> Result<Digest, Fault> {
        match self {
            Self::Raw => Ok(digest(algorithm, message)),
            Self::Digest => {
                Digest::import_less_safe(message, algorithm).map_err(|_| Fault::DigestLength)
            }
            Self::ExternalMu => Err(Fault::Invalid),
        }
    }
}
