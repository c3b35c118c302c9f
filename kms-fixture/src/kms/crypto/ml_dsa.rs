//! ML-DSA (FIPS 204).

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{
    KeyPair as _, ML_DSA_44, ML_DSA_44_SIGNING, ML_DSA_65, ML_DSA_65_SIGNING, ML_DSA_87,
    ML_DSA_87_SIGNING, ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm,
    PqdsaVerificationAlgorithm,
};

use super::message::MessageKind;
use super::parts::Parts;
use super::{Fault, Source};
use crate::model::KeySpec;

type Parameters = (&'static PqdsaSigningAlgorithm, &'static PqdsaVerificationAlgorithm);

fn parameters(spec: KeySpec) -> Result<Parameters, Fault> {
    match spec {
        KeySpec::ML_DSA_44 => Ok((&ML_DSA_44_SIGNING, &ML_DSA_44)),
        KeySpec::ML_DSA_65 => Ok((&ML_DSA_65_SIGNING, &ML_DSA_65)),
        KeySpec::ML_DSA_87 => Ok((&ML_DSA_87_SIGNING, &ML_DSA_87)),
        _ => Err(Fault::Invalid),
    }
}

/// An ML-DSA key pair.
pub(super) struct MlDsa {
    signing: PqdsaKeyPair,
    verifying: ParsedPublicKey,
}

impl MlDsa {
    pub(super) fn derive(spec: KeySpec, source: Source<'_>) -> Result<Parts<Self>, Fault> {
        let parameters = parameters(spec)?;
        let mut seed = [0; 32];
        source(&mut seed);
        let signing = PqdsaKeyPair::from_seed(parameters.0, &seed)?;
        let private = signing.to_pkcs8v1()?.as_ref().to_vec();
        Self::with(parameters, signing, private)
    }

    /// Reads the key in a PKCS#8 document, which contains the seed, the expanded key, or both.
    pub(super) fn import(spec: KeySpec, pkcs8: &[u8]) -> Result<Parts<Self>, Fault> {
        let parameters = parameters(spec)?;
        let signing = PqdsaKeyPair::from_pkcs8(parameters.0, pkcs8)?;
        // AWS-LC cannot write a key without its seed.
        Self::with(parameters, signing, pkcs8.to_vec())
    }

    fn with(
        (_, verifying): Parameters,
        signing: PqdsaKeyPair,
        private: Vec<u8>,
    ) -> Result<Parts<Self>, Fault> {
        let public = signing.public_key().as_der()?.as_ref().to_vec();
        let verifying = ParsedPublicKey::new(verifying, &public)?;
        Ok(Parts { key: Self { signing, verifying }, public, private })
    }

    pub(super) fn sign(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        fits(algorithm, kind)?;
        let mut signature = vec![0; self.signing.algorithm().signature_len()];
        let length = self.signing.sign(message, &mut signature)?;
        signature.truncate(length);
        Ok(signature)
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
        ("ML_DSA_SHAKE_256", MessageKind::Raw) => Ok(()),
        ("ML_DSA_SHAKE_256", MessageKind::ExternalMu) => Err(Fault::unsupported(
            "EXTERNAL_MU: AWS-LC's safe interface signs only whole messages",
        )),
        _ => Err(Fault::Invalid),
    }
}
