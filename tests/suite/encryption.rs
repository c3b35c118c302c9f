//! Encrypt, and the way back (`kms-facts.md` 3.6 and 8, rows 31, 32, 44, 46 and 47).

use std::collections::HashMap;

use aws_sdk_kms::types::EncryptionAlgorithmSpec;
use kms_fixture::model::{KeySpec, KeyUsage};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{client, sealed};
use super::refusal::{outcome, refused};
use super::using::{blob, in_every_state, is_unsupported, material_of, names, subject};

const OAEP: [(KeySpec, &str, usize, usize); 6] = [
    (KeySpec::RSA_2048, "RSAES_OAEP_SHA_1", 214, 256),
    (KeySpec::RSA_2048, "RSAES_OAEP_SHA_256", 190, 256),
    (KeySpec::RSA_3072, "RSAES_OAEP_SHA_1", 342, 384),
    (KeySpec::RSA_3072, "RSAES_OAEP_SHA_256", 318, 384),
    (KeySpec::RSA_4096, "RSAES_OAEP_SHA_1", 470, 512),
    (KeySpec::RSA_4096, "RSAES_OAEP_SHA_256", 446, 512),
];

#[kms_test(keys(orders(alias = "alias/orders")))]
async fn a_symmetric_key_is_found_by_every_name(admin: Caller, orders: Key) {
    let material = material_of(&admin, &orders).await;
    for name in names(&orders, "alias/orders") {
        let encrypt = client(&admin).encrypt().key_id(&name);
        let made = encrypt.plaintext(blob(b"an order")).send().await.unwrap();
        assert_eq!(made.key_id(), Some(orders.arn()));
        let algorithm = Some(&EncryptionAlgorithmSpec::SymmetricDefault);
        assert_eq!(made.encryption_algorithm(), algorithm);
        let ciphertext = made.ciphertext_blob().unwrap();
        // The form that was recorded: a version, and the material's id (fact 13.1.1).
        assert_eq!(ciphertext.as_ref()[..5], [1, 2, 2, 0, 0x78]);
        let id = ciphertext.as_ref()[5..37].iter();
        let id: Vec<_> = id.map(|it| format!("{it:02x}")).collect();
        assert_eq!(id.concat(), material);

        // Decrypt needs no key (fact 2.14), and returns its ARN and the material (facts 13.1.3 and 13.1.4).
        for named in [None, Some(name)] {
            let decrypt = client(&admin).decrypt().set_key_id(named);
            let opened = decrypt.ciphertext_blob(ciphertext.clone()).send().await;
            let opened = opened.unwrap();
            assert_eq!(opened.plaintext(), Some(&blob(b"an order")));
            assert_eq!(opened.key_id(), Some(orders.arn()));
            assert_eq!(opened.encryption_algorithm(), algorithm);
            assert_eq!(opened.key_material_id(), Some(material.as_str()));
            assert!(opened.ciphertext_for_recipient().is_none());
        }
    }
}

/// Fact 13.1.2, and the limits of section 13.7.
#[kms_test(keys(orders))]
async fn ciphertexts_are_as_long_as_recorded_ones_rows_31_32(admin: Caller, orders: Key) {
    let encrypt = |length: usize| {
        let encrypt = client(&admin).encrypt().key_id(orders.id());
        encrypt.plaintext(blob(&vec![7; length])).send()
    };
    for (plaintext, ciphertext) in [(12, 164), (16, 168), (22, 174)] {
        let made = encrypt(plaintext).await.unwrap();
        assert_eq!(made.ciphertext_blob().unwrap().as_ref().len(), ciphertext);
    }
    let longest = encrypt(4096).await.unwrap().ciphertext_blob;
    let opened = client(&admin).decrypt().set_ciphertext_blob(longest).send().await.unwrap();
    assert_eq!(opened.plaintext(), Some(&blob(&[7; 4096])));
    for (length, constraint) in
        [(0, "greater than or equal to 1"), (4097, "less than or equal to 4096")]
    {
        refused(encrypt(length).await).is(
            "ValidationException",
            &format!(
                "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have \
                 length {constraint}"
            ),
        );
    }
}

#[kms_test]
async fn rsa_keys_encrypt_as_much_as_fits_row_44() {
    for (spec, algorithm, limit, length) in OAEP {
        let (client, key, _kms) = subject(spec, KeyUsage::ENCRYPT_DECRYPT);
        let encrypt = |length| {
            let encrypt = client.encrypt().key_id(&key);
            let encrypt = encrypt.encryption_algorithm(algorithm.into());
            encrypt.plaintext(blob(&vec![7; length]))
        };
        let made = encrypt(limit).send().await.unwrap();
        assert_eq!(made.key_id(), Some(key.as_str()));
        assert_eq!(made.encryption_algorithm(), Some(&algorithm.into()));
        let ciphertext = made.ciphertext_blob.unwrap();
        assert_eq!(ciphertext.as_ref().len(), length);
        let too_long = format!(
            "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {limit} bytes."
        );
        for dry_run in [false, true] {
            let encrypt = encrypt(limit + 1).dry_run(dry_run);
            refused(encrypt.send().await).is("ValidationException", &too_long);
        }

        let decrypt = client.decrypt().key_id(&key).ciphertext_blob(ciphertext);
        let opened = decrypt.clone().encryption_algorithm(algorithm.into());
        let opened = opened.send().await.unwrap();
        assert_eq!(opened.plaintext().unwrap().as_ref(), vec![7; limit]);
        assert_eq!(opened.encryption_algorithm(), Some(&algorithm.into()));
        assert_eq!(opened.key_material_id(), None);
        // The other algorithm, and none: the default is that of symmetric keys.
        let [other] = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
            .into_iter()
            .filter(|it| *it != algorithm)
            .collect::<Vec<_>>()[..]
        else {
            unreachable!("there are two")
        };
        let wrong = decrypt.clone().encryption_algorithm(other.into());
        refused(wrong.send().await).is_silent("InvalidCiphertextException");
        refused(decrypt.send().await).is_silent("InvalidCiphertextException");
    }
}

#[kms_test(keys(orders, macs(spec(HMAC_256)), letters(spec(RSA_2048), usage(ENCRYPT_DECRYPT))))]
async fn keys_encrypt_only_by_their_usage_and_algorithm_rows_46_47(
    admin: Caller,
    macs: Key,
    kms: Kms,
) {
    let encrypt = |key: &str| {
        let encrypt = client(&admin).encrypt().key_id(kms.key(key).id());
        encrypt.plaintext(blob(b"x"))
    };
    let usage = "key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt.";
    refused(encrypt("macs").send().await)
        .is("InvalidKeyUsageException", &format!("{} {usage}", macs.arn()));
    refused(encrypt("letters").send().await).is(
        "InvalidKeyUsageException",
        "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.",
    );
    let oaep = encrypt("orders").encryption_algorithm(EncryptionAlgorithmSpec::RsaesOaepSha256);
    refused(oaep.send().await).is(
        "InvalidKeyUsageException",
        "Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.",
    );
    // Usage comes before the state, the state before the algorithm.
    for key in ["macs", "letters"] {
        let disable = client(&admin).disable_key().key_id(kms.key(key).id());
        disable.send().await.unwrap();
    }
    refused(encrypt("macs").send().await).has_code("InvalidKeyUsageException");
    refused(encrypt("letters").send().await).has_code("DisabledException");
}

#[kms_test(keys(letters(spec(RSA_2048), usage(ENCRYPT_DECRYPT))))]
async fn asymmetric_keys_take_no_context(admin: Caller, letters: Key) {
    let told =
        "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.";
    let oaep = || EncryptionAlgorithmSpec::RsaesOaepSha1;
    let encrypt = client(&admin).encrypt().key_id(letters.id());
    let encrypt = encrypt.encryption_algorithm(oaep()).plaintext(blob(b"x"));
    let made = encrypt.clone().set_encryption_context(Some(HashMap::new()));
    let ciphertext = made.send().await.unwrap().ciphertext_blob;
    refused(encrypt.encryption_context("a", "b").send().await).is("ValidationException", told);
    let decrypt = client(&admin).decrypt().encryption_algorithm(oaep());
    let decrypt = decrypt.set_ciphertext_blob(ciphertext);
    refused(decrypt.clone().send().await).is("ValidationException", "KeyId must not be null");
    let decrypt = decrypt.key_id(letters.id());
    let with = decrypt.clone().encryption_context("a", "b");
    refused(with.send().await).is("ValidationException", told);
    decrypt.send().await.unwrap();
}

#[kms_test]
async fn key_states_limit_encryption() {
    let usage = KeyUsage::ENCRYPT_DECRYPT;
    in_every_state(KeySpec::SYMMETRIC_DEFAULT, usage, async |client, key| {
        let encrypt = client.encrypt().key_id(key).plaintext(blob(b"x"));
        outcome(encrypt.send().await)
    })
    .await;
}

/// The random bytes come from the seed, and a dry run takes none.
#[kms_test]
async fn the_same_seed_makes_the_same_ciphertexts() {
    let mut runs = Vec::new();
    for dry_run in [false, true] {
        let (client, key, _kms) = subject(KeySpec::SYMMETRIC_DEFAULT, KeyUsage::ENCRYPT_DECRYPT);
        let encrypt = client.encrypt().key_id(key).plaintext(blob(b"x"));
        if dry_run {
            encrypt.clone().dry_run(true).send().await.unwrap_err();
        }
        let one = encrypt.clone().send().await.unwrap().ciphertext_blob;
        let two = encrypt.send().await.unwrap().ciphertext_blob;
        assert_ne!(one, two);
        runs.push((one, two));
    }
    assert_eq!(runs[0], runs[1]);
}

#[kms_test(region = "cn-north-1", keys(china(spec(SM2), usage(ENCRYPT_DECRYPT))))]
async fn sm2_encryption_is_rejected(admin: Caller, china: Key) {
    let encrypt = client(&admin).encrypt().key_id(china.id());
    let encrypt = encrypt.plaintext(blob(b"x")).encryption_algorithm("SM2PKE".into());
    is_unsupported(&refused(encrypt.send().await), "SM2");
}

/// ST:imports, rotation: 16 random bytes follow the id of the material, and the nonce follows them.
#[kms_test(keys(orders))]
async fn nothing_is_encrypted_twice_to_the_same_bytes(kms: Kms, orders: Key) {
    let mut ciphertexts = std::collections::BTreeSet::new();
    let mut random = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let ciphertext = sealed(&kms, orders.id()).await.into_inner();
        random.insert(ciphertext[38..54].to_vec());
        ciphertexts.insert(ciphertext);
    }
    assert_eq!((ciphertexts.len(), random.len()), (50, 50));
}

/// An empty value, and by analogy an empty key, in the context of a new ciphertext.
#[kms_test(keys(orders, archive))]
async fn a_context_with_an_empty_value_is_invalid_fact_15_20(
    kms: Kms,
    admin: Caller,
    orders: Key,
    archive: Key,
) {
    let client = client(&admin);
    let sealed = sealed(&kms, orders.id()).await;
    for (key, value) in [("tenant", ""), ("", "acme")] {
        let encrypt = client.encrypt().key_id(orders.id()).plaintext(blob(b"an order"));
        let encrypt = encrypt.encryption_context("plain", "yes").encryption_context(key, value);
        let data_key = client.generate_data_key().key_id(orders.id()).number_of_bytes(32);
        let bare = client.generate_data_key_without_plaintext().key_id(orders.id());
        let pair = client.generate_data_key_pair().key_id(orders.id());
        let pair = pair.key_pair_spec("ECC_NIST_P256".into()).encryption_context(key, value);
        let bare_pair = client.generate_data_key_pair_without_plaintext().key_id(orders.id());
        let bare_pair = bare_pair.key_pair_spec("ECC_NIST_P256".into());
        let move_on = client.re_encrypt().ciphertext_blob(sealed.clone());
        let move_on = move_on.destination_key_id(archive.id());
        let refusals = [
            refused(encrypt.clone().send().await),
            refused(encrypt.dry_run(true).send().await),
            refused(data_key.encryption_context(key, value).send().await),
            refused(bare.number_of_bytes(32).encryption_context(key, value).send().await),
            refused(pair.send().await),
            refused(bare_pair.encryption_context(key, value).send().await),
            refused(move_on.destination_encryption_context(key, value).send().await),
        ];
        for refusal in refusals {
            refusal.is("ValidationException", "Invalid EncryptionContext");
        }
        // No ciphertext has such a context.
        let decrypt = client.decrypt().ciphertext_blob(sealed.clone());
        refused(decrypt.encryption_context(key, value).send().await)
            .is_silent("InvalidCiphertextException");
    }
}
