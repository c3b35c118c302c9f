//! Real cryptography with AWS-LC: key material, signatures, encryption, MACs, agreement, encapsulation, import.
//!
//! Equal bytes derive equal keys. AWS-LC itself draws some values, which differ from run to run: the salts of
//! RSASSA-PSS, the padding of RSAES-OAEP, the nonces of ECDSA, ML-DSA's hedge, ML-KEM's keys and ciphertexts.

mod der;
mod ec;
mod edwards;
mod mac;
mod material;
mod message;
mod ml_dsa;
mod ml_kem;
mod pair;
mod parts;
mod rsa;
mod rsa_pool;
mod seal;
mod signing;
mod wrapping;

#[cfg(test)]
mod tests;

pub(crate) use mac::{hmac, hmac_verify};
pub(crate) use material::Material;
pub(crate) use message::MessageKind;
pub(crate) use pair::Pair;
pub(crate) use rsa::oaep_limit;
pub(crate) use rsa_pool::POOL_OF_KEYS;
pub(crate) use seal::{open, seal};
pub(crate) use signing::{SigningKey, are_equal, sha256};
pub(crate) use wrapping::WrappingKey;

/// A source of random bytes, which fills a buffer.
pub(crate) type Source<'a> = &'a mut dyn FnMut(&mut [u8]);

/// The reason why an operation failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A valid request that is not implemented; the text names it and the reason.
    Unsupported(String),
    /// Malformed bytes, or an algorithm that the key does not support.
    Invalid,
    /// A digest whose length is not that of the algorithm.
    DigestLength,
}

impl Fault {
    fn unsupported(what: &str) -> Self {
        Self::Unsupported(what.to_owned())
    }
}

impl From<aws_lc_rs::error::Unspecified> for Fault {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Invalid
    }
}

impl From<aws_lc_rs::error::KeyRejected> for Fault {
    fn from(_: aws_lc_rs::error::KeyRejected) -> Self {
        Self::Invalid
    }
}
