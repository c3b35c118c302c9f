//! The secret of one key, whichever kind it is.

use std::fmt;
use std::sync::Arc;

use super::{Fault, Pair, Source};
use crate::model::KeySpec;

/// The secret of one key. A clone shares the key pair.
#[derive(Clone)]
pub(crate) enum Material {
    /// An AES-256 key.
    Symmetric([u8; 32]),
    /// An HMAC key, as long as its digest.
    Hmac(Arc<[u8]>),
    /// A private key and its public key.
    Pair(Arc<Pair>),
}

impl Material {
    /// New material. It is a function of `source`, but for ML-KEM and RSA, which AWS-LC draws by itself; RSA takes up
    /// to some seconds, so take it [`from_pool`](Self::from_pool) first.
    pub(crate) fn derive(spec: KeySpec, source: Source<'_>) -> Result<Self, Fault> {
        if spec.is_symmetric_encryption() {
            let mut key = [0; 32];
            source(&mut key);
            return Ok(Self::Symmetric(key));
        }
        if let Some(length) = hmac_length(spec) {
            let mut key = vec![0; length];
            source(&mut key);
            return Ok(Self::Hmac(key.into()));
        }
        Ok(Self::Pair(Arc::new(Pair::derive(spec, source)?)))
    }

    /// The RSA key pair at `index` in the pool; none behind the pool's end and for other specs.
    pub(crate) fn from_pool(spec: KeySpec, index: usize) -> Option<Self> {
        Pair::rsa_from_pool(spec, index).map(Self::Pair)
    }

    /// Plaintext material as `ImportKeyMaterial` takes it: raw bytes for symmetric and HMAC keys, PKCS#8 DER (RFC 5208)
    /// for key pairs.
    pub(crate) fn import(spec: KeySpec, bytes: &[u8]) -> Result<Self, Fault> {
        if spec.is_symmetric_encryption() {
            let key = bytes.try_into().map_err(|_| Fault::Invalid)?;
            return Ok(Self::Symmetric(key));
        }
        if let Some(length) = hmac_length(spec) {
            return if bytes.len() == length {
                Ok(Self::Hmac(bytes.into()))
            } else {
                Err(Fault::Invalid)
            };
        }
        Ok(Self::Pair(Arc::new(Pair::import(spec, bytes)?)))
    }

    /// The key pair, if this is one.
    pub(crate) fn pair(&self) -> Option<&Pair> {
        match self {
            Self::Pair(pair) => Some(pair),
            _ => None,
        }
    }
}

/// The length in bytes of an HMAC key, which is that of its digest.
fn hmac_length(spec: KeySpec) -> Option<usize> {
    match spec {
        KeySpec::HMAC_224 => Some(28),
        KeySpec::HMAC_256 => Some(32),
        KeySpec::HMAC_384 => Some(48),
        KeySpec::HMAC_512 => Some(64),
        _ => None,
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symmetric(_) => f.write_str("Symmetric(..)"),
            Self::Hmac(_) => f.write_str("Hmac(..)"),
            Self::Pair(pair) => pair.fmt(f),
        }
    }
}
