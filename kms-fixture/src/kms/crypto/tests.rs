//! Round trips of every algorithm, determinism, imports, and garbage.

use std::sync::Arc;

use aws_lc_rs::encoding::{AsBigEndian, AsDer, AsRawBytes, EcPublicKeyCompressedBin};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, ML_DSA_44_SIGNING, PqdsaKeyPair,
    UnparsedPublicKey,
};
use aws_lc_rs::{digest, rsa, signature};

use super::MessageKind::{Digest, ExternalMu, Raw};
use super::der::{INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, element};
use super::*;
use crate::kms::crypto::rsa_pool::POOL;
use crate::model::{KeySpec, KeyUsage};

/// Returns a deterministic source, different for each seed.
fn source(mut state: u64) -> impl FnMut(&mut [u8]) {
    move |bytes| {
        for byte in bytes {
            state = state.wrapping_mul(6_364_136_223_846_793_005);
            state = state.wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[0];
        }
    }
}

/// Decodes hex and ignores all other characters.
pub(super) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits.chunks_exact(2);
    pairs.map(|it| u8::from_str_radix(str::from_utf8(it).unwrap(), 16).unwrap()).collect()
}

/// Returns material of any spec except SM2; RSA comes from the pool.
fn material(spec: KeySpec, seed: u64) -> Material {
    match Material::from_pool(spec, usize::try_from(seed).unwrap()) {
        Some(pooled) => pooled,
        None if spec.as_str().starts_with("RSA") => panic!("{spec} {seed} is not in the pool"),
        None => Material::derive(spec, &mut source(seed)).unwrap(),
    }
}

fn pair(spec: KeySpec, seed: u64) -> Arc<Pair> {
    match material(spec, seed) {
        Material::Pair(pair) => pair,
        other => panic!("{other:?}"),
    }
}

fn specs() -> impl Iterator<Item = KeySpec> {
    let all = KeySpec::ALL.iter().copied();
    all.filter(|it| *it != KeySpec::SM2)
}

fn pairs() -> impl Iterator<Item = KeySpec> {
    specs().filter(|it| !it.is_symmetric_encryption() && !it.is_hmac())
}

fn algorithms(spec: KeySpec, usage: KeyUsage) -> &'static [&'static str] {
    if spec.usages().contains(&usage) { spec.algorithms(usage).1 } else { &[] }
}

fn digest_of(algorithm: &str, message: &[u8]) -> Option<Vec<u8>> {
    let digest = match &algorithm[algorithm.len() - 3..] {
        _ if algorithm.starts_with("ML_DSA") || algorithm.starts_with("ED25519") => return None,
        "256" => &digest::SHA256,
        "384" => &digest::SHA384,
        _ => &digest::SHA512,
    };
    Some(digest::digest(digest, message).as_ref().to_vec())
}

#[test]
fn only_the_signed_message_verifies() {
    let mut tried = 0;
    for spec in specs() {
        for algorithm in algorithms(spec, KeyUsage::SIGN_VERIFY) {
            if *algorithm == "ED25519_PH_SHA_512" {
                continue;
            }
            tried += 1;
            let key = pair(spec, 1);
            let signed = key.sign(algorithm, Raw, b"message").unwrap();
            let right = |kind, message: &[u8], signature: &[u8]| {
                key.verify(algorithm, kind, message, signature).unwrap()
            };
            assert!(right(Raw, b"message", &signed), "{spec} {algorithm}");
            assert!(!right(Raw, b"massage", &signed), "{spec} {algorithm}");
            assert!(!right(Raw, b"message", b""), "{spec} {algorithm}");
            let mut changed = signed.clone();
            *changed.last_mut().unwrap() ^= 1;
            assert!(!right(Raw, b"message", &changed), "{spec} {algorithm}");
            let other = pair(spec, 2);
            assert_eq!(other.verify(algorithm, Raw, b"message", &signed), Ok(false));

            let Some(digest) = digest_of(algorithm, b"message") else {
                assert_eq!(key.sign(algorithm, Digest, b"m"), Err(Fault::Invalid));
                continue;
            };
            assert!(right(Digest, &digest, &signed), "{spec} {algorithm}");
            let signed = key.sign(algorithm, Digest, &digest).unwrap();
            assert!(right(Raw, b"message", &signed), "{spec} {algorithm}");
            for wrong in [&digest[1..], b"", &[0; 65]] {
                let refused = Err(Fault::DigestLength);
                assert_eq!(key.sign(algorithm, Digest, wrong), refused);
                let refused = Err(Fault::DigestLength);
                assert_eq!(key.verify(algorithm, Digest, wrong, &signed), refused);
            }
            let refused = Err(Fault::Invalid);
            assert_eq!(key.sign(algorithm, ExternalMu, &[0; 64]), refused);
        }
    }
    assert_eq!(tried, 3 * 6 + 4 + 1 + 3);
}

#[test]
fn unsupported_algorithms_are_reported_as_unsupported() {
    let unsupported = |it: Result<Vec<u8>, Fault>| matches!(it, Err(Fault::Unsupported(_)));
    let key = pair(KeySpec::ECC_NIST_EDWARDS25519, 1);
    assert!(unsupported(key.sign("ED25519_PH_SHA_512", Digest, &[0; 64])));
    let key = pair(KeySpec::ML_DSA_44, 1);
    assert!(unsupported(key.sign("ML_DSA_SHAKE_256", ExternalMu, &[0; 64])));
    for made in [
        Material::derive(KeySpec::SM2, &mut source(1)),
        Material::import(KeySpec::SM2, &element(SEQUENCE, &[])),
        Material::import(KeySpec::ML_KEM_512, &element(SEQUENCE, &[])),
    ] {
        assert!(matches!(made, Err(Fault::Unsupported(_))), "{made:?}");
    }
    let key = WrappingKey::from_pool(KeySpec::RSA_2048, 0).unwrap();
    assert!(unsupported(key.unwrap("RSAES_PKCS1_V1_5", &[0; 256])));
    assert!(unsupported(key.unwrap("SM2PKE", &[0; 256])));
}

#[test]
fn an_algorithm_of_another_key_spec_is_rejected() {
    for spec in pairs() {
        let key = pair(spec, 1);
        assert_eq!(key.sign("SM2DSA", Raw, b""), Err(Fault::Invalid));
        assert_eq!(key.verify("SM2DSA", Raw, b"", b""), Err(Fault::Invalid));
        assert_eq!(key.encrypt("SM2PKE", b""), Err(Fault::Invalid));
        assert_eq!(key.decrypt("SYMMETRIC_DEFAULT", b""), Err(Fault::Invalid));
    }
    let key = pair(KeySpec::ECC_NIST_P256, 1);
    assert_eq!(key.sign("ECDSA_SHA_384", Raw, b""), Err(Fault::Invalid));
    assert_eq!(hmac("HMAC_SHA_1", &[], b""), Err(Fault::Invalid));
}

#[test]
fn the_same_source_derives_the_same_key() {
    for spec in specs() {
        let random = format!("{spec}").starts_with("ML_KEM");
        let bytes = |seed| match material(spec, seed) {
            Material::Symmetric(key) => key.to_vec(),
            Material::Hmac(key) => key.to_vec(),
            Material::Pair(key) => [key.public_key(), key.pkcs8()].concat(),
        };
        assert_eq!(bytes(1) == bytes(1), !random, "{spec}");
        assert_ne!(bytes(1), bytes(2), "{spec}");
    }
}

#[test]
fn a_broken_source_ends_in_an_error() {
    let made = Material::derive(KeySpec::ECC_NIST_P256, &mut |_: &mut [u8]| {});
    assert_eq!(made.err(), Some(Fault::Invalid));
}

#[test]
fn pool_keys_are_distinct_and_limited() {
    for spec in [KeySpec::RSA_2048, KeySpec::RSA_3072, KeySpec::RSA_4096] {
        let mut keys: Vec<_> =
            (0..POOL).map(|it| pair(spec, it as u64).public_key().to_vec()).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), POOL);
        assert!(Pair::rsa_from_pool(spec, POOL).is_none());
        assert!(Pair::rsa_from_pool(spec, usize::MAX).is_none());
    }
    assert!(Pair::rsa_from_pool(KeySpec::ECC_NIST_P256, 0).is_none());
    let made = Pair::rsa_generate(KeySpec::RSA_2048).unwrap();
    let other = WrappingKey::from_pool(KeySpec::RSA_2048, 0).unwrap();
    assert_ne!(made.public_key(), other.public_key());
    assert!(WrappingKey::from_pool(KeySpec::SM2, 0).is_none());
    assert!(Pair::rsa_generate(KeySpec::HMAC_224).is_err());
}

#[test]
fn debug_output_hides_secrets() {
    let zeros = &mut |bytes: &mut [u8]| bytes.fill(7);
    let aes = Material::derive(KeySpec::SYMMETRIC_DEFAULT, zeros).unwrap();
    let mac = Material::derive(KeySpec::HMAC_224, zeros).unwrap();
    let ecc = Material::derive(KeySpec::ECC_NIST_P256, zeros).unwrap();
    let shown = format!("{aes:?} {mac:?} {ecc:?}");
    assert_eq!(shown, "Symmetric(..) Hmac(..) Pair(ECC_NIST_P256, ..)");
}

#[test]
fn oaep_round_trips_up_to_its_limit() {
    let limits = [
        (KeySpec::RSA_2048, 214, 190),
        (KeySpec::RSA_3072, 342, 318),
        (KeySpec::RSA_4096, 470, 446),
    ];
    for (spec, sha1, sha256) in limits {
        let key = pair(spec, 3);
        for (algorithm, limit) in [("RSAES_OAEP_SHA_1", sha1), ("RSAES_OAEP_SHA_256", sha256)] {
            assert_eq!(oaep_limit(spec, algorithm), Some(limit));
            for length in [0, 1, limit] {
                let plaintext = vec![9; length];
                let ciphertext = key.encrypt(algorithm, &plaintext).unwrap();
                assert_eq!(key.decrypt(algorithm, &ciphertext), Ok(plaintext));
                let mut changed = ciphertext.clone();
                changed[100] ^= 1;
                assert_eq!(key.decrypt(algorithm, &changed), Err(Fault::Invalid));
                let short = &ciphertext[1..];
                assert_eq!(key.decrypt(algorithm, short), Err(Fault::Invalid));
            }
            let long = vec![9; limit + 1];
            assert_eq!(key.encrypt(algorithm, &long), Err(Fault::Invalid));
        }
        let ciphertext = key.encrypt("RSAES_OAEP_SHA_1", b"text").unwrap();
        let other = key.decrypt("RSAES_OAEP_SHA_256", &ciphertext);
        assert_eq!(other, Err(Fault::Invalid));
    }
    assert_eq!(oaep_limit(KeySpec::SM2, "RSAES_OAEP_SHA_1"), None);
    assert_eq!(oaep_limit(KeySpec::RSA_2048, "SM2PKE"), None);
}

#[test]
fn both_sides_of_a_key_agreement_derive_the_same_secret() {
    for spec in specs().filter(|it| it.usages().contains(&KeyUsage::KEY_AGREEMENT)) {
        let (one, other) = (pair(spec, 1), pair(spec, 2));
        let secret = one.agree(other.public_key()).unwrap();
        assert_eq!(other.agree(one.public_key()), Ok(secret));
        for foreign in pairs().filter(|it| *it != spec) {
            let refused = one.agree(pair(foreign, 0).public_key());
            assert_eq!(refused, Err(Fault::Invalid), "{spec} {foreign}");
        }
        let longer = [other.public_key(), &[0]].concat();
        assert_eq!(one.agree(&longer), Err(Fault::Invalid));
    }
    // A point without its SubjectPublicKeyInfo is rejected.
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let one = pair(KeySpec::ECC_NIST_P256, 1);
    let point = key.public_key().as_ref();
    assert_eq!(one.agree(point), Err(Fault::Invalid));
    let spki = key.public_key().as_der().unwrap();
    assert!(one.agree(spki.as_ref()).is_ok());
    let point = key.public_key();
    let compressed: EcPublicKeyCompressedBin<'_> = point.as_be_bytes().unwrap();
    assert_eq!(one.agree(compressed.as_ref()), Err(Fault::Invalid));
    let secp256k1 = pair(KeySpec::ECC_SECG_P256K1, 1);
    let refused = secp256k1.agree(secp256k1.public_key());
    assert_eq!(refused, Err(Fault::Invalid));
}

#[test]
fn decapsulation_returns_the_encapsulated_secret() {
    let sizes = [
        (KeySpec::ML_KEM_512, 800, 768, 1),
        (KeySpec::ML_KEM_768, 1184, 1088, 2),
        (KeySpec::ML_KEM_1024, 1568, 1568, 3),
    ];
    for (spec, public, length, arc) in sizes {
        let key = pair(spec, 1);
        let (ciphertext, secret) = key.encapsulate().unwrap();
        assert_eq!((ciphertext.len(), secret.len()), (length, 32));
        assert_eq!(key.decapsulate(&ciphertext), Ok(secret.clone()));
        assert_ne!(pair(spec, 2).decapsulate(&ciphertext), Ok(secret));
        assert_eq!(key.decapsulate(&ciphertext[1..]), Err(Fault::Invalid));
        let head = [&hex("30 82 0000 30 0b 06 09 60 86 48 01 65 03 04 04")[..], &[arc, 0x03, 0x82]]
            .concat();
        let spki = key.public_key();
        assert_eq!(spki.len(), head.len() + 2 + 1 + public);
        assert_eq!(spki[4..head.len()], head[4..]);
        assert_eq!(spki[2..4], u16::try_from(spki.len() - 4).unwrap().to_be_bytes());
    }
}

#[test]
fn an_exported_private_key_imports_unchanged() {
    for spec in pairs().filter(|it| !format!("{it}").starts_with("ML_KEM")) {
        let key = pair(spec, 1);
        let again = Material::import(spec, key.pkcs8()).unwrap();
        let again = again.pair().unwrap();
        assert_eq!(again.public_key(), key.public_key(), "{spec}");
        assert_eq!(again.pkcs8(), key.pkcs8(), "{spec}");
        assert_eq!(again.spec(), spec);
        for other in pairs().filter(|it| *it != spec) {
            assert!(Material::import(other, key.pkcs8()).is_err(), "{other}");
        }
        let longer = [key.pkcs8(), &[0]].concat();
        assert_eq!(Material::import(spec, &longer).err(), Some(Fault::Invalid), "{spec}");
    }
}

#[test]
fn import_completes_an_ecc_key_without_its_public_key() {
    let curves = [
        (KeySpec::ECC_NIST_P256, 32, hex("2a8648ce3d030107")),
        (KeySpec::ECC_NIST_P384, 48, hex("2b81040022")),
        (KeySpec::ECC_NIST_P521, 66, hex("2b81040023")),
        (KeySpec::ECC_SECG_P256K1, 32, hex("2b8104000a")),
    ];
    for (spec, length, curve) in curves {
        let mut scalar = vec![5; length];
        scalar[0] = 1;
        let derived = Material::derive(spec, &mut |it: &mut [u8]| it.copy_from_slice(&scalar));
        let number = element(OCTET_STRING, &[&scalar]);
        let key = element(SEQUENCE, &[&element(INTEGER, &[&[1]]), &number]);
        let ecc = element(OBJECT_ID, &[&hex("2a8648ce3d0201")]);
        let id = element(SEQUENCE, &[&ecc, &element(OBJECT_ID, &[&curve])]);
        let key = element(OCTET_STRING, &[&key]);
        let pkcs8 = element(SEQUENCE, &[&element(INTEGER, &[&[0]]), &id, &key]);
        let imported = Material::import(spec, &pkcs8).unwrap();
        let (derived, imported) = (derived.unwrap(), imported);
        let (derived, imported) = (derived.pair().unwrap(), imported.pair().unwrap());
        assert_eq!(imported.public_key(), derived.public_key());
        assert_eq!(imported.pkcs8(), derived.pkcs8());
        assert!(imported.pkcs8().len() > pkcs8.len());
    }
}

#[test]
fn raw_material_has_one_length() {
    let lengths = [
        (KeySpec::SYMMETRIC_DEFAULT, 32),
        (KeySpec::HMAC_224, 28),
        (KeySpec::HMAC_256, 32),
        (KeySpec::HMAC_384, 48),
        (KeySpec::HMAC_512, 64),
    ];
    for (spec, right) in lengths {
        for length in 0..130 {
            let imported = Material::import(spec, &vec![1; length]);
            assert_eq!(imported.is_ok(), length == right, "{spec} {length}");
        }
    }
}

/// Wraps material as a client does for `ImportKeyMaterial`.
fn wrap(algorithm: &str, public: &[u8], material: &[u8]) -> Vec<u8> {
    let public = rsa::PublicEncryptingKey::from_der(public).unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let oaep =
        if algorithm.ends_with("SHA_1") { &OAEP_SHA1_MGF1SHA1 } else { &OAEP_SHA256_MGF1SHA256 };
    let under_rsa = |plaintext: &[u8]| {
        let mut bytes = vec![0; public.ciphertext_size()];
        let sealed = public.encrypt(oaep, plaintext, &mut bytes, None).unwrap();
        sealed.to_vec()
    };
    if algorithm.starts_with("RSAES") {
        return under_rsa(material);
    }
    let mut bytes = vec![0; material.len() + 15];
    let key = AesKek::new(&AES_256, &[3; 32]).unwrap();
    let wrapped = key.wrap_with_padding(material, &mut bytes).unwrap();
    [&under_rsa(&[3; 32]), &*wrapped].concat()
}

#[test]
fn wrapped_material_unwraps_and_changed_bytes_do_not() {
    let rsa = pair(KeySpec::RSA_4096, 1);
    for spec in [KeySpec::RSA_2048, KeySpec::RSA_3072, KeySpec::RSA_4096] {
        let key = WrappingKey::from_pool(spec, 0).unwrap();
        for algorithm in ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"] {
            let wrapped = wrap(algorithm, key.public_key(), &[7; 32]);
            assert_eq!(key.unwrap(algorithm, &wrapped), Ok(vec![7; 32]));
            let other = WrappingKey::from_pool(spec, 1).unwrap();
            assert_eq!(other.unwrap(algorithm, &wrapped), Err(Fault::Invalid));
        }
        for algorithm in ["RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"] {
            for material in [&[7; 1][..], &[7; 8], &[7; 28], &[7; 32], rsa.pkcs8()] {
                let wrapped = wrap(algorithm, key.public_key(), material);
                assert_eq!(key.unwrap(algorithm, &wrapped).as_deref(), Ok(material));
                for at in [0, wrapped.len() - 1] {
                    let mut changed = wrapped.clone();
                    changed[at] ^= 1;
                    assert_eq!(key.unwrap(algorithm, &changed), Err(Fault::Invalid));
                }
                for length in (0..wrapped.len()).step_by(61) {
                    let short = &wrapped[..length];
                    assert_eq!(key.unwrap(algorithm, short), Err(Fault::Invalid));
                }
            }
        }
    }
}

#[test]
fn garbage_is_rejected() {
    let mut random = source(99);
    let keys: Vec<_> = pairs().map(|it| pair(it, 0)).collect();
    let wrapping = WrappingKey::from_pool(KeySpec::RSA_2048, 2).unwrap();
    for length in (0..40).chain([63, 64, 65, 91, 255, 256, 257, 272, 768, 1568, 2500]) {
        let mut garbage = vec![0; length];
        random(&mut garbage);
        let like_der = element(SEQUENCE, &[&garbage]);
        for bytes in [&garbage, &like_der] {
            for key in &keys {
                let spec = key.spec();
                assert!(Material::import(spec, bytes).is_err());
                assert_eq!(key.agree(bytes), Err(Fault::Invalid));
                let _ = key.decapsulate(bytes);
                assert!(key.decrypt("RSAES_OAEP_SHA_256", bytes).is_err());
                for algorithm in algorithms(spec, KeyUsage::SIGN_VERIFY) {
                    for kind in [Raw, Digest, ExternalMu] {
                        let verified = key.verify(algorithm, kind, bytes, bytes);
                        assert_ne!(verified, Ok(true));
                    }
                }
            }
            for algorithm in ["RSAES_OAEP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256", "", "X"] {
                assert!(wrapping.unwrap(algorithm, bytes).is_err());
            }
            assert_eq!(open(&[0; 32], [0; 12], b"", bytes), None);
            assert_eq!(hmac_verify("HMAC_SHA_224", bytes, bytes, bytes), Ok(false));
        }
    }
    // These are real keys with one byte changed or the end cut off.
    for key in &keys {
        for at in (0..key.pkcs8().len()).step_by(97) {
            let mut changed = key.pkcs8().to_vec();
            changed[at] ^= 0x41;
            let _ = Material::import(key.spec(), &changed);
            assert!(Material::import(key.spec(), &changed[..at]).is_err());
        }
        for at in 0..key.public_key().len().min(120) {
            let mut changed = key.public_key().to_vec();
            changed[at] ^= 0x41;
            for other in &keys {
                let _ = other.agree(&changed);
            }
        }
    }
}

/// Verifies with AWS-LC itself, which reads the public key as a SubjectPublicKeyInfo.
#[test]
fn signatures_verify_with_the_public_key_alone() {
    let schemes: [(_, _, &'static dyn signature::VerificationAlgorithm); 5] = [
        (KeySpec::RSA_3072, "RSASSA_PSS_SHA_384", &signature::RSA_PSS_2048_8192_SHA384),
        (KeySpec::ECC_SECG_P256K1, "ECDSA_SHA_256", &signature::ECDSA_P256K1_SHA256_ASN1),
        (KeySpec::ECC_NIST_P521, "ECDSA_SHA_512", &signature::ECDSA_P521_SHA512_ASN1),
        (KeySpec::ECC_NIST_EDWARDS25519, "ED25519_SHA_512", &signature::ED25519),
        (KeySpec::ML_DSA_65, "ML_DSA_SHAKE_256", &signature::ML_DSA_65),
    ];
    for (spec, algorithm, verifying) in schemes {
        let key = pair(spec, 0);
        let signed = key.sign(algorithm, Raw, b"message").unwrap();
        let public = UnparsedPublicKey::new(verifying, key.public_key());
        let public = public.parse().unwrap();
        assert!(public.verify_sig(b"message", &signed).is_ok(), "{spec}");
    }
}

/// Covers a key that AWS-LC reads but cannot write.
#[test]
fn an_ml_dsa_key_imports_without_its_seed() {
    let key = PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, &[7; 32]).unwrap();
    let expanded = key.private_key().as_raw_bytes().unwrap();
    let id = element(OBJECT_ID, &[&hex("608648016503040311")]);
    let key = element(OCTET_STRING, &[&element(OCTET_STRING, &[expanded.as_ref()])]);
    let version = element(INTEGER, &[&[0]]);
    let pkcs8 = element(SEQUENCE, &[&version, &element(SEQUENCE, &[&id]), &key]);
    let imported = Material::import(KeySpec::ML_DSA_44, &pkcs8).unwrap();
    let derived = Material::derive(KeySpec::ML_DSA_44, &mut |it: &mut [u8]| it.fill(7)).unwrap();
    let (imported, derived) = (imported.pair().unwrap(), derived.pair().unwrap());
    assert_eq!(imported.public_key(), derived.public_key());
    assert_eq!(imported.pkcs8(), pkcs8);
    let signed = imported.sign("ML_DSA_SHAKE_256", Raw, b"message").unwrap();
    let verified = derived.verify("ML_DSA_SHAKE_256", Raw, b"message", &signed);
    assert_eq!(verified, Ok(true));
}
