//! DeriveSharedSecret, Encapsulate and Decapsulate: two sides that come to one secret.

use aws_sdk_kms::Client;
use aws_sdk_kms::operation::derive_shared_secret::builders::DeriveSharedSecretFluentBuilder;
use aws_sdk_kms::operation::encapsulate::builders::EncapsulateFluentBuilder;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{
    EncapsulationAlgorithmSpec, KeyAgreementAlgorithmSpec, OriginType, RecipientInfo,
};
use kms_fixture::model::{KeySpec, KeyUsage};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{outcome, refused};
use super::using::{blob, in_every_state, is_unsupported, names, subject};

async fn public_key(client: &Client, key: &str) -> Blob {
    let public = client.get_public_key().key_id(key).send().await;
    public.unwrap().public_key.unwrap()
}

fn derive(client: &Client, key: &str, public: Blob) -> DeriveSharedSecretFluentBuilder {
    let derive = client.derive_shared_secret().key_id(key).public_key(public);
    derive.key_agreement_algorithm(KeyAgreementAlgorithmSpec::Ecdh)
}

#[kms_test(keys(
    a256(spec(ECC_NIST_P256), usage(KEY_AGREEMENT)),
    b256(spec(ECC_NIST_P256), usage(KEY_AGREEMENT)),
    a384(spec(ECC_NIST_P384), usage(KEY_AGREEMENT)),
    b384(spec(ECC_NIST_P384), usage(KEY_AGREEMENT)),
    a521(spec(ECC_NIST_P521), usage(KEY_AGREEMENT)),
    b521(spec(ECC_NIST_P521), usage(KEY_AGREEMENT))
))]
async fn both_sides_derive_the_same_secret_fact_13_5_5(admin: Caller, kms: Kms) {
    let client = client(&admin);
    for (size, length) in [("256", 32), ("384", 48), ("521", 66)] {
        let [a, b] = ["a", "b"].map(|it| kms.key(&format!("{it}{size}")));
        let (of_a, of_b) = (public_key(&client, a.id()).await, public_key(&client, b.id()).await);
        let one = derive(&client, a.id(), of_b).send().await.unwrap();
        assert_eq!(one.key_id(), Some(a.arn()));
        assert_eq!(one.key_agreement_algorithm(), Some(&KeyAgreementAlgorithmSpec::Ecdh));
        assert_eq!(one.key_origin(), Some(&OriginType::AwsKms));
        assert!(one.ciphertext_for_recipient().is_none());
        assert_eq!(one.shared_secret().unwrap().as_ref().len(), length);
        let two = derive(&client, b.id(), of_a.clone()).send().await.unwrap();
        assert_eq!(one.shared_secret(), two.shared_secret());
        // Recorded: with itself it does, too.
        derive(&client, a.id(), of_a).send().await.unwrap();
    }
    // Another curve, with and without DryRun: no text (recorded).
    let theirs = public_key(&client, kms.key("a384").id()).await;
    for wrong in [theirs, blob(b"no key")] {
        for dry_run in [false, true] {
            let derive = derive(&client, kms.key("a256").id(), wrong.clone()).dry_run(dry_run);
            refused(derive.send().await).is_silent("ValidationException");
        }
    }
}

#[kms_test(keys(
    ours(spec(ECC_NIST_P256), usage(KEY_AGREEMENT), alias = "alias/ours"),
    seals(spec(ECC_NIST_P256), usage(SIGN_VERIFY))
))]
async fn an_agreement_key_is_found_by_every_name_row_46(admin: Caller, ours: Key, seals: Key) {
    let client = client(&admin);
    let public = public_key(&client, ours.id()).await;
    for name in names(&ours, "alias/ours") {
        let made = derive(&client, &name, public.clone()).send().await.unwrap();
        assert_eq!(made.key_id(), Some(ours.arn()));
    }
    let told = "key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret.";
    refused(derive(&client, seals.id(), public.clone()).send().await)
        .is("InvalidKeyUsageException", &format!("{} {told}", seals.arn()));
    let dry = derive(&client, ours.id(), public.clone()).dry_run(true);
    refused(dry.send().await).is_dry_run();
    let enclave = RecipientInfo::builder().attestation_document(blob(b"x")).build();
    let derive = derive(&client, ours.id(), public).recipient(enclave);
    is_unsupported(&refused(derive.send().await), "Recipient");
}

#[kms_test(region = "cn-north-1", keys(china(spec(SM2), usage(KEY_AGREEMENT))))]
async fn sm2_key_agreement_is_rejected(admin: Caller, china: Key) {
    let derive = derive(&client(&admin), china.id(), blob(b"x"));
    // The one algorithm of the model is not that of SM2 keys, or the key is not made: never a secret.
    derive.send().await.unwrap_err();
}

/// API reference, Encapsulate: not available in Regions of China.
#[kms_test(region = "cn-north-1", keys(china(spec(ML_KEM_768))))]
async fn regions_of_china_have_no_encapsulation(admin: Caller, china: Key) {
    let client = client(&admin);
    refused(encapsulate(&client, china.id()).send().await)
        .has_code("UnsupportedOperationException");
    let decapsulate = client.decapsulate().key_id(china.id());
    let decapsulate = decapsulate.encapsulation_algorithm(EncapsulationAlgorithmSpec::MlKem);
    let decapsulate = decapsulate.shared_secret_ciphertext_blob(blob(&[7; 1088]));
    refused(decapsulate.send().await).has_code("UnsupportedOperationException");
    let create = client.create_key().key_spec("ML_KEM_512".into());
    let create = create.key_usage("ENCAPSULATE_DECAPSULATE".into());
    refused(create.send().await).has_code("UnsupportedOperationException");
    let pair = client.generate_data_key_pair().key_id(china.id());
    refused(pair.key_pair_spec("ML_KEM_512".into()).send().await)
        .has_code("InvalidKeyUsageException");
}

fn encapsulate(client: &Client, key: &str) -> EncapsulateFluentBuilder {
    let encapsulate = client.encapsulate().key_id(key);
    encapsulate.encapsulation_algorithm(EncapsulationAlgorithmSpec::MlKem)
}

const ML_KEM: [(KeySpec, usize); 3] =
    [(KeySpec::ML_KEM_512, 768), (KeySpec::ML_KEM_768, 1088), (KeySpec::ML_KEM_1024, 1568)];

#[kms_test]
async fn a_secret_is_encapsulated_and_decapsulated_row_49() {
    for (spec, length) in ML_KEM {
        let (client, key, _kms) = subject(spec, KeyUsage::ENCAPSULATE_DECAPSULATE);
        let made = encapsulate(&client, &key).send().await.unwrap();
        assert_eq!(made.key_id(), Some(key.as_str()));
        let algorithm = Some(&EncapsulationAlgorithmSpec::MlKem);
        assert_eq!(made.encapsulation_algorithm(), algorithm);
        assert_eq!(made.shared_secret().unwrap().as_ref().len(), 32);
        let ciphertext = made.shared_secret_ciphertext_blob().unwrap().as_ref();
        assert_eq!(ciphertext.len(), length);
        let decapsulate = |ciphertext: &[u8]| {
            let decapsulate = client.decapsulate().key_id(&key);
            let decapsulate =
                decapsulate.encapsulation_algorithm(EncapsulationAlgorithmSpec::MlKem);
            decapsulate.shared_secret_ciphertext_blob(blob(ciphertext))
        };
        let opened = decapsulate(ciphertext).send().await.unwrap();
        assert_eq!(opened.key_id(), Some(key.as_str()));
        assert_eq!(opened.encapsulation_algorithm(), algorithm);
        assert_eq!(opened.shared_secret(), made.shared_secret());
        // What was not made for this key opens to something else, without an error: that is ML-KEM.
        let stray = decapsulate(&vec![7; length]).send().await.unwrap();
        assert_eq!(stray.shared_secret().unwrap().as_ref().len(), 32);
        assert_ne!(stray.shared_secret(), made.shared_secret());
        for dry_run in [false, true] {
            let short = decapsulate(&ciphertext[1..]).dry_run(dry_run);
            refused(short.send().await).is_silent("InvalidCiphertextException");
        }
        let dry = encapsulate(&client, &key).dry_run(true);
        refused(dry.send().await).is_dry_run();
        refused(decapsulate(ciphertext).dry_run(true).send().await).is_dry_run();
    }
}

#[kms_test(keys(ours(spec(ML_KEM_768), alias = "alias/ours"), orders))]
async fn an_encapsulation_key_is_found_by_every_name_row_46(admin: Caller, ours: Key, orders: Key) {
    let client = client(&admin);
    for name in names(&ours, "alias/ours") {
        let made = encapsulate(&client, &name).send().await.unwrap();
        assert_eq!(made.key_id(), Some(ours.arn()));
        let decapsulate = client.decapsulate().key_id(name);
        let decapsulate = decapsulate.encapsulation_algorithm(EncapsulationAlgorithmSpec::MlKem);
        let decapsulate =
            decapsulate.set_shared_secret_ciphertext_blob(made.shared_secret_ciphertext_blob);
        assert_eq!(decapsulate.send().await.unwrap().key_id(), Some(ours.arn()));
    }
    let told = "key usage is ENCRYPT_DECRYPT which is not valid for Encapsulate.";
    refused(encapsulate(&client, orders.id()).send().await)
        .is("InvalidKeyUsageException", &format!("{} {told}", orders.arn()));
}

#[kms_test]
async fn key_states_limit_agreement_and_encapsulation() {
    let (spec, usage) = (KeySpec::ECC_NIST_P256, KeyUsage::KEY_AGREEMENT);
    let (usable, key, _kms) = subject(spec, usage);
    let public = public_key(&usable, &key).await;
    in_every_state(spec, usage, |client, key| {
        let derive = derive(&client, &key, public.clone());
        async { outcome(derive.send().await) }
    })
    .await;
    let (spec, usage) = (KeySpec::ML_KEM_512, KeyUsage::ENCAPSULATE_DECAPSULATE);
    in_every_state(spec, usage, async |client, key| {
        outcome(encapsulate(&client, &key).send().await)
    })
    .await;
    in_every_state(spec, usage, async |client, key| {
        let decapsulate = client.decapsulate().key_id(key);
        let decapsulate = decapsulate.encapsulation_algorithm(EncapsulationAlgorithmSpec::MlKem);
        let decapsulate = decapsulate.shared_secret_ciphertext_blob(blob(&[7; 768]));
        outcome(decapsulate.send().await)
    })
    .await;
}
