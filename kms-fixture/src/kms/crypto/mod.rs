//! Real cryptography, by AWS-LC: key material, signatures, encryption, MACs, agreement, encapsulation, import.
//!
//! Keys that are derived from the same bytes are the same. AWS-LC draws some things by itself, which differ from run to
//! run: the salts of RSASSA-PSS, the padding of RSAES-OAEP, the nonces of ECDSA, ML-DSA's hedge, ML-KEM's keys and
//! ciphertexts.

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
pub(crate) use wrapping::WrappingKey;

/// Where randomness comes from: fills what it is given.
pub(crate) type Source<'a> = &'a mut dyn FnMut(&mut [u8]);

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not a mistake of the caller's, but not done here; the text says what and why.
    Unsupported(String),
    /// Bytes that are not what they should be, or an algorithm that does not go with the key.
    Invalid,
    /// A digest of another length than the algorithm's.
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
