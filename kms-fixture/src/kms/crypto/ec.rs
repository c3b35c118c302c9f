//! The NIST curves and secp256k1: ECDSA, and ECDH where KMS supports it.

use aws_lc_rs::agreement::{
    self, ECDH_P256, ECDH_P384, ECDH_P521, ParsedPublicKeyFormat, UnparsedPublicKey,
};
use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};
use aws_lc_rs::encoding::{AsBigEndian, AsDer};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1,
    ECDSA_P256K1_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P521_SHA512_ASN1, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    EcdsaVerificationAlgorithm, KeyPair as _, ParsedPublicKey,
};

use super::der::{
    BIT_STRING, INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, element, is_one_sequence,
};
use super::message::MessageKind;
use super::parts::Parts;
use super::{Fault, Source};
use crate::model::KeySpec;

/// 1.2.840.10045.2.1, ecPublicKey (RFC 5480).
const EC_PUBLIC_KEY: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// A curve and its algorithms.
struct Curve {
    /// The object id (RFC 5480; SEC 2).
    id: &'static [u8],
    /// The length of a private key in bytes.
    length: usize,
    /// The mask for the first byte of a private key.
    first: u8,
    algorithm: &'static str,
    digest: &'static digest::Algorithm,
    signing: &'static EcdsaSigningAlgorithm,
    verifying: &'static EcdsaVerificationAlgorithm,
    agreeing: Option<&'static agreement::Algorithm>,
}

static P256: Curve = Curve {
    id: &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
    length: 32,
    first: 0xff,
    algorithm: "ECDSA_SHA_256",
    digest: &SHA256,
    signing: &ECDSA_P256_SHA256_ASN1_SIGNING,
    verifying: &ECDSA_P256_SHA256_ASN1,
    agreeing: Some(&ECDH_P256),
};

static P384: Curve = Curve {
    id: &[0x2b, 0x81, 0x04, 0x00, 0x22],
    length: 48,
    first: 0xff,
    algorithm: "ECDSA_SHA_384",
    digest: &SHA384,
    signing: &ECDSA_P384_SHA384_ASN1_SIGNING,
    verifying: &ECDSA_P384_SHA384_ASN1,
    agreeing: Some(&ECDH_P384),
};

static P521: Curve = Curve {
    id: &[0x2b, 0x81, 0x04, 0x00, 0x23],
    length: 66,
    first: 0x01,
    algorithm: "ECDSA_SHA_512",
    digest: &SHA512,
    signing: &ECDSA_P521_SHA512_ASN1_SIGNING,
    verifying: &ECDSA_P521_SHA512_ASN1,
    agreeing: Some(&ECDH_P521),
};

static P256K1: Curve = Curve {
    id: &[0x2b, 0x81, 0x04, 0x00, 0x0a],
    length: 32,
    first: 0xff,
    algorithm: "ECDSA_SHA_256",
    digest: &SHA256,
    signing: &ECDSA_P256K1_SHA256_ASN1_SIGNING,
    verifying: &ECDSA_P256K1_SHA256_ASN1,
    agreeing: None,
};

fn curve(spec: KeySpec) -> Result<&'static Curve, Fault> {
    match spec {
        KeySpec::ECC_NIST_P256 => Ok(&P256),
        KeySpec::ECC_NIST_P384 => Ok(&P384),
        KeySpec::ECC_NIST_P521 => Ok(&P521),
        KeySpec::ECC_SECG_P256K1 => Ok(&P256K1),
        _ => Err(Fault::Invalid),
    }
}

/// A key pair on one of the curves.
pub(super) struct Ec {
    curve: &'static Curve,
    signing: EcdsaKeyPair,
    verifying: ParsedPublicKey,
    agreeing: Option<agreement::PrivateKey>,
}

impl Ec {
    /// Draws numbers until one of them is a valid private key.
    pub(super) fn derive(spec: KeySpec, source: Source<'_>) -> Result<Parts<Self>, Fault> {
        let curve = curve(spec)?;
        let mut tries = 64; // a broken source never yields a valid one
        loop {
            let mut scalar = vec![0; curve.length];
            source(&mut scalar);
            scalar[0] &= curve.first;
            tries -= 1;
            match Self::with(curve, &scalar) {
                Err(_) if tries > 0 => {}
                made => return made,
            }
        }
    }

    /// Reads the key in a PKCS#8 document, which may omit the public key.
    pub(super) fn import(spec: KeySpec, pkcs8: &[u8]) -> Result<Parts<Self>, Fault> {
        let curve = curve(spec)?;
        let key = EcdsaKeyPair::from_pkcs8(curve.signing, pkcs8)?;
        // Only the number counts, so every form of the document yields the same encoding.
        Self::with(curve, key.private_key().as_be_bytes()?.as_ref())
    }

    fn with(curve: &'static Curve, scalar: &[u8]) -> Result<Parts<Self>, Fault> {
        // AWS-LC reads only one form for all four curves: RFC 5915 without a public key.
        let version = element(INTEGER, &[&[1]]);
        let number = element(OCTET_STRING, &[scalar]);
        let private = element(SEQUENCE, &[&version, &number]);
        let short = EcdsaKeyPair::from_private_key_der(curve.signing, &private)?;
        let point = short.public_key().as_ref();
        let signing = EcdsaKeyPair::from_private_key_and_public_key(curve.signing, scalar, point)?;
        let public = signing.public_key().as_der()?.as_ref().to_vec();
        let agreeing = curve
            .agreeing
            .map(|it| agreement::PrivateKey::from_private_key(it, scalar))
            .transpose()?;
        Ok(Parts {
            private: pkcs8(curve, scalar, point),
            key: Self {
                curve,
                signing,
                verifying: ParsedPublicKey::new(curve.verifying, &public)?,
                agreeing,
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
        let digest = self.digest(algorithm, kind, message)?;
        Ok(self.signing.sign_digest(&digest)?.as_ref().to_vec())
    }

    pub(super) fn verify(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, Fault> {
        let digest = self.digest(algorithm, kind, message)?;
        Ok(self.verifying.verify_digest_sig(&digest, signature).is_ok())
    }

    fn digest(
        &self,
        algorithm: &str,
        kind: MessageKind,
        message: &[u8],
    ) -> Result<digest::Digest, Fault> {
        if algorithm != self.curve.algorithm {
            return Err(Fault::Invalid);
        }
        kind.digest(message, self.curve.digest)
    }

    /// Derives the raw shared secret, which is the x coordinate.
    pub(super) fn agree(&self, peer_spki: &[u8]) -> Result<Vec<u8>, Fault> {
        let key = self.agreeing.as_ref().ok_or(Fault::Invalid)?;
        if !is_one_sequence(peer_spki) {
            return Err(Fault::Invalid);
        }
        let peer = UnparsedPublicKey::new(key.algorithm(), peer_spki);
        let peer = agreement::ParsedPublicKey::try_from(peer)?;
        if peer.format() != ParsedPublicKeyFormat::X509 {
            return Err(Fault::Invalid);
        }
        agreement::agree(key, peer, Fault::Invalid, |secret| Ok(secret.to_vec()))
    }
}

/// Encodes PKCS#8 (RFC 5208) around RFC 5915 with all optional fields: a recorded P-256 key has 150 bytes and names the
/// curve twice.
fn pkcs8(curve: &Curve, scalar: &[u8], point: &[u8]) -> Vec<u8> {
    let id = element(OBJECT_ID, &[curve.id]);
    let private = element(
        SEQUENCE,
        &[
            &element(INTEGER, &[&[1]]),
            &element(OCTET_STRING, &[scalar]),
            &element(0xa0, &[&id]),
            &element(0xa1, &[&element(BIT_STRING, &[&[0], point])]),
        ],
    );
    element(
        SEQUENCE,
        &[
            &element(INTEGER, &[&[0]]),
            &element(SEQUENCE, &[&element(OBJECT_ID, &[&EC_PUBLIC_KEY]), &id]),
            &element(OCTET_STRING, &[&private]),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::super::Material;
    use super::super::tests::hex;
    use super::*;

    /// Checks the vectors of RFC 5903, section 8.1.
    #[test]
    fn ecdh_matches_the_published_vectors() {
        let ours = hex("C88F01F5 10D9AC3F 70A292DA A2316DE5 44E9AAB8 AFE84049 C62A9C57 862D1433");
        let ours_x = hex("DAD0B653 94221CF9 B051E1FE CA5787D0 98DFE637 FC90B9EF 945D0C37 72581180");
        let theirs =
            hex("04 D12DFB52 89C8D4F8 1208B702 70398C34 2296970A 0BCCB74C 736FC755 4494BF63
        56FBF3CA 366CC23E 8157854C 13C58D6A AC23F046 ADA30F83 53E74F33 039872AB");
        let shared = hex("D6840F6B 42F6EDAF D13116E0 E1256520 2FEF8E9E CE7DCE03 812464D0 4B9442DE");
        let spec = KeySpec::ECC_NIST_P256;
        let key = Material::derive(spec, &mut |it: &mut [u8]| it.copy_from_slice(&ours)).unwrap();
        let key = key.pair().unwrap();
        assert_eq!(key.public_key()[27..59], ours_x);
        let ecc = element(OBJECT_ID, &[&hex("2a8648ce3d0201")]);
        let id = element(SEQUENCE, &[&ecc, &element(OBJECT_ID, &[&hex("2a8648ce3d030107")])]);
        let spki = element(SEQUENCE, &[&id, &element(BIT_STRING, &[&[0], &theirs])]);
        assert_eq!(key.agree(&spki), Ok(shared));
    }

    /// Compares lengths with those of recorded data key pairs.
    #[test]
    fn a_private_key_has_the_recorded_length() {
        for (spec, length) in [(KeySpec::ECC_NIST_P256, 150), (KeySpec::ECC_NIST_EDWARDS25519, 48)]
        {
            let key = Material::derive(spec, &mut |it: &mut [u8]| it.fill(7)).unwrap();
            assert_eq!(key.pair().unwrap().pkcs8().len(), length, "{spec}");
        }
    }
}
