//! Ready-made RSA keys, because making one can take seconds.

use crate::model::KeySpec;

/// The number of keys of each size in the pool.
pub(super) const POOL: usize = 4;
/// The part of the pool for the keys of a fixture. The first key of the pool wraps imported material.
pub(crate) const POOL_OF_KEYS: std::ops::Range<usize> = 1..POOL;

macro_rules! pool {
    ($bits:literal) => {
        [
            include_bytes!(concat!("rsa_pool/rsa_", $bits, "_0.der")),
            include_bytes!(concat!("rsa_pool/rsa_", $bits, "_1.der")),
            include_bytes!(concat!("rsa_pool/rsa_", $bits, "_2.der")),
            include_bytes!(concat!("rsa_pool/rsa_", $bits, "_3.der")),
        ]
    };
}

/// Published, worthless test keys; see `rsa_pool/README.md`.
static RSA_2048: [&[u8]; POOL] = pool!("2048");
static RSA_3072: [&[u8]; POOL] = pool!("3072");
static RSA_4096: [&[u8]; POOL] = pool!("4096");

/// Returns the PKCS#8 document at `index` in the pool of this spec, after the index of its size among the three.
pub(super) fn document(spec: KeySpec, index: usize) -> Option<(usize, &'static [u8])> {
    let (size, pool) = match spec {
        KeySpec::RSA_2048 => (0, &RSA_2048),
        KeySpec::RSA_3072 => (1, &RSA_3072),
        KeySpec::RSA_4096 => (2, &RSA_4096),
        _ => return None,
    };
    Some((size, pool.get(index)?))
}
