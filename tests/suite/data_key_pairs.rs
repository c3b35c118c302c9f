//! GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext.

use aws_sdk_kms::types::DataKeyPairSpec;
use kms_fixture::model::{KeySpec, KeyUsage};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::data_keys::opened;
use super::refusal::{outcome, refused};
use super::using::{in_every_state, is_unsupported, material_of, names};

type Lengths = Option<(usize, usize)>;

/// With the lengths of recorded private keys and their ciphertexts; numbers of RSA may be shorter.
const PAIRS: [(&str, usize, Lengths); 6] = [
    ("RSA_2048", 294, None),
    ("ECC_NIST_P256", 91, Some((150, 307))),
    ("ECC_NIST_P384", 120, None),
    ("ECC_NIST_P521", 158, None),
    ("ECC_SECG_P256K1", 88, None),
    ("ECC_NIST_EDWARDS25519", 44, Some((48, 201))),
];

#[kms_test(keys(orders(alias = "alias/orders")))]
async fn a_data_key_pair_comes_with_its_ciphertext(admin: Caller, orders: Key) {
    let material = material_of(&admin, &orders).await;
    let names = names(&orders, "alias/orders");
    for ((spec, length, recorded), name) in PAIRS.into_iter().zip(names.iter().cycle()) {
        let generate = client(&admin).generate_data_key_pair().key_id(name);
        let generate = generate.key_pair_spec(spec.into()).encryption_context("a", "b");
        let made = generate.send().await.unwrap();
        assert_eq!(made.key_id(), Some(orders.arn()));
        assert_eq!(made.key_pair_spec(), Some(&spec.into()));
        assert_eq!(made.key_material_id(), Some(material.as_str()));
        assert!(made.ciphertext_for_recipient().is_none());
        assert_eq!(made.public_key().unwrap().as_ref().len(), length, "{spec}");
        let private = made.private_key_plaintext().unwrap();
        let ciphertext = made.private_key_ciphertext_blob();
        if let Some(recorded) = recorded {
            let found = (private.as_ref().len(), ciphertext.unwrap().as_ref().len());
            assert_eq!(found, recorded, "{spec}");
        }
        assert_eq!(&opened(&admin, ciphertext.cloned()).await, private);

        let blind = client(&admin).generate_data_key_pair_without_plaintext();
        let blind = blind.key_id(name).key_pair_spec(spec.into());
        let blind = blind.encryption_context("a", "b").send().await.unwrap();
        assert_eq!(blind.key_id(), Some(orders.arn()));
        assert_eq!(blind.key_pair_spec(), Some(&spec.into()));
        assert_eq!(blind.key_material_id(), Some(material.as_str()));
        assert_ne!(blind.public_key(), made.public_key());
        let other = opened(&admin, blind.private_key_ciphertext_blob).await;
        assert_ne!(&other, private);
    }
}

#[kms_test(keys(orders, letters(spec(RSA_2048), usage(ENCRYPT_DECRYPT)), macs(spec(HMAC_256))))]
async fn a_data_key_pair_needs_a_symmetric_key(admin: Caller, macs: Key, kms: Kms) {
    let generate = |key: &str, spec: &str| {
        let generate = client(&admin).generate_data_key_pair();
        let generate = generate.key_id(kms.key(key).id());
        generate.key_pair_spec(spec.into()).send()
    };
    refused(generate("letters", "RSA_2048").await).is(
        "InvalidKeyUsageException",
        "You cannot generate a data key pair with an asymmetric CMK",
    );
    refused(generate("macs", "RSA_2048").await).is(
        "InvalidKeyUsageException",
        &format!(
            "{} key usage is GENERATE_VERIFY_MAC which is not valid for GenerateDataKeyPair.",
            macs.arn()
        ),
    );
    refused(generate("orders", "SM2").await)
        .is("UnsupportedOperationException", "KeySpec SM2 is not supported in this Region");
}

/// AWS gives the private key as its seed (API reference, GenerateDataKeyPair).
#[kms_test(keys(orders))]
async fn ml_kem_data_key_pairs_are_rejected(admin: Caller, orders: Key) {
    for spec in ["ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"] {
        let generate = client(&admin).generate_data_key_pair().key_id(orders.id());
        let generate = generate.key_pair_spec(spec.into());
        is_unsupported(&refused(generate.clone().send().await), spec);
        refused(generate.dry_run(true).send().await).has_code("DryRunOperationException");
        let blind = client(&admin).generate_data_key_pair_without_plaintext();
        let blind = blind.key_id(orders.id()).key_pair_spec(spec.into());
        is_unsupported(&refused(blind.send().await), spec);
    }
}

/// API reference, GenerateDataKeyPair: "You cannot use [..] a KMS key in a custom key store".
#[kms_test(keys(
    hsm(origin(AWS_CLOUDHSM)),
    outside(origin(EXTERNAL_KEY_STORE), multi_region = false)
))]
async fn a_data_key_pair_needs_a_key_that_is_in_no_key_store(
    admin: Caller,
    hsm: Key,
    outside: Key,
) {
    for key in [hsm, outside] {
        for dry_run in [false, true] {
            let generate = client(&admin).generate_data_key_pair().key_id(key.id());
            let generate = generate.key_pair_spec(DataKeyPairSpec::EccNistP256);
            refused(generate.dry_run(dry_run).send().await)
                .has_code("UnsupportedOperationException");
            let blind = client(&admin).generate_data_key_pair_without_plaintext();
            let blind = blind.key_id(key.id()).dry_run(dry_run);
            let blind = blind.key_pair_spec(DataKeyPairSpec::EccNistP256);
            refused(blind.send().await).has_code("UnsupportedOperationException");
        }
        // Data keys are another matter.
        let data = client(&admin).generate_data_key().key_id(key.id());
        data.number_of_bytes(16).send().await.unwrap();
    }
}

#[kms_test(region = "cn-north-1", keys(orders))]
async fn sm2_data_key_pairs_are_rejected(admin: Caller, orders: Key) {
    let generate = client(&admin).generate_data_key_pair().key_id(orders.id());
    let generate = generate.key_pair_spec(DataKeyPairSpec::Sm2);
    is_unsupported(&refused(generate.send().await), "SM2");
}

#[kms_test]
async fn key_states_limit_data_key_pairs() {
    let (spec, usage) = (KeySpec::SYMMETRIC_DEFAULT, KeyUsage::ENCRYPT_DECRYPT);
    in_every_state(spec, usage, async |client, key| {
        let generate = client.generate_data_key_pair().key_id(key);
        outcome(generate.key_pair_spec(DataKeyPairSpec::EccNistP256).send().await)
    })
    .await;
    in_every_state(spec, usage, async |client, key| {
        let generate = client.generate_data_key_pair_without_plaintext().key_id(key);
        outcome(generate.key_pair_spec(DataKeyPairSpec::EccNistP256).send().await)
    })
    .await;
}
