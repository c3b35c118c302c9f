//! Key specs and usages: which fit together, and what DescribeKey lists for them (rows 41 and 42).

use aws_sdk_kms::types::{self as aws, KeyMetadata, KeySpec, KeyUsageType, OriginType};
use kms_fixture::{Caller, Fixture, kms_test};

use super::calls::client;
use super::refusal::refused;

/// API reference, CreateKey; the algorithms as recorded (ST:rsa, ecc, hmac, mldsa).
const KINDS: [(&str, &str, &[&str]); 25] = [
    ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", &["SYMMETRIC_DEFAULT"]),
    ("RSA_2048", "ENCRYPT_DECRYPT", OAEP),
    ("RSA_3072", "ENCRYPT_DECRYPT", OAEP),
    ("RSA_4096", "ENCRYPT_DECRYPT", OAEP),
    ("RSA_2048", "SIGN_VERIFY", RSASSA),
    ("RSA_3072", "SIGN_VERIFY", RSASSA),
    ("RSA_4096", "SIGN_VERIFY", RSASSA),
    ("ECC_NIST_P256", "SIGN_VERIFY", &["ECDSA_SHA_256"]),
    ("ECC_NIST_P384", "SIGN_VERIFY", &["ECDSA_SHA_384"]),
    ("ECC_NIST_P521", "SIGN_VERIFY", &["ECDSA_SHA_512"]),
    ("ECC_SECG_P256K1", "SIGN_VERIFY", &["ECDSA_SHA_256"]),
    ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY", &["ED25519_PH_SHA_512", "ED25519_SHA_512"]),
    ("ECC_NIST_P256", "KEY_AGREEMENT", &["ECDH"]),
    ("ECC_NIST_P384", "KEY_AGREEMENT", &["ECDH"]),
    ("ECC_NIST_P521", "KEY_AGREEMENT", &["ECDH"]),
    ("HMAC_224", "GENERATE_VERIFY_MAC", &["HMAC_SHA_224"]),
    ("HMAC_256", "GENERATE_VERIFY_MAC", &["HMAC_SHA_256"]),
    ("HMAC_384", "GENERATE_VERIFY_MAC", &["HMAC_SHA_384"]),
    ("HMAC_512", "GENERATE_VERIFY_MAC", &["HMAC_SHA_512"]),
    ("ML_DSA_44", "SIGN_VERIFY", &["ML_DSA_SHAKE_256"]),
    ("ML_DSA_65", "SIGN_VERIFY", &["ML_DSA_SHAKE_256"]),
    ("ML_DSA_87", "SIGN_VERIFY", &["ML_DSA_SHAKE_256"]),
    ("ML_KEM_512", "ENCAPSULATE_DECAPSULATE", &["ML_KEM"]),
    ("ML_KEM_768", "ENCAPSULATE_DECAPSULATE", &["ML_KEM"]),
    ("ML_KEM_1024", "ENCAPSULATE_DECAPSULATE", &["ML_KEM"]),
];
const OAEP: &[&str] = &["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"];
const RSASSA: &[&str] = &[
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
];
const USAGES: [&str; 5] = [
    "ENCRYPT_DECRYPT",
    "SIGN_VERIFY",
    "GENERATE_VERIFY_MAC",
    "KEY_AGREEMENT",
    "ENCAPSULATE_DECAPSULATE",
];

/// Returns the lists of algorithms that are not empty, each sorted.
fn algorithms(key: &KeyMetadata) -> Vec<Vec<&str>> {
    fn sorted<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let mut words: Vec<_> = words.collect();
        words.sort_unstable();
        words
    }
    let lists = [
        sorted(key.encryption_algorithms().iter().map(aws::EncryptionAlgorithmSpec::as_str)),
        sorted(key.signing_algorithms().iter().map(aws::SigningAlgorithmSpec::as_str)),
        sorted(key.mac_algorithms().iter().map(aws::MacAlgorithmSpec::as_str)),
        sorted(key.key_agreement_algorithms().iter().map(aws::KeyAgreementAlgorithmSpec::as_str)),
        sorted(key.encapsulation_algorithms().iter().map(aws::EncapsulationAlgorithmSpec::as_str)),
    ];
    lists.into_iter().filter(|it| !it.is_empty()).collect()
}

#[kms_test]
async fn every_kind_of_key_lists_the_algorithms_of_its_usage(admin: Caller) {
    for (spec, usage, words) in KINDS {
        let create = client(&admin).create_key().key_spec(spec.into()).key_usage(usage.into());
        let key = create.send().await.unwrap().key_metadata.unwrap();
        assert_eq!(key.key_spec().map(KeySpec::as_str), Some(spec));
        assert_eq!(key.key_usage().map(KeyUsageType::as_str), Some(usage));
        assert!(key.enabled());
        // Also where the legacy enum has no such word (ST:mldsa).
        #[allow(deprecated)]
        let legacy = key.customer_master_key_spec().map(aws::CustomerMasterKeySpec::as_str);
        assert_eq!(legacy, Some(spec));
        assert_eq!(key.current_key_material_id().is_some(), spec == "SYMMETRIC_DEFAULT");
        assert_eq!(algorithms(&key), [words], "{spec} {usage}");
    }
}

/// Recorded for ECC, ML-DSA and RSA keys; the other pairs follow the API reference.
#[kms_test]
async fn other_usages_do_not_fit_row_42(admin: Caller) {
    for (spec, _, _) in KINDS {
        for usage in USAGES {
            if KINDS.iter().any(|it| (it.0, it.1) == (spec, usage)) {
                continue;
            }
            let create = client(&admin).create_key().key_spec(spec.into()).key_usage(usage.into());
            let text = format!("KeyUsage {usage} is not compatible with KeySpec {spec}");
            refused(create.send().await).is("ValidationException", &text);
        }
    }
}

#[kms_test]
async fn the_usage_is_required_unless_the_key_is_symmetric_row_41(admin: Caller) {
    for (spec, _, _) in &KINDS[1..] {
        let create = client(&admin).create_key().key_spec((*spec).into());
        refused(create.send().await).is(
            "ValidationException",
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
        );
    }
}

#[kms_test]
async fn the_spec_may_have_its_legacy_name(admin: Caller) {
    #[allow(deprecated)]
    let create = client(&admin).create_key().customer_master_key_spec("HMAC_256".into());
    let key = create.key_usage(KeyUsageType::GenerateVerifyMac).send().await.unwrap();
    assert_eq!(key.key_metadata().unwrap().key_spec(), Some(&KeySpec::Hmac256));
}

/// API reference, CreateKey: "China Regions only"; the text is that of floci#3026.
#[kms_test]
async fn sm2_keys_are_for_regions_of_china(admin: Caller) {
    let china = Fixture::builder().region("cn-north-1").start().unwrap();
    for usage in ["SIGN_VERIFY", "ENCRYPT_DECRYPT", "KEY_AGREEMENT"] {
        let create = |caller: &Caller| {
            client(caller).create_key().key_spec(KeySpec::Sm2).key_usage(usage.into()).send()
        };
        refused(create(&admin).await)
            .is("UnsupportedOperationException", "KeySpec SM2 is not supported in this Region");
        let key = create(&china.caller("admin")).await.unwrap().key_metadata.unwrap();
        assert_eq!(key.key_spec(), Some(&KeySpec::Sm2));
    }
}

/// ST:imports, imports_multi_region; LS:test_import_key_asymmetric.
#[kms_test]
async fn an_external_key_waits_for_its_material_fact_12_31(admin: Caller) {
    for (spec, usage) in
        [("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ("ECC_NIST_P256", "SIGN_VERIFY")]
    {
        for is_multi_region in [false, true] {
            let create = client(&admin).create_key().key_spec(spec.into()).key_usage(usage.into());
            let create = create.origin(OriginType::External).multi_region(is_multi_region);
            let key = create.send().await.unwrap().key_metadata.unwrap();
            assert_eq!(key.key_state().map(aws::KeyState::as_str), Some("PendingImport"));
            assert_eq!((key.enabled(), key.origin()), (false, Some(&OriginType::External)));
            assert!(key.expiration_model().is_none() && key.current_key_material_id().is_none());
            assert_eq!(key.multi_region_configuration().is_some(), is_multi_region);
        }
    }
}
