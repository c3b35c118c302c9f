//! The spec of a key, by its use and by its grants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::refusals::{message_of, was_allowed};
use crate::model::{GrantOperation, KeySpec, KeyUsage};
use crate::tape::cassette::Interaction;

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

/// Returns the grant operations that fit each key, by the key's id or ARN: those that a call asked for or a list shows, and
/// those that a refusal names.
pub(super) fn granted(calls: &[Interaction]) -> BTreeMap<String, BTreeSet<GrantOperation>> {
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut add = |key: &Value, words: &mut dyn Iterator<Item = &str>| {
        if let Some(id) = key.as_str().and_then(|it| it.rsplit('/').next()) {
            let operations = words.filter_map(GrantOperation::from_word);
            found.entry(id.to_owned()).or_default().extend(operations);
        }
    };
    for call in calls {
        let (input, output) = (call.input().value(), call.output().value());
        if call.operation == "CreateGrant" {
            if call.status == 200 || was_allowed(call) {
                add(&input["KeyId"], &mut words(&input["Operations"]));
            }
            if let Some((_, valid)) = message_of(output).split_once("Valid operations are [") {
                add(&input["KeyId"], &mut valid.trim_end_matches(']').split(", "));
            }
        }
        for listed in output["Grants"].as_array().into_iter().flatten() {
            add(&listed["KeyId"], &mut words(&listed["Operations"]));
        }
    }
    found
}

fn words(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}
