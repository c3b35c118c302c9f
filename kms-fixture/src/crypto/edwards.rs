//! Ed25519.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};

use super::pair::Parts;
use super::{Fault, MessageKind, Source};

/// An Ed25519 key pair.
pub(super) struct Edwards {
    signing: Ed25519KeyPair,
    verifying: ParsedPublicKey,
}

impl Edwards {
    pub(super) fn derive(source: Source<'_>) -> Result<Parts<Self>, Fault> {
        let mut seed = [0; 32];
        source(&mut seed);
        Self::with(Ed25519KeyPair::from_seed_unchecked(&seed)?)
    }

    pub(super) fn import(pkcs8: &[u8]) -> Result<Parts<Self>, Fault> {
        Self::with(Ed25519KeyPair::from_pkcs8(pkcs8)?)
    }

    fn with(signing: Ed25519KeyPair) -> Result<Parts<Self>, Fault> {
        let public = signing.public_key().as_der()?.as_ref().to_vec();
        Ok(Parts {
            private: signing.to_pkcs8v1()?.as_ref().to_vec(),
            key: Self {
                signing,
                verifying: ParsedPublicKey::new(&ED25519, &public)?,
            },
            public,
        })
    }

    pub(super) fn sign(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        fits(algorithm, kind)?;
        Ok(self.signing.try_sign(message)?.as_ref().to_vec())
    }

    pub(super) fn verify(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, Fault> {
        fits(algorithm, kind)?;
        Ok(self.verifying.verify_sig(message, signature).is_ok())
    }
}

fn fits(algorithm: &str, kind: MessageKind) -> Result<(), Fault> {
    match (algorithm, kind) {
        ("ED25519_SHA_512", MessageKind::Raw) => Ok(()),
        ("ED25519_PH_SHA_512", _) => Err(Fault::unsupported(
            "ED25519_PH_SHA_512: AWS-LC's safe interface has Ed25519, but not Ed25519ph",
        )),
        _ => Err(Fault::Invalid),
    }
}
