//! A private key and its public key, parsed once. The algorithms are in one file for each kind.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::der::is_one_sequence;
use super::ec::Ec;
use super::edwards::Edwards;
use super::message::MessageKind;
use super::ml_dsa::MlDsa;
use super::ml_kem::MlKem;
use super::parts::Parts;
use super::rsa::Rsa;
use super::rsa_pool::{self, POOL};
use super::{Fault, Source};
use crate::model::KeySpec;

/// A key pair.
pub(crate) struct Pair {
    spec: KeySpec,
    public: Vec<u8>,
    private: Vec<u8>,
    kind: Kind,
}

enum Kind {
    Rsa(Rsa),
    Ec(Box<Ec>),
    Edwards(Box<Edwards>),
    MlDsa(Box<MlDsa>),
    MlKem(MlKem),
}

impl<K> Parts<K> {
    fn pair(self, spec: KeySpec, kind: impl FnOnce(K) -> Kind) -> Pair {
        Pair { spec, public: self.public, private: self.private, kind: kind(self.key) }
    }
}

impl Pair {
    /// Derives a new pair from `source`, except for RSA and ML-KEM, which AWS-LC draws itself.
    pub(super) fn derive(spec: KeySpec, source: Source<'_>) -> Result<Self, Fault> {
        match spec {
            KeySpec::RSA_2048 | KeySpec::RSA_3072 | KeySpec::RSA_4096 => Self::rsa_generate(spec),
            KeySpec::ECC_NIST_P256
            | KeySpec::ECC_NIST_P384
            | KeySpec::ECC_NIST_P521
            | KeySpec::ECC_SECG_P256K1 => {
                Ok(Ec::derive(spec, source)?.pair(spec, |it| Kind::Ec(Box::new(it))))
            }
            KeySpec::ECC_NIST_EDWARDS25519 => {
                Ok(Edwards::derive(source)?.pair(spec, |it| Kind::Edwards(Box::new(it))))
            }
            KeySpec::ML_DSA_44 | KeySpec::ML_DSA_65 | KeySpec::ML_DSA_87 => {
                Ok(MlDsa::derive(spec, source)?.pair(spec, |it| Kind::MlDsa(Box::new(it))))
            }
            KeySpec::ML_KEM_512 | KeySpec::ML_KEM_768 | KeySpec::ML_KEM_1024 => {
                Ok(MlKem::generate(spec)?.pair(spec, Kind::MlKem))
            }
            _ => Err(no_pair(spec)),
        }
    }

    /// Reads the pair in a PKCS#8 document.
    pub(super) fn import(spec: KeySpec, pkcs8: &[u8]) -> Result<Self, Fault> {
        if !is_one_sequence(pkcs8) {
            return Err(Fault::Invalid);
        }
        let imported = match spec {
            KeySpec::RSA_2048 | KeySpec::RSA_3072 | KeySpec::RSA_4096 => {
                Rsa::import(spec, pkcs8)?.pair(spec, Kind::Rsa)
            }
            KeySpec::ECC_NIST_P256
            | KeySpec::ECC_NIST_P384
            | KeySpec::ECC_NIST_P521
            | KeySpec::ECC_SECG_P256K1 => {
                Ec::import(spec, pkcs8)?.pair(spec, |it| Kind::Ec(Box::new(it)))
            }
            KeySpec::ECC_NIST_EDWARDS25519 => {
                Edwards::import(pkcs8)?.pair(spec, |it| Kind::Edwards(Box::new(it)))
            }
            KeySpec::ML_DSA_44 | KeySpec::ML_DSA_65 | KeySpec::ML_DSA_87 => {
                MlDsa::import(spec, pkcs8)?.pair(spec, |it| Kind::MlDsa(Box::new(it)))
            }
            KeySpec::ML_KEM_512 | KeySpec::ML_KEM_768 | KeySpec::ML_KEM_1024 => {
                return Err(Fault::unsupported(
                    "imported ML-KEM keys: AWS-LC's safe interface does not read them from PKCS#8",
                ));
            }
            _ => return Err(no_pair(spec)),
        };
        Ok(imported)
    }

    /// Returns the RSA pair at `index` in the pool, or nothing past the end of the pool and for other specs. Each
    /// process reads a pair once.
    pub(crate) fn rsa_from_pool(spec: KeySpec, index: usize) -> Option<Arc<Self>> {
        static READ: [[OnceLock<Option<Arc<Pair>>>; POOL]; 3] =
            [const { [const { OnceLock::new() }; POOL] }; 3];
        let (size, pkcs8) = rsa_pool::document(spec, index)?;
        let read = || Some(Arc::new(Rsa::import(spec, pkcs8).ok()?.pair(spec, Kind::Rsa)));
        READ[size][index].get_or_init(read).clone()
    }

    /// Draws a new RSA pair, for use after the end of the pool. It can take seconds, and differs from run to run.
    pub(crate) fn rsa_generate(spec: KeySpec) -> Result<Self, Fault> {
        Ok(Rsa::generate(spec)?.pair(spec, Kind::Rsa))
    }

    pub(crate) fn spec(&self) -> KeySpec {
        self.spec
    }

    /// Returns the public key, a SubjectPublicKeyInfo in DER (RFC 5280).
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// Returns the private key, PKCS#8 in DER.
    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.private
    }

    /// Signs a message. An ECDSA signature is in DER (ANS X9.62).
    pub(crate) fn sign(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        match &self.kind {
            Kind::Rsa(key) => key.sign(algorithm, kind, message),
            Kind::Ec(key) => key.sign(algorithm, kind, message),
            Kind::Edwards(key) => key.sign(algorithm, kind, message),
            Kind::MlDsa(key) => key.sign(algorithm, kind, message),
            Kind::MlKem(_) => Err(Fault::Invalid),
        }
    }

    /// Returns whether a signature is valid.
    pub(crate) fn verify(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, Fault> {
        match &self.kind {
            Kind::Rsa(key) => key.verify(algorithm, kind, message, signature),
            Kind::Ec(key) => key.verify(algorithm, kind, message, signature),
            Kind::Edwards(key) => key.verify(algorithm, kind, message, signature),
            Kind::MlDsa(key) => key.verify(algorithm, kind, message, signature),
            Kind::MlKem(_) => Err(Fault::Invalid),
        }
    }

    /// Encrypts with the public key (RSAES-OAEP).
    pub(crate) fn encrypt(&self, algorithm: &str, plaintext: &[u8]) -> Result<Vec<u8>, Fault> {
        self.rsa()?.encrypt(algorithm, plaintext)
    }

    /// Decrypts a ciphertext of [`encrypt`](Self::encrypt).
    pub(crate) fn decrypt(&self, algorithm: &str, ciphertext: &[u8]) -> Result<Vec<u8>, Fault> {
        self.rsa()?.decrypt(algorithm, ciphertext)
    }

    fn rsa(&self) -> Result<&Rsa, Fault> {
        match &self.kind {
            Kind::Rsa(key) => Ok(key),
            _ => Err(Fault::Invalid),
        }
    }

    /// Derives the raw secret that this pair shares with the peer's (ECDH).
    pub(crate) fn agree(&self, peer_spki: &[u8]) -> Result<Vec<u8>, Fault> {
        match &self.kind {
            Kind::Ec(key) => key.agree(peer_spki),
            _ => Err(Fault::Invalid),
        }
    }

    /// Returns a new ciphertext and the shared secret in it.
    pub(crate) fn encapsulate(&self) -> Result<(Vec<u8>, Vec<u8>), Fault> {
        self.ml_kem()?.encapsulate()
    }

    /// Returns the shared secret in a ciphertext. ML-KEM rejects a ciphertext for another key by returning another
    /// secret.
    pub(crate) fn decapsulate(&self, ciphertext: &[u8]) -> Result<Vec<u8>, Fault> {
        self.ml_kem()?.decapsulate(ciphertext)
    }

    fn ml_kem(&self) -> Result<&MlKem, Fault> {
        match &self.kind {
            Kind::MlKem(key) => Ok(key),
            _ => Err(Fault::Invalid),
        }
    }
}

fn no_pair(spec: KeySpec) -> Fault {
    match spec {
        KeySpec::SM2 => Fault::unsupported("SM2 keys: AWS-LC does not implement SM2"),
        _ => Fault::Invalid,
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pair({}, ..)", self.spec)
    }
}
