//! Keys that wrap key material for its import.

use std::sync::Arc;

use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};

use super::{Fault, Pair};
use crate::model::KeySpec;

/// A wrapping key. `GetParametersForImport` returns its public half.
#[derive(Clone, Debug)]
pub(crate) struct WrappingKey(Arc<Pair>);

impl WrappingKey {
    /// Returns the key at `index` in the pool, or nothing past the end of the pool and for specs other than RSA.
    pub(crate) fn from_pool(spec: KeySpec, index: usize) -> Option<Self> {
        Pair::rsa_from_pool(spec, index).map(Self)
    }

    /// Returns the public key, a SubjectPublicKeyInfo in DER (RFC 5280).
    pub(crate) fn public_key(&self) -> &[u8] {
        self.0.public_key()
    }

    /// Unwraps key material.
    pub(crate) fn unwrap(&self, algorithm: &str, wrapped: &[u8]) -> Result<Vec<u8>, Fault> {
        match algorithm {
            "RSAES_OAEP_SHA_1" | "RSAES_OAEP_SHA_256" => self.0.decrypt(algorithm, wrapped),
            "RSA_AES_KEY_WRAP_SHA_1" => self.unwrap_aes("RSAES_OAEP_SHA_1", wrapped),
            "RSA_AES_KEY_WRAP_SHA_256" => self.unwrap_aes("RSAES_OAEP_SHA_256", wrapped),
            "RSAES_PKCS1_V1_5" => Err(Fault::unsupported(
                "RSAES_PKCS1_V1_5: AWS KMS has not accepted it for imports since 2023",
            )),
            "SM2PKE" => Err(no_sm2()),
            _ => Err(Fault::Invalid),
        }
    }

    /// Unwraps an AES key with this key, then the material with the AES key (RFC 5649).
    fn unwrap_aes(&self, oaep: &str, wrapped: &[u8]) -> Result<Vec<u8>, Fault> {
        let modulus = match self.0.spec() {
            KeySpec::RSA_2048 => 256,
            KeySpec::RSA_3072 => 384,
            _ => 512,
        };
        let (key, material) = wrapped.split_at_checked(modulus).ok_or(Fault::Invalid)?;
        let key = AesKek::new(&AES_256, &self.0.decrypt(oaep, key)?)?;
        let mut bytes = vec![0; material.len()];
        let length = key.unwrap_with_padding(material, &mut bytes)?.len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

fn no_sm2() -> Fault {
    Fault::unsupported("SM2PKE: AWS-LC does not implement SM2")
}
