//! RSA: signatures and encryption.

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    OaepPublicEncryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaKeyPair, RsaParameters, RsaSignatureEncoding,
};

use super::Fault;
use super::message::MessageKind;
use super::parts::Parts;
use crate::model::KeySpec;

/// Returns the longest plaintext in bytes that a key of this spec can encrypt, or nothing for keys or algorithms
/// without OAEP.
pub(crate) fn oaep_limit(spec: KeySpec, algorithm: &str) -> Option<usize> {
    let modulus = modulus(spec)? / 8;
    match algorithm {
        "RSAES_OAEP_SHA_1" => Some(modulus - 2 * 20 - 2),
        "RSAES_OAEP_SHA_256" => Some(modulus - 2 * 32 - 2),
        _ => None,
    }
}

/// Returns the length of the modulus in bits.
fn modulus(spec: KeySpec) -> Option<usize> {
    match spec {
        KeySpec::RSA_2048 => Some(2048),
        KeySpec::RSA_3072 => Some(3072),
        KeySpec::RSA_4096 => Some(4096),
        _ => None,
    }
}

/// An RSA key pair, for signatures and for encryption.
pub(super) struct Rsa {
    signing: RsaKeyPair,
    encrypting: OaepPublicEncryptingKey,
    decrypting: OaepPrivateDecryptingKey,
}

impl Rsa {
    pub(super) fn import(spec: KeySpec, pkcs8: &[u8]) -> Result<Parts<Self>, Fault> {
        Self::with(spec, PrivateDecryptingKey::from_pkcs8(pkcs8)?)
    }

    pub(super) fn generate(spec: KeySpec) -> Result<Parts<Self>, Fault> {
        let size = match spec {
            KeySpec::RSA_2048 => KeySize::Rsa2048,
            KeySpec::RSA_3072 => KeySize::Rsa3072,
            KeySpec::RSA_4096 => KeySize::Rsa4096,
            _ => return Err(Fault::Invalid),
        };
        Self::with(spec, PrivateDecryptingKey::generate(size)?)
    }

    fn with(spec: KeySpec, key: PrivateDecryptingKey) -> Result<Parts<Self>, Fault> {
        if modulus(spec) != Some(key.key_size_bits()) {
            return Err(Fault::Invalid);
        }
        let private = key.as_der()?.as_ref().to_vec();
        let public = key.public_key();
        Ok(Parts {
            public: public.as_der()?.as_ref().to_vec(),
            key: Self {
                signing: RsaKeyPair::from_pkcs8(&private)?,
                encrypting: OaepPublicEncryptingKey::new(public)?,
                decrypting: OaepPrivateDecryptingKey::new(key)?,
            },
            private,
        })
    }

    pub(super) fn sign(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let scheme = Scheme::named(algorithm)?;
        let digest = kind.digest(message, scheme.digest)?;
        let mut signature = vec![0; self.signing.public_modulus_len()];
        self.signing.sign_digest(scheme.signing, &digest, &mut signature)?;
        Ok(signature)
    }

    pub(super) fn verify(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, Fault> {
        let scheme = Scheme::named(algorithm)?;
        let digest = kind.digest(message, scheme.digest)?;
        let key = ParsedPublicKey::new(scheme.verifying, self.signing.public_key())?;
        Ok(key.verify_digest_sig(&digest, signature).is_ok())
    }

    pub(super) fn encrypt(&self, algorithm: &str, plaintext: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut bytes = vec![0; self.encrypting.ciphertext_size()];
        let algorithm = oaep(algorithm)?;
        let length = self.encrypting.encrypt(algorithm, plaintext, &mut bytes, None)?.len();
        bytes.truncate(length);
        Ok(bytes)
    }

    pub(super) fn decrypt(&self, algorithm: &str, ciphertext: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut bytes = vec![0; self.decrypting.min_output_size()];
        let algorithm = oaep(algorithm)?;
        let length = self.decrypting.decrypt(algorithm, ciphertext, &mut bytes, None)?.len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

fn oaep(algorithm: &str) -> Result<&'static OaepAlgorithm, Fault> {
    match algorithm {
        "RSAES_OAEP_SHA_1" => Ok(&OAEP_SHA1_MGF1SHA1),
        "RSAES_OAEP_SHA_256" => Ok(&OAEP_SHA256_MGF1SHA256),
        _ => Err(Fault::Invalid),
    }
}

/// A signature scheme. A PSS salt is as long as the digest.
struct Scheme {
    digest: &'static digest::Algorithm,
    signing: &'static RsaSignatureEncoding,
    verifying: &'static RsaParameters,
}

impl Scheme {
    fn named(algorithm: &str) -> Result<Self, Fault> {
        let new = |digest, signing, verifying| Self { digest, signing, verifying };
        let scheme = match algorithm {
            "RSASSA_PSS_SHA_256" => new(&SHA256, &RSA_PSS_SHA256, &RSA_PSS_2048_8192_SHA256),
            "RSASSA_PSS_SHA_384" => new(&SHA384, &RSA_PSS_SHA384, &RSA_PSS_2048_8192_SHA384),
            "RSASSA_PSS_SHA_512" => new(&SHA512, &RSA_PSS_SHA512, &RSA_PSS_2048_8192_SHA512),
            "RSASSA_PKCS1_V1_5_SHA_256" => {
                new(&SHA256, &RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256)
            }
            "RSASSA_PKCS1_V1_5_SHA_384" => {
                new(&SHA384, &RSA_PKCS1_SHA384, &RSA_PKCS1_2048_8192_SHA384)
            }
            "RSASSA_PKCS1_V1_5_SHA_512" => {
                new(&SHA512, &RSA_PKCS1_SHA512, &RSA_PKCS1_2048_8192_SHA512)
            }
            _ => return Err(Fault::Invalid),
        };
        Ok(scheme)
    }
}
