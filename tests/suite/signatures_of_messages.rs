//! Sign, Verify and GetPublicKey (rows 43, 46, 47 and 50, and the order that was recorded).

use aws_sdk_kms::types::MessageType;
use kms_fixture::model::{KeySpec, KeyUsage};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{outcome, refused};
use super::using::{blob, in_every_state, is_unsupported, names, subject};

const RSA: [&str; 6] = [
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
];

/// Every spec that signs, its algorithms in recorded order, and the length of its public key.
const SIGNERS: [(KeySpec, &[&str], usize); 11] = [
    (KeySpec::RSA_2048, &RSA, 294),
    (KeySpec::RSA_3072, &RSA, 422),
    (KeySpec::RSA_4096, &RSA, 550),
    (KeySpec::ECC_NIST_P256, &["ECDSA_SHA_256"], 91),
    (KeySpec::ECC_NIST_P384, &["ECDSA_SHA_384"], 120),
    (KeySpec::ECC_NIST_P521, &["ECDSA_SHA_512"], 158),
    (KeySpec::ECC_SECG_P256K1, &["ECDSA_SHA_256"], 88),
    (KeySpec::ECC_NIST_EDWARDS25519, &["ED25519_PH_SHA_512", "ED25519_SHA_512"], 44),
    (KeySpec::ML_DSA_44, &["ML_DSA_SHAKE_256"], 1334),
    (KeySpec::ML_DSA_65, &["ML_DSA_SHAKE_256"], 1974),
    (KeySpec::ML_DSA_87, &["ML_DSA_SHAKE_256"], 2614),
];

/// The length of the digest that an algorithm signs, if it signs one.
fn digest_length(algorithm: &str) -> Option<usize> {
    match algorithm {
        "ED25519_SHA_512" | "ML_DSA_SHAKE_256" => None,
        other => other[other.len() - 3..].parse::<usize>().ok().map(|it| it / 8),
    }
}

#[kms_test]
async fn every_algorithm_signs_and_verifies_row_50() {
    for (spec, algorithms, _) in SIGNERS {
        let (client, key, _kms) = subject(spec, KeyUsage::SIGN_VERIFY);
        for algorithm in algorithms.iter().filter(|it| **it != "ED25519_PH_SHA_512") {
            let digest = digest_length(algorithm).map(|it| vec![7; it]);
            let kinds = [
                (None, Some(vec![1])),
                (Some(MessageType::Raw), Some(vec![7; 4096])),
                (Some(MessageType::Digest), digest),
            ];
            for (kind, message) in kinds {
                let Some(message) = message else { continue };
                let sign = client.sign().key_id(&key).message(blob(&message));
                let sign = sign.signing_algorithm((*algorithm).into());
                let sign = sign.set_message_type(kind.clone());
                refused(sign.clone().dry_run(true).send().await).is_dry_run();
                let made = sign.clone().send().await.unwrap();
                assert_eq!(made.key_id(), Some(key.as_str()));
                assert_eq!(made.signing_algorithm(), Some(&(*algorithm).into()));
                let again = sign.send().await.unwrap();
                // Fact 13.5.3: these two sign the same way each time.
                let same = algorithm.contains("PKCS1") || algorithm.starts_with("ED25519");
                assert_eq!(made.signature() == again.signature(), same, "{algorithm}");

                let verify = client.verify().key_id(&key).message(blob(&message));
                let verify = verify.signing_algorithm((*algorithm).into());
                let verify = verify.set_message_type(kind);
                let right = verify.clone().set_signature(made.signature);
                let valid = right.clone().send().await.unwrap();
                assert!(valid.signature_valid());
                assert_eq!(valid.key_id(), Some(key.as_str()));
                assert_eq!(valid.signing_algorithm(), Some(&(*algorithm).into()));
                refused(right.clone().dry_run(true).send().await).is_dry_run();
                let mut other = message.clone();
                other[0] ^= 1;
                let wrong = right.message(blob(&other));
                for wrong in [wrong, verify.signature(blob(b"short"))] {
                    for dry_run in [false, true] {
                        refused(wrong.clone().dry_run(dry_run).send().await)
                            .is_silent("KMSInvalidSignatureException");
                    }
                }
            }
        }
    }
}

#[kms_test(keys(seals(spec(ECC_NIST_P256), usage(SIGN_VERIFY), alias = "alias/seals")))]
async fn a_signing_key_is_found_by_every_name(admin: Caller, seals: Key) {
    for name in names(&seals, "alias/seals") {
        let sign = client(&admin).sign().key_id(&name).message(blob(b"x"));
        let made = sign.signing_algorithm("ECDSA_SHA_256".into()).send().await;
        let made = made.unwrap();
        assert_eq!(made.key_id(), Some(seals.arn()));
        let verify = client(&admin).verify().key_id(&name).message(blob(b"x"));
        let verify = verify.signing_algorithm("ECDSA_SHA_256".into());
        let verified = verify.set_signature(made.signature).send().await.unwrap();
        assert_eq!(verified.key_id(), Some(seals.arn()));
        let public = client(&admin).get_public_key().key_id(&name).send().await;
        assert_eq!(public.unwrap().key_id(), Some(seals.arn()));
    }
}

#[kms_test]
async fn wrong_algorithms_message_types_and_lengths_are_refused_rows_43_47_fact_13_5_2() {
    let no_digest =
        |spec: KeySpec| format!("Message type DIGEST is incompatible with key spec {spec}.");
    let no_mu =
        |spec: KeySpec| format!("Message type EXTERNAL_MU is incompatible with key spec {spec}.");
    for (spec, algorithms, _) in SIGNERS {
        let (client, key, _kms) = subject(spec, KeyUsage::SIGN_VERIFY);
        let refuse = async |algorithm: &str, kind: &str, length: usize, code: &str, text: &str| {
            let sign = client.sign().key_id(&key).message(blob(&vec![7; length]));
            let sign = sign.signing_algorithm(algorithm.into()).message_type(kind.into());
            refused(sign.send().await).is(code, text);
            let verify = client.verify().key_id(&key).message(blob(&vec![7; length]));
            let verify = verify.signing_algorithm(algorithm.into()).message_type(kind.into());
            refused(verify.signature(blob(b"x")).send().await).is(code, text);
        };
        let other = if algorithms.len() == 6 { "ECDSA_SHA_256" } else { RSA[3] };
        let unfit = format!("Algorithm {other} is incompatible with key spec {spec}.");
        // The algorithm comes before the message.
        refuse(other, "EXTERNAL_MU", 1, "InvalidKeyUsageException", &unfit).await;
        for algorithm in algorithms {
            let validation = "ValidationException";
            if *algorithm == "ML_DSA_SHAKE_256" {
                refuse(algorithm, "DIGEST", 64, validation, &no_digest(spec)).await;
                let text = "External Mu is invalid length for algorithm ML_DSA_SHAKE_256.";
                refuse(algorithm, "EXTERNAL_MU", 63, validation, text).await;
                continue;
            }
            // The key's spec comes before the algorithm, the algorithm before the length.
            refuse(algorithm, "EXTERNAL_MU", 1, validation, &no_mu(spec)).await;
            let unfit = match *algorithm {
                "ED25519_SHA_512" => Some("DIGEST"),
                "ED25519_PH_SHA_512" => Some("RAW"),
                _ => None,
            };
            if let Some(kind) = unfit {
                let text =
                    format!("Message type {kind} is incompatible with algorithm {algorithm}.");
                refuse(algorithm, kind, 1, validation, &text).await;
                continue;
            }
            let text = format!("Digest is invalid length for algorithm {algorithm}.");
            for length in [1, 20, 4096] {
                refuse(algorithm, "DIGEST", length, validation, &text).await;
            }
        }
    }
}

#[kms_test(keys(macs(spec(HMAC_256)), letters(spec(RSA_2048), usage(ENCRYPT_DECRYPT))))]
async fn only_signing_keys_sign_row_46(admin: Caller, kms: Kms) {
    for (key, usage) in [("macs", "GENERATE_VERIFY_MAC"), ("letters", "ENCRYPT_DECRYPT")] {
        let key = kms.key(key);
        let sign = client(&admin).sign().key_id(key.id()).message(blob(b"x"));
        let sign = sign.signing_algorithm(RSA[0].into());
        let told = |operation| {
            format!("{} key usage is {usage} which is not valid for {operation}.", key.arn())
        };
        refused(sign.clone().send().await).is("InvalidKeyUsageException", &told("Sign"));
        let verify = client(&admin).verify().key_id(key.id()).message(blob(b"x"));
        let verify = verify.signing_algorithm(RSA[0].into()).signature(blob(b"x"));
        refused(verify.send().await).is("InvalidKeyUsageException", &told("Verify"));
        // Before the state.
        client(&admin).disable_key().key_id(key.id()).send().await.unwrap();
        refused(sign.send().await).is("InvalidKeyUsageException", &told("Sign"));
    }
}

#[kms_test]
async fn algorithms_that_aws_lc_lacks_are_rejected() {
    let cases = [
        (KeySpec::ECC_NIST_EDWARDS25519, "ED25519_PH_SHA_512", "DIGEST", "ED25519_PH_SHA_512"),
        (KeySpec::ML_DSA_65, "ML_DSA_SHAKE_256", "EXTERNAL_MU", "EXTERNAL_MU"),
    ];
    for (spec, algorithm, kind, what) in cases {
        let (client, key, _kms) = subject(spec, KeyUsage::SIGN_VERIFY);
        let sign = client.sign().key_id(&key).message(blob(&[7; 64]));
        let sign = sign.signing_algorithm(algorithm.into()).message_type(kind.into());
        is_unsupported(&refused(sign.send().await), what);
        let verify = client.verify().key_id(&key).message(blob(&[7; 64])).signature(blob(b"x"));
        let verify = verify.signing_algorithm(algorithm.into()).message_type(kind.into());
        is_unsupported(&refused(verify.send().await), what);
    }
}

/// Fact 13.5.1: the length is said to be wrong, whether or not anything could be signed.
#[kms_test]
async fn a_digest_for_prehashed_ed25519_has_its_length() {
    let algorithm = "ED25519_PH_SHA_512";
    let text = format!("Digest is invalid length for algorithm {algorithm}.");
    let (client, key, _kms) = subject(KeySpec::ECC_NIST_EDWARDS25519, KeyUsage::SIGN_VERIFY);
    for length in [1, 63, 65, 4096] {
        let message = blob(&vec![7; length]);
        let sign = client.sign().key_id(&key).message(message.clone());
        let sign = sign.signing_algorithm(algorithm.into());
        refused(sign.message_type("DIGEST".into()).send().await).is("ValidationException", &text);
        let verify = client.verify().key_id(&key).message(message);
        let verify = verify.signing_algorithm(algorithm.into()).signature(blob(b"x"));
        refused(verify.message_type("DIGEST".into()).send().await).is("ValidationException", &text);
    }
}

#[kms_test(region = "cn-north-1", keys(china(spec(SM2), usage(SIGN_VERIFY))))]
async fn sm2_signatures_are_rejected(admin: Caller, china: Key) {
    let sign = client(&admin).sign().key_id(china.id()).message(blob(b"x"));
    let sign = sign.signing_algorithm("SM2DSA".into());
    is_unsupported(&refused(sign.send().await), "SM2");
    let public = client(&admin).get_public_key().key_id(china.id());
    is_unsupported(&refused(public.send().await), "SM2");
}

#[kms_test]
async fn key_states_limit_signatures() {
    let (spec, usage) = (KeySpec::ECC_NIST_P256, KeyUsage::SIGN_VERIFY);
    in_every_state(spec, usage, async |client, key| {
        let sign = client.sign().key_id(key).message(blob(b"x"));
        outcome(sign.signing_algorithm("ECDSA_SHA_256".into()).send().await)
    })
    .await;
    let (usable, key, _kms) = subject(spec, usage);
    let sign = usable.sign().key_id(key).message(blob(b"x"));
    let signature = sign.signing_algorithm("ECDSA_SHA_256".into()).send().await.unwrap().signature;
    in_every_state(spec, usage, |client, key| {
        let verify = client.verify().key_id(key).message(blob(b"x"));
        let verify = verify.signing_algorithm("ECDSA_SHA_256".into());
        let verify = verify.set_signature(signature.clone());
        async { outcome(verify.send().await) }
    })
    .await;
}
