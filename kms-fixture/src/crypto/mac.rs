//! HMAC.

use aws_lc_rs::hmac::{self, Algorithm, HMAC_SHA224, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512, Key};

use super::Fault;

/// The HMAC of `message`. A key may have any length; KMS keys have the digest's.
pub(crate) fn hmac(algorithm: &str, key: &[u8], message: &[u8]) -> Result<Vec<u8>, Fault> {
    let key = Key::new(named(algorithm)?, key);
    Ok(hmac::sign(&key, message).as_ref().to_vec())
}

/// Whether `mac` is the HMAC of `message`.
pub(crate) fn hmac_verify(
    algorithm: &str,
    key: &[u8],
    message: &[u8],
    mac: &[u8],
) -> Result<bool, Fault> {
    let key = Key::new(named(algorithm)?, key);
    Ok(hmac::verify(&key, message, mac).is_ok())
}

fn named(algorithm: &str) -> Result<Algorithm, Fault> {
    match algorithm {
        "HMAC_SHA_224" => Ok(HMAC_SHA224),
        "HMAC_SHA_256" => Ok(HMAC_SHA256),
        "HMAC_SHA_384" => Ok(HMAC_SHA384),
        "HMAC_SHA_512" => Ok(HMAC_SHA512),
        _ => Err(Fault::Invalid),
    }
}
