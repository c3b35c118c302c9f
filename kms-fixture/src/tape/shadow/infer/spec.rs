//! The spec of a key, by its use.

use serde_json::Value;

use crate::model::{KeySpec, KeyUsage};

/// Returns the spec and the usage of the key in a call, from algorithms, and from lengths, which pseudonyms keep.
/// `prefix` is that of the members of one key of two.
pub(super) fn spec_of(input: &Value, output: &Value, prefix: &str) -> Option<(KeySpec, KeyUsage)> {
    let length = |value: &Value| {
        let bytes = base64::STANDARD.decode_to_vec(value.as_str()?);
        bytes.ok().map(|it| it.len())
    };
    let sent_or_got = |member: &str| length(&input[member]).or_else(|| length(&output[member]));
    let word = |member: &str| input[member].as_str();
    let rsa = |length| match length {
        256 => Some("RSA_2048"),
        384 => Some("RSA_3072"),
        512 => Some("RSA_4096"),
        _ => None,
    };
    let encryption = format!("{prefix}EncryptionAlgorithm");
    let (spec, usage) = if let Some(algorithm) = word("MacAlgorithm") {
        (algorithm.replace("_SHA", ""), KeyUsage::GENERATE_VERIFY_MAC)
    } else if let Some(algorithm) = word("SigningAlgorithm") {
        let length = sent_or_got("Signature")?;
        let spec = match algorithm {
            "ECDSA_SHA_256" => "ECC_NIST_P256",
            "ECDSA_SHA_384" => "ECC_NIST_P384",
            "ECDSA_SHA_512" => "ECC_NIST_P521",
            "SM2DSA" => "SM2",
            "ML_DSA_SHAKE_256" => match length {
                2420 => "ML_DSA_44",
                3309 => "ML_DSA_65",
                _ => "ML_DSA_87",
            },
            it if it.starts_with("ED25519") => "ECC_NIST_EDWARDS25519",
            _ => rsa(length)?,
        };
        (spec.to_owned(), KeyUsage::SIGN_VERIFY)
    } else if word(&encryption).is_some_and(|it| it.starts_with("RSAES")) {
        let member = "CiphertextBlob";
        let side = match prefix {
            "Destination" => &output[member],
            "Source" => &input[member],
            _ if input[member].is_string() => &input[member],
            _ => &output[member],
        };
        (rsa(length(side)?)?.to_owned(), KeyUsage::ENCRYPT_DECRYPT)
    } else if word("KeyAgreementAlgorithm").is_some() {
        let spec = match length(&output["SharedSecret"])? {
            32 => "ECC_NIST_P256",
            48 => "ECC_NIST_P384",
            66 => "ECC_NIST_P521",
            _ => return None,
        };
        (spec.to_owned(), KeyUsage::KEY_AGREEMENT)
    } else if word("EncapsulationAlgorithm").is_some() {
        let spec = match sent_or_got("SharedSecretCiphertextBlob")? {
            768 => "ML_KEM_512",
            1088 => "ML_KEM_768",
            1568 => "ML_KEM_1024",
            _ => return None,
        };
        (spec.to_owned(), KeyUsage::ENCAPSULATE_DECAPSULATE)
    } else {
        return None;
    };
    Some((KeySpec::from_word(&spec)?, usage))
}
