//! Decrypt (rows 48 and 49, section 13.3).

use aws_sdk_kms::types::{EncryptionAlgorithmSpec, RecipientInfo};
use kms_fixture::model::{KeySpec, KeyState, KeyUsage};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{client, pairs, sealed};
use super::refusal::{denied, outcome, refused};
use super::using::{STATES, blob, fixture, is_unsupported, matches_state, subject};

#[kms_test(keys(orders))]
async fn a_ciphertext_opens_with_its_context_only_row_49_fact_9_19(admin: Caller, orders: Key) {
    let both = [("tenant", "acme"), ("stage", "test")];
    let swapped = [both[1], both[0]];
    let encrypt = client(&admin).encrypt().key_id(orders.id());
    let encrypt = encrypt.plaintext(blob(b"x")).set_encryption_context(Some(pairs(&both)));
    let ciphertext = encrypt.send().await.unwrap().ciphertext_blob.unwrap();
    let decrypt = |context: &[(&str, &str)]| {
        let decrypt = client(&admin).decrypt().ciphertext_blob(ciphertext.clone());
        decrypt.set_encryption_context(Some(pairs(context)))
    };
    decrypt(&both).send().await.unwrap();
    decrypt(&swapped).send().await.unwrap();
    for wrong in [
        &[][..],
        &both[..1],
        &[both[0], both[1], ("c", "d")],
        &[("Tenant", "acme"), both[1]],
        &[("tenant", "Acme"), both[1]],
        &[("tenant", "test"), ("stage", "acme")],
    ] {
        for dry_run in [false, true] {
            let refusal = refused(decrypt(wrong).dry_run(dry_run).send().await);
            refusal.is_silent("InvalidCiphertextException");
        }
    }
}

/// Pairs that look alike when they are written one behind the other.
const CONTEXTS: [&[(&str, &str)]; 13] = [
    &[],
    &[("a", "b")],
    &[("b", "a")],
    &[("a", "b"), ("c", "d")],
    &[("a", "d"), ("c", "b")],
    &[("A", "b")],
    &[("a", "B")],
    &[("ab", "cd")],
    &[("abc", "d")],
    &[("a", "bcd")],
    &[("abcd", "\0")],
    &[("ä", "€")],
    &[("ae", "€")],
];

#[kms_test(keys(orders))]
async fn no_context_passes_for_another_one_row_49(admin: Caller, orders: Key) {
    for (at, context) in CONTEXTS.iter().enumerate() {
        let encrypt = client(&admin).encrypt().key_id(orders.id()).plaintext(blob(b"x"));
        let encrypt = encrypt.set_encryption_context(Some(pairs(context)));
        let ciphertext = encrypt.send().await.unwrap().ciphertext_blob.unwrap();
        for (other, context) in CONTEXTS.iter().enumerate() {
            let decrypt = client(&admin).decrypt().ciphertext_blob(ciphertext.clone());
            let decrypt = decrypt.set_encryption_context(Some(pairs(context))).send().await;
            if at == other {
                decrypt.unwrap();
            } else {
                refused(decrypt).is_silent("InvalidCiphertextException");
            }
        }
    }
}

#[kms_test(keys(orders))]
async fn every_byte_of_a_ciphertext_is_authenticated_row_49(kms: Kms, admin: Caller, orders: Key) {
    let encrypted = sealed(&kms, orders.id()).await;
    let data_key = client(&admin).generate_data_key().key_id(orders.id()).number_of_bytes(8);
    let data_key = data_key.send().await.unwrap().ciphertext_blob.unwrap();
    for ciphertext in [encrypted.into_inner(), data_key.into_inner()] {
        let mut wrong: Vec<_> = (0..ciphertext.len())
            .map(|at| {
                let mut changed = ciphertext.clone();
                changed[at] ^= 1;
                changed
            })
            .collect();
        wrong.extend([ciphertext[1..].to_vec(), ciphertext[..ciphertext.len() - 1].to_vec()]);
        wrong.extend([[&ciphertext[..], &[0]].concat(), ciphertext.repeat(2)]);
        for wrong in wrong {
            let decrypt = client(&admin).decrypt().ciphertext_blob(blob(&wrong));
            refused(decrypt.send().await).is_silent("InvalidCiphertextException");
        }
    }
}

#[kms_test(keys(
    orders,
    other,
    macs(spec(HMAC_256)),
    letters(spec(RSA_2048), usage(ENCRYPT_DECRYPT))
))]
async fn the_named_key_must_be_that_of_the_ciphertext_rows_48_49(
    admin: Caller,
    orders: Key,
    kms: Kms,
) {
    let encrypt = client(&admin).encrypt().key_id(orders.id());
    let made = encrypt.plaintext(blob(b"x")).send().await.unwrap();
    let decrypt = |key: &str| {
        let decrypt = client(&admin).decrypt().key_id(key);
        decrypt.set_ciphertext_blob(made.ciphertext_blob.clone())
    };
    let incorrect =
        "The key ID in the request does not identify a CMK that can perform this operation.";
    let elsewhere = orders.arn().replace("us-east-1", "us-west-2");
    client(&admin).disable_key().key_id(kms.key("other").id()).send().await.unwrap();
    let others = ["other", "macs", "letters"].map(|it| kms.key(it).arn().to_owned());
    for wrong in others.iter().chain([&elsewhere]) {
        refused(decrypt(wrong).send().await).is("IncorrectKeyException", incorrect);
    }
    let missing = "12345678-90ab-4cde-8f01-234567890abc";
    refused(decrypt(missing).send().await).has_code("NotFoundException");
    refused(decrypt("alias/none").send().await).has_code("NotFoundException");
    // What is no ciphertext is said before that.
    for key in &others {
        let garbage = decrypt(key).ciphertext_blob(blob(b"abc"));
        refused(garbage.send().await).is_silent("InvalidCiphertextException");
    }
    refused(client(&admin).decrypt().send().await).is(
        "ValidationException",
        "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be \
         null",
    );
}

#[kms_test(keys(orders), roles(worker))]
async fn an_unknown_ciphertext_and_a_foreign_one_are_refused(
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let (elsewhere, key, _kms) = subject(KeySpec::SYMMETRIC_DEFAULT, KeyUsage::ENCRYPT_DECRYPT);
    let encrypt = elsewhere.encrypt().key_id(key).plaintext(blob(b"x"));
    let theirs = encrypt.send().await.unwrap().ciphertext_blob;
    let decrypt = client(&admin).decrypt().set_ciphertext_blob(theirs);
    refused(decrypt.send().await).is(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you \
         are not allowed to access.",
    );
    let encrypt = client(&admin).encrypt().key_id(orders.id());
    let ours = encrypt.plaintext(blob(b"x")).send().await.unwrap();
    let decrypt = client(&worker).decrypt().set_ciphertext_blob(ours.ciphertext_blob);
    refused(decrypt.send().await).is_denial(&denied(
        &worker,
        "Decrypt",
        orders.arn(),
        "identity-based policy",
    ));
}

/// The same seed makes the same key, so that there is a ciphertext for a key that was never usable.
#[kms_test]
async fn key_states_limit_decryption() {
    let usage = KeyUsage::ENCRYPT_DECRYPT;
    for spec in [KeySpec::SYMMETRIC_DEFAULT, KeySpec::RSA_2048] {
        let (usable, key, _kms) = subject(spec, usage);
        let oaep = (spec == KeySpec::RSA_2048).then_some(EncryptionAlgorithmSpec::RsaesOaepSha256);
        let encrypt = usable.encrypt().key_id(&key).plaintext(blob(b"x"));
        let made = encrypt.set_encryption_algorithm(oaep.clone()).send().await;
        let ciphertext = made.unwrap().ciphertext_blob;
        for (state, told) in STATES {
            let has_none = [KeyState::PendingImport, KeyState::Creating].contains(&state);
            if has_none && oaep.is_none() {
                continue; // nothing is known of its material
            }
            let kms = fixture(spec, usage, state);
            let decrypt = client(&kms.caller("admin")).decrypt();
            let decrypt = decrypt.set_encryption_algorithm(oaep.clone());
            let decrypt = decrypt.set_ciphertext_blob(ciphertext.clone()).key_id(&key);
            matches_state(state, told, &key, outcome(decrypt.send().await));
        }
    }
}

#[kms_test(keys(orders))]
async fn a_dry_run_changes_nothing(admin: Caller, orders: Key) {
    let encrypt = client(&admin).encrypt().key_id(orders.id());
    let encrypt = encrypt.plaintext(blob(b"x"));
    refused(encrypt.clone().dry_run(true).send().await).is_dry_run();
    let made = encrypt.send().await.unwrap();
    let decrypt = client(&admin).decrypt().set_ciphertext_blob(made.ciphertext_blob);
    refused(decrypt.clone().dry_run(true).send().await).is_dry_run();
    decrypt.send().await.unwrap();
}

#[kms_test(keys(orders))]
async fn recipients_in_enclaves_are_rejected(admin: Caller, orders: Key) {
    let encrypt = client(&admin).encrypt().key_id(orders.id());
    let made = encrypt.plaintext(blob(b"x")).send().await.unwrap();
    let enclave = RecipientInfo::builder().attestation_document(blob(b"x")).build();
    let decrypt = client(&admin).decrypt().recipient(enclave);
    let decrypt = decrypt.set_ciphertext_blob(made.ciphertext_blob);
    is_unsupported(&refused(decrypt.send().await), "Recipient");
}

/// API reference, Decrypt and ReEncrypt, cross-account use: of a symmetric ciphertext, the id of the key will do.
#[kms_test(
    keys(
        orders(policy = "policies/trusts_partner_with_all.json"),
        letters(
            policy = "policies/trusts_partner_with_all.json",
            spec(RSA_2048),
            usage(ENCRYPT_DECRYPT)
        ),
        home(account = "444455556666")
    ),
    roles(partner(account = "444455556666", allow("kms:*")), stranger(account = "444455556666"))
)]
async fn a_key_of_another_account_is_not_found_by_its_id(
    admin: Caller,
    partner: Caller,
    stranger: Caller,
    orders: Key,
    letters: Key,
    home: Key,
) {
    let encrypt = client(&admin).encrypt().key_id(orders.id());
    let ciphertext = encrypt.plaintext(blob(b"x")).send().await.unwrap();
    let ciphertext = ciphertext.ciphertext_blob.unwrap();
    let decrypt = |caller: &Caller, key: &str| {
        let decrypt = client(caller).decrypt().ciphertext_blob(ciphertext.clone());
        decrypt.key_id(key).send()
    };
    for key in [orders.id(), orders.arn()] {
        let opened = decrypt(&partner, key).await.unwrap();
        assert_eq!(opened.key_id(), Some(orders.arn()));
        let again = client(&partner).re_encrypt().ciphertext_blob(ciphertext.clone());
        let again = again.source_key_id(key).destination_key_id(home.id());
        assert_eq!(again.send().await.unwrap().source_key_id(), Some(orders.arn()));
    }
    refused(decrypt(&stranger, orders.id()).await).has_code("AccessDeniedException");
    refused(decrypt(&partner, home.id()).await).has_code("IncorrectKeyException");
    refused(decrypt(&partner, letters.id()).await).has_code("NotFoundException");
    // What is encrypted under a public key does not say by which.
    let oaep = EncryptionAlgorithmSpec::RsaesOaepSha256;
    let encrypt = client(&partner).encrypt().key_id(letters.arn());
    let encrypt = encrypt.plaintext(blob(b"x")).encryption_algorithm(oaep.clone());
    let ciphertext = encrypt.send().await.unwrap().ciphertext_blob.unwrap();
    let decrypt = client(&partner).decrypt().ciphertext_blob(ciphertext);
    let decrypt = decrypt.key_id(letters.id()).encryption_algorithm(oaep);
    refused(decrypt.send().await).has_code("NotFoundException");
}
