//! GetPublicKey: for every kind of key pair, also while the key is disabled (recorded).

use kms_fixture::model::{KeySpec, KeyState, KeyUsage};
use kms_fixture::scenario::KeyDeclaration;
use kms_fixture::{Caller, Fixture, Kms, kms_test};

use super::calls::client;
use super::refusal::{outcome, refused};
use super::using::{STATES, fixture, matches_state, subject};

const RSA: [(KeySpec, usize); 3] =
    [(KeySpec::RSA_2048, 294), (KeySpec::RSA_3072, 422), (KeySpec::RSA_4096, 550)];

/// Every kind of key pair, and the length of its public key.
fn kinds() -> Vec<(KeySpec, KeyUsage, usize)> {
    let usages = [KeyUsage::SIGN_VERIFY, KeyUsage::ENCRYPT_DECRYPT];
    let rsa = RSA.into_iter().flat_map(|(spec, length)| usages.map(|it| (spec, it, length)));
    let curves = [
        (KeySpec::ECC_NIST_P256, 91),
        (KeySpec::ECC_NIST_P384, 120),
        (KeySpec::ECC_NIST_P521, 158),
    ];
    let usages = [KeyUsage::SIGN_VERIFY, KeyUsage::KEY_AGREEMENT];
    let curves = curves.into_iter().flat_map(|(spec, length)| usages.map(|it| (spec, it, length)));
    let others = [
        (KeySpec::ECC_SECG_P256K1, KeyUsage::SIGN_VERIFY, 88),
        (KeySpec::ECC_NIST_EDWARDS25519, KeyUsage::SIGN_VERIFY, 44),
        (KeySpec::ML_DSA_44, KeyUsage::SIGN_VERIFY, 1334),
        (KeySpec::ML_DSA_65, KeyUsage::SIGN_VERIFY, 1974),
        (KeySpec::ML_DSA_87, KeyUsage::SIGN_VERIFY, 2614),
        (KeySpec::ML_KEM_512, KeyUsage::ENCAPSULATE_DECAPSULATE, 822),
        (KeySpec::ML_KEM_768, KeyUsage::ENCAPSULATE_DECAPSULATE, 1206),
        (KeySpec::ML_KEM_1024, KeyUsage::ENCAPSULATE_DECAPSULATE, 1590),
    ];
    rsa.chain(curves).chain(others).collect()
}

#[kms_test]
async fn a_public_key_has_these_members() {
    for (spec, usage, length) in kinds() {
        let (client, key, _kms) = subject(spec, usage);
        let public = client.get_public_key().key_id(&key).send().await.unwrap();
        assert_eq!(public.key_id(), Some(key.as_str()));
        assert_eq!(public.public_key().unwrap().as_ref().len(), length, "{spec}");
        assert_eq!(public.key_spec().unwrap().as_str(), spec.as_str());
        // Also where this enum has no such word.
        #[allow(deprecated)]
        let legacy = public.customer_master_key_spec().unwrap();
        assert_eq!(legacy.as_str(), spec.as_str());
        assert_eq!(public.key_usage().unwrap().as_str(), usage.as_str());
        // One list of algorithms, the one of DescribeKey.
        let described = client.describe_key().key_id(&key).send().await.unwrap();
        let metadata = described.key_metadata().unwrap();
        assert_eq!(public.encryption_algorithms(), metadata.encryption_algorithms());
        assert_eq!(public.signing_algorithms(), metadata.signing_algorithms());
        assert_eq!(public.key_agreement_algorithms(), metadata.key_agreement_algorithms());
        assert_eq!(public.encapsulation_algorithms(), metadata.encapsulation_algorithms());
        let lists = [
            public.encryption_algorithms().is_empty(),
            public.signing_algorithms().is_empty(),
            public.key_agreement_algorithms().is_empty(),
            public.encapsulation_algorithms().is_empty(),
        ];
        assert_eq!(lists.iter().filter(|it| !**it).count(), 1);
    }
}

/// ML-KEM keys are the exception: AWS-LC draws them.
#[kms_test]
async fn the_same_seed_makes_the_same_public_keys() {
    for (spec, usage, _) in kinds() {
        let (one, key, _one) = subject(spec, usage);
        let (two, _, _two) = subject(spec, usage);
        let public = async |client: &aws_sdk_kms::Client| {
            let public = client.get_public_key().key_id(&key).send().await;
            public.unwrap().public_key.unwrap()
        };
        let ours = public(&one).await;
        assert_eq!(ours, public(&one).await);
        let drawn = usage == KeyUsage::ENCAPSULATE_DECAPSULATE;
        assert_eq!(ours == public(&two).await, !drawn, "{spec}");
    }
}

#[kms_test]
async fn key_states_limit_public_keys() {
    for (state, told) in STATES {
        let told = told.filter(|_| state != KeyState::Disabled);
        let kms = fixture(KeySpec::ECC_NIST_P256, KeyUsage::SIGN_VERIFY, state);
        let key = kms.key("subject").arn().to_owned();
        let public = client(&kms.caller("admin")).get_public_key().key_id(&key);
        matches_state(state, told, &key, outcome(public.send().await));
    }
}

#[kms_test(keys(orders, macs(spec(HMAC_512)), doomed(state(PendingDeletion))))]
async fn symmetric_keys_have_no_public_key_fact_13_5_4(admin: Caller, kms: Kms) {
    let public = |key: &str| client(&admin).get_public_key().key_id(kms.key(key).id()).send();
    for key in ["orders", "macs"] {
        refused(public(key).await).is_silent("UnsupportedOperationException");
    }
    // The state comes first.
    refused(public("doomed").await).is(
        "KMSInvalidStateException",
        &format!("{} is pending deletion.", kms.key("doomed").arn()),
    );
}

/// What is declared draws by its name, whoever asks first.
#[tokio::test]
async fn rsa_keys_do_not_depend_on_who_asks_first() {
    let public_keys = async |order: [&'static str; 2]| {
        let key = |name| {
            let key = KeyDeclaration::new(name).spec(KeySpec::RSA_2048);
            key.usage(KeyUsage::SIGN_VERIFY)
        };
        let kms = Fixture::builder().seed(3).key(key("a")).key(key("b")).start().unwrap();
        let mut found = std::collections::BTreeMap::new();
        for name in order {
            let ask = client(&kms.caller("admin")).get_public_key().key_id(kms.key(name).id());
            found.insert(name, ask.send().await.unwrap().public_key.unwrap().into_inner());
        }
        found
    };
    let one = public_keys(["a", "b"]).await;
    assert_eq!(one, public_keys(["b", "a"]).await);
    assert_ne!(one["a"], one["b"]);
}
