//! Ed25519.

use aws_lc_rs::digest::SHA512;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};

use super::message::MessageKind;
use super::parts::Parts;
use super::{Fault, Source};

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
            key: Self { signing, verifying: ParsedPublicKey::new(&ED25519, &public)? },
            public,
        })
    }

    pub(super) fn sign(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        fits(algorithm, kind, message)?;
        Ok(self.signing.try_sign(message)?.as_ref().to_vec())
    }

    pub(super) fn verify(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, Fault> {
        fits(algorithm, kind, message)?;
        Ok(self.verifying.verify_sig(message, signature).is_ok())
    }
}

fn fits(algorithm: &str, kind: MessageKind, message: &[u8]) -> Result<(), Fault> {
    match (algorithm, kind) {
        ("ED25519_SHA_512", MessageKind::Raw) => Ok(()),
        ("ED25519_PH_SHA_512", _) => {
            // A digest of the wrong length has its own error (fact 13.5.1).
            kind.digest(message, &SHA512)?;
            Err(Fault::unsupported(
                "ED25519_PH_SHA_512: AWS-LC's safe interface does not support Ed25519ph",
            ))
        }
        _ => Err(Fault::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Material;
    use super::super::tests::hex;
    use super::MessageKind::Raw;
    use crate::model::KeySpec;

    /// Checks the vectors of RFC 8032, section 7.1, test 1.
    #[test]
    fn ed25519_matches_the_published_vectors() {
        let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let point = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let signed = hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555f
        b8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        let spec = KeySpec::ECC_NIST_EDWARDS25519;
        let key = Material::derive(spec, &mut |it: &mut [u8]| it.copy_from_slice(&seed)).unwrap();
        let key = key.pair().unwrap();
        assert!(key.public_key().ends_with(&point));
        assert_eq!(key.sign("ED25519_SHA_512", Raw, b""), Ok(signed));
    }
}
