//! ML-KEM (FIPS 203).

use aws_lc_rs::kem::{
    Algorithm, DecapsulationKey, EncapsulationKey, ML_KEM_512, ML_KEM_768, ML_KEM_1024,
};

use super::Fault;
use super::der::{BIT_STRING, INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, element};
use super::parts::Parts;
use crate::model::KeySpec;

/// 2.16.840.1.101.3.4.4, NIST's arc of key encapsulation mechanisms.
const KEMS: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04];

fn parameters(spec: KeySpec) -> Result<(&'static Algorithm, u8), Fault> {
    match spec {
        KeySpec::ML_KEM_512 => Ok((&ML_KEM_512, 1)),
        KeySpec::ML_KEM_768 => Ok((&ML_KEM_768, 2)),
        KeySpec::ML_KEM_1024 => Ok((&ML_KEM_1024, 3)),
        _ => Err(Fault::Invalid),
    }
}

/// An ML-KEM key pair.
pub(super) struct MlKem {
    private: DecapsulationKey,
    public: EncapsulationKey,
}

impl MlKem {
    /// Lets AWS-LC draw a key, because its safe interface cannot derive one from a seed.
    pub(super) fn generate(spec: KeySpec) -> Result<Parts<Self>, Fault> {
        let (algorithm, arc) = parameters(spec)?;
        let private = DecapsulationKey::generate(algorithm)?;
        let public = private.encapsulation_key()?;
        let id = element(SEQUENCE, &[&element(OBJECT_ID, &[&KEMS, &[arc]])]);
        Ok(Parts {
            public: spki(&id, public.key_bytes()?.as_ref()),
            private: pkcs8(&id, private.key_bytes()?.as_ref()),
            key: Self { private, public },
        })
    }

    pub(super) fn encapsulate(&self) -> Result<(Vec<u8>, Vec<u8>), Fault> {
        let (ciphertext, secret) = self.public.encapsulate()?;
        Ok((ciphertext.as_ref().to_vec(), secret.as_ref().to_vec()))
    }

    pub(super) fn decapsulate(&self, ciphertext: &[u8]) -> Result<Vec<u8>, Fault> {
        let secret = self.private.decapsulate(ciphertext.into())?;
        Ok(secret.as_ref().to_vec())
    }
}

/// Encodes a SubjectPublicKeyInfo (RFC 9935).
fn spki(id: &[u8], key: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[id, &element(BIT_STRING, &[&[0], key])])
}

/// Encodes PKCS#8 with the expanded key (RFC 9935).
fn pkcs8(id: &[u8], key: &[u8]) -> Vec<u8> {
    let version = element(INTEGER, &[&[0]]);
    let key = element(OCTET_STRING, &[&element(OCTET_STRING, &[key])]);
    element(SEQUENCE, &[&version, id, &key])
}
