//! The secret of one key of any kind.

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
    /// Derives new material from `source`, except for ML-KEM and RSA, which AWS-LC draws itself. RSA can take seconds,
    /// so try [`from_pool`](Self::from_pool) first.
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

    /// Returns the RSA key pair at `index` in the pool, or nothing past the end of the pool and for other specs.
    pub(crate) fn from_pool(spec: KeySpec, index: usize) -> Option<Self> {
        Pair::rsa_from_pool(spec, index).map(Self::Pair)
    }

    /// Reads the plaintext of `ImportKeyMaterial`: raw bytes for symmetric and HMAC keys, PKCS#8 DER (RFC 5208) for key
    /// pairs.
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

    /// Returns the key pair, if the material is one.
    pub(crate) fn pair(&self) -> Option<&Pair> {
        match self {
            Self::Pair(pair) => Some(pair),
            _ => None,
        }
    }
}

/// Returns the length in bytes of an HMAC key, which is that of its digest.
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
