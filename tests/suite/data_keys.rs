//! GenerateDataKey, GenerateDataKeyWithoutPlaintext and GenerateRandom.

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{DataKeyPairSpec, DataKeySpec, RecipientInfo};
use kms_fixture::model::{KeySpec, KeyUsage};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{outcome, refused};
use super::using::{blob, in_every_state, is_unsupported, material_of, names, subject};

pub(crate) async fn opened(caller: &Caller, ciphertext: Option<Blob>) -> Blob {
    let decrypt = client(caller).decrypt().set_ciphertext_blob(ciphertext);
    let decrypt = decrypt.encryption_context("a", "b");
    decrypt.send().await.unwrap().plaintext.unwrap()
}

#[kms_test(keys(orders(alias = "alias/orders")))]
async fn a_data_key_comes_with_its_ciphertext_section_13_2(admin: Caller, orders: Key) {
    let material = material_of(&admin, &orders).await;
    let asked = [
        (None, Some(1), 1),
        (None, Some(1024), 1024),
        (Some(DataKeySpec::Aes128), None, 16),
        (Some(DataKeySpec::Aes256), None, 32),
    ];
    for ((spec, bytes, length), name) in asked.into_iter().zip(names(&orders, "alias/orders")) {
        let generate = client(&admin).generate_data_key().key_id(&name);
        let generate = generate.set_key_spec(spec.clone()).set_number_of_bytes(bytes);
        let made = generate.encryption_context("a", "b").send().await.unwrap();
        assert_eq!(made.key_id(), Some(orders.arn()));
        assert_eq!(made.key_material_id(), Some(material.as_str()));
        assert!(made.ciphertext_for_recipient().is_none());
        let plaintext = made.plaintext().unwrap();
        assert_eq!(plaintext.as_ref().len(), length);
        let ciphertext = made.ciphertext_blob().unwrap().as_ref();
        assert_eq!(ciphertext[..5], [1, 2, 3, 0, 0x78]);
        assert!(length != 32 || ciphertext.len() == 184, "as recorded");
        assert_eq!(&opened(&admin, made.ciphertext_blob.clone()).await, plaintext);

        let blind = client(&admin).generate_data_key_without_plaintext();
        let blind = blind.key_id(name).set_key_spec(spec).set_number_of_bytes(bytes);
        let blind = blind.encryption_context("a", "b").send().await.unwrap();
        assert_eq!(blind.key_id(), Some(orders.arn()));
        assert_eq!(blind.key_material_id(), Some(material.as_str()));
        let other = opened(&admin, blind.ciphertext_blob).await;
        assert_eq!(other.as_ref().len(), length);
        assert!(length == 1 || &other != plaintext);
    }
}

#[kms_test(keys(
    orders,
    macs(spec(HMAC_256)),
    letters(spec(RSA_2048), usage(ENCRYPT_DECRYPT)),
    seals(spec(RSA_2048), usage(SIGN_VERIFY)),
    off(state(Disabled))
))]
async fn a_data_key_needs_one_length_rows_27_28_46_section_13_4(
    admin: Caller,
    seals: Key,
    kms: Kms,
) {
    let told = "Please specify either number of bytes or key spec.";
    for key in ["orders", "macs", "letters", "seals", "off"] {
        let generate = client(&admin).generate_data_key().key_id(kms.key(key).id());
        refused(generate.clone().send().await).is("ValidationException", told);
        let both = generate.key_spec(DataKeySpec::Aes256).number_of_bytes(32);
        refused(both.send().await).is("ValidationException", told);
        let blind = client(&admin).generate_data_key_without_plaintext();
        let blind = blind.key_id(kms.key(key).id());
        refused(blind.send().await).is("ValidationException", told);
    }
    let generate = |key: &str, bytes| {
        let generate = client(&admin).generate_data_key().key_id(kms.key(key).id());
        generate.number_of_bytes(bytes).send()
    };
    for (bytes, constraint) in
        [(0, "greater than or equal to 1"), (1025, "less than or equal to 1024")]
    {
        refused(generate("orders", bytes).await).is(
            "ValidationException",
            &format!(
                "1 validation error detected: Value '{bytes}' at 'numberOfBytes' failed to satisfy constraint: Member \
                 must have value {constraint}"
            ),
        );
    }
    let usage = format!("{} key usage is SIGN_VERIFY which is not valid for", seals.arn());
    refused(generate("seals", 32).await)
        .is("InvalidKeyUsageException", &format!("{usage} GenerateDataKey."));
    let blind = client(&admin).generate_data_key_without_plaintext();
    let blind = blind.key_id(seals.id()).number_of_bytes(32);
    refused(blind.send().await)
        .is("InvalidKeyUsageException", &format!("{usage} GenerateDataKeyWithoutPlaintext."));
    refused(generate("letters", 32).await)
        .is("InvalidKeyUsageException", "You cannot generate a data key with an asymmetric CMK");
}

#[kms_test]
async fn key_states_limit_data_keys() {
    let (spec, usage) = (KeySpec::SYMMETRIC_DEFAULT, KeyUsage::ENCRYPT_DECRYPT);
    in_every_state(spec, usage, async |client, key| {
        outcome(client.generate_data_key().key_id(key).number_of_bytes(1).send().await)
    })
    .await;
    in_every_state(spec, usage, async |client, key| {
        let generate = client.generate_data_key_without_plaintext().key_id(key);
        outcome(generate.number_of_bytes(1).send().await)
    })
    .await;
}

/// Twice the same seed, the second time with dry runs in between.
#[kms_test]
async fn the_same_seed_makes_the_same_data_keys_and_a_dry_run_takes_none() {
    let mut runs = Vec::new();
    for dry_run in [false, true] {
        let (client, key, _kms) = subject(KeySpec::SYMMETRIC_DEFAULT, KeyUsage::ENCRYPT_DECRYPT);
        let data_key = client.generate_data_key().key_id(&key).number_of_bytes(32);
        let pair = client.generate_data_key_pair().key_id(&key);
        if dry_run {
            let refusal = refused(data_key.clone().dry_run(true).send().await);
            refusal.is_dry_run();
            let dry = pair.clone().key_pair_spec(DataKeyPairSpec::Rsa4096).dry_run(true);
            refused(dry.send().await).is_dry_run();
        }
        let mut made = Vec::new();
        for _ in 0..2 {
            let answer = data_key.clone().send().await.unwrap();
            made.push((answer.plaintext, answer.ciphertext_blob));
            for spec in [DataKeyPairSpec::EccNistP384, DataKeyPairSpec::EccNistEdwards25519] {
                let answer = pair.clone().key_pair_spec(spec).send().await.unwrap();
                made.push((answer.private_key_plaintext, answer.private_key_ciphertext_blob));
                made.push((answer.public_key, None));
            }
            let random = client.generate_random().number_of_bytes(1024).send().await;
            made.push((random.unwrap().plaintext, None));
        }
        for (at, it) in made.iter().enumerate() {
            assert!(!made[..at].contains(it), "nothing comes twice");
        }
        runs.push(made);
    }
    assert!(runs[0] == runs[1]);
}

#[kms_test(keys(orders))]
async fn recipients_in_enclaves_are_rejected(admin: Caller, orders: Key) {
    let enclave = || RecipientInfo::builder().attestation_document(blob(b"x")).build();
    let data_key = client(&admin).generate_data_key().key_id(orders.id());
    let data_key = data_key.number_of_bytes(1).recipient(enclave());
    is_unsupported(&refused(data_key.send().await), "Recipient");
    let pair = client(&admin).generate_data_key_pair().key_id(orders.id());
    let pair = pair.key_pair_spec(DataKeyPairSpec::EccNistP256).recipient(enclave());
    is_unsupported(&refused(pair.send().await), "Recipient");
    let random = client(&admin).generate_random().number_of_bytes(1);
    is_unsupported(&refused(random.recipient(enclave()).send().await), "Recipient");
}

#[kms_test(roles(nobody, roller(allow("kms:GenerateRandom"))))]
async fn random_bytes_need_a_length_and_a_permission_rows_21_29(
    admin: Caller,
    nobody: Caller,
    roller: Caller,
) {
    let random = |caller: &Caller| client(caller).generate_random();
    for length in [1, 1024] {
        let made = random(&roller).number_of_bytes(length).send().await.unwrap();
        let found = made.plaintext().unwrap().as_ref().len();
        assert_eq!(i32::try_from(found), Ok(length));
        assert!(made.ciphertext_for_recipient().is_none());
    }
    refused(random(&admin).send().await).is("ValidationException", "NumberOfBytes is required.");
    for length in [0, 1025] {
        refused(random(&admin).number_of_bytes(length).send().await)
            .has_code("ValidationException");
    }
    let store = random(&admin).number_of_bytes(1).custom_key_store_id("cks-1234567890abcdef0");
    refused(store.send().await).is_silent("CustomKeyStoreNotFoundException");
    let text = format!(
        "User: {} is not authorized to perform: kms:GenerateRandom on resource: *",
        nobody.caller_arn()
    );
    refused(random(&nobody).number_of_bytes(1).send().await).is_denial(&text);
}

#[kms_test(keys(orders))]
async fn no_data_key_and_no_random_bytes_come_twice(admin: Caller, orders: Key) {
    let (mut data_keys, mut random) = (Vec::new(), Vec::new());
    for _ in 0..50 {
        let data_key = client(&admin).generate_data_key().key_id(orders.id()).number_of_bytes(32);
        data_keys.push(data_key.send().await.unwrap().plaintext.unwrap().into_inner());
        let bytes = client(&admin).generate_random().number_of_bytes(32);
        random.push(bytes.send().await.unwrap().plaintext.unwrap().into_inner());
    }
    for mut found in [data_keys, random] {
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 50);
    }
}
