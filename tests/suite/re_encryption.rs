//! ReEncrypt: from one key to another (rows 44, 46 to 49).

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::EncryptionAlgorithmSpec;
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{denied, refused};
use super::using::{blob, material_of, names};

const OAEP: EncryptionAlgorithmSpec = EncryptionAlgorithmSpec::RsaesOaepSha256;

async fn encrypted(caller: &Caller, key: &Key, plaintext: &[u8]) -> Blob {
    let encrypt = client(caller).encrypt().key_id(key.id());
    let made = encrypt.plaintext(blob(plaintext)).send().await.unwrap();
    made.ciphertext_blob.unwrap()
}

#[kms_test(keys(orders(alias = "alias/orders"), archive(alias = "alias/archive")))]
async fn a_ciphertext_moves_from_one_symmetric_key_to_another(
    admin: Caller,
    orders: Key,
    archive: Key,
) {
    let from = material_of(&admin, &orders).await;
    let to = material_of(&admin, &archive).await;
    let sources = names(&orders, "alias/orders").map(Some).into_iter().chain([None]);
    let destinations = names(&archive, "alias/archive");
    for (source, destination) in sources.zip(destinations.iter().cycle()) {
        let encrypt = client(&admin).encrypt().key_id(orders.id());
        let made = encrypt.encryption_context("a", "b").plaintext(blob(b"x")).send().await.unwrap();
        let again = client(&admin)
            .re_encrypt()
            .set_ciphertext_blob(made.ciphertext_blob)
            .source_encryption_context("a", "b")
            .set_source_key_id(source)
            .destination_key_id(destination)
            .destination_encryption_context("c", "d");
        let again = again.send().await.unwrap();
        assert_eq!(again.source_key_id(), Some(orders.arn()));
        assert_eq!(again.key_id(), Some(archive.arn()));
        let algorithm = Some(&EncryptionAlgorithmSpec::SymmetricDefault);
        assert_eq!(again.source_encryption_algorithm(), algorithm);
        assert_eq!(again.destination_encryption_algorithm(), algorithm);
        assert_eq!(again.source_key_material_id(), Some(from.as_str()));
        assert_eq!(again.destination_key_material_id(), Some(to.as_str()));
        let decrypt = client(&admin).decrypt().encryption_context("c", "d");
        let decrypt = decrypt.set_ciphertext_blob(again.ciphertext_blob);
        let opened = decrypt.key_id(archive.id()).send().await.unwrap();
        assert_eq!(opened.plaintext(), Some(&blob(b"x")));
    }
}

#[kms_test(keys(orders, letters(spec(RSA_2048), usage(ENCRYPT_DECRYPT))))]
async fn a_ciphertext_moves_to_an_asymmetric_key_and_back_row_44(
    admin: Caller,
    orders: Key,
    letters: Key,
) {
    let there = |ciphertext| {
        let re_encrypt = client(&admin).re_encrypt().ciphertext_blob(ciphertext);
        let re_encrypt = re_encrypt.destination_key_id(letters.id());
        re_encrypt.destination_encryption_algorithm(OAEP)
    };
    let sealed = there(encrypted(&admin, &orders, b"x").await);
    let sealed = sealed.send().await.unwrap();
    assert!(sealed.source_key_material_id().is_some());
    assert_eq!(sealed.destination_key_material_id(), None);
    assert_eq!(sealed.destination_encryption_algorithm(), Some(&OAEP));

    let back = client(&admin)
        .re_encrypt()
        .set_ciphertext_blob(sealed.ciphertext_blob)
        .source_encryption_algorithm(OAEP)
        .destination_key_id(orders.id());
    refused(back.clone().send().await).is("ValidationException", "KeyId must not be null");
    let back = back.source_key_id(letters.id());
    let told =
        "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.";
    let with = back.clone().source_encryption_context("a", "b");
    refused(with.send().await).is("ValidationException", told);
    let back = back.send().await.unwrap();
    assert_eq!(back.source_key_material_id(), None);
    assert!(back.destination_key_material_id().is_some());

    let too_long = there(encrypted(&admin, &orders, &[7; 191]).await);
    refused(too_long.send().await).is(
        "ValidationException",
        "Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.",
    );
    let with = there(encrypted(&admin, &orders, b"x").await);
    let with = with.destination_encryption_context("a", "b");
    refused(with.send().await).is("ValidationException", told);
}

#[kms_test(keys(orders, other, macs(spec(HMAC_256)), waiting(state(PendingImport))))]
async fn the_source_is_checked_first_rows_46_48_49(admin: Caller, orders: Key, kms: Kms) {
    let ciphertext = encrypted(&admin, &orders, b"x").await;
    let re_encrypt = |destination: &str| {
        let re_encrypt = client(&admin).re_encrypt().ciphertext_blob(ciphertext.clone());
        re_encrypt.destination_key_id(kms.key(destination).id())
    };
    // As recorded: the same HMAC key on both sides.
    let macs = re_encrypt("macs").source_key_id(kms.key("macs").id());
    refused(macs.send().await).is(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.",
    );
    let context = re_encrypt("other").source_encryption_context("a", "b");
    refused(context.send().await).is_silent("InvalidCiphertextException");
    let garbage = re_encrypt("other").ciphertext_blob(blob(b"abc"));
    refused(garbage.send().await).is_silent("InvalidCiphertextException");
    refused(re_encrypt("macs").send().await).has_code("InvalidKeyUsageException");
    let oaep = re_encrypt("other").destination_encryption_algorithm(OAEP);
    refused(oaep.send().await).is(
        "InvalidKeyUsageException",
        "Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.",
    );
    refused(re_encrypt("waiting").send().await).is(
        "KMSInvalidStateException",
        &format!("{} is pending import.", kms.key("waiting").arn()),
    );
    let missing = client(&admin).re_encrypt().destination_key_id("alias/none");
    refused(missing.clone().send().await).has_code("ValidationException");
    refused(missing.ciphertext_blob(ciphertext.clone()).send().await).is(
        "NotFoundException",
        "Alias arn:aws:kms:us-east-1:111122223333:alias/none is not found.",
    );
    for (key, words) in [("other", "other"), ("orders", "orders")] {
        client(&admin).disable_key().key_id(kms.key(key).id()).send().await.unwrap();
        refused(re_encrypt("other").send().await)
            .is("DisabledException", &format!("{} is disabled.", kms.key(words).arn()));
    }
}

#[kms_test(keys(orders))]
async fn a_dry_run_checks_everything(admin: Caller, orders: Key) {
    let dry = client(&admin).re_encrypt().destination_key_id(orders.id()).dry_run(true);
    let right = dry.clone().ciphertext_blob(encrypted(&admin, &orders, b"x").await);
    refused(right.clone().send().await).is_dry_run();
    let wrong = right.source_encryption_context("a", "b");
    refused(wrong.send().await).is_silent("InvalidCiphertextException");
}

#[kms_test(
    keys(orders, archive),
    roles(nobody, reader(allow("kms:ReEncryptFrom")), writer(allow("kms:ReEncryptTo"))),
    grants(back(key(orders), grantee(writer), operations(ReEncryptFrom)))
)]
async fn both_permissions_are_needed(
    admin: Caller,
    nobody: Caller,
    reader: Caller,
    writer: Caller,
    orders: Key,
    archive: Key,
) {
    let ciphertext = encrypted(&admin, &orders, b"x").await;
    let re_encrypt = |caller: &Caller, key: &Key| {
        let re_encrypt = client(caller).re_encrypt().ciphertext_blob(ciphertext.clone());
        re_encrypt.destination_key_id(key.id()).send()
    };
    let policy = "identity-based policy";
    refused(re_encrypt(&nobody, &archive).await).is_denial(&denied(
        &nobody,
        "ReEncryptFrom",
        orders.arn(),
        policy,
    ));
    refused(re_encrypt(&reader, &archive).await).is_denial(&denied(
        &reader,
        "ReEncryptTo",
        archive.arn(),
        policy,
    ));
    // The one by a grant, the other by a policy.
    re_encrypt(&writer, &archive).await.unwrap();
}
