//! `DryRunModifiers` of Decrypt and ReEncrypt: a dry run without its ciphertext (facts 15.25 to 15.27).

use aws_sdk_kms::operation::decrypt::builders::DecryptFluentBuilder;
use aws_sdk_kms::types::DryRunModifierType::IgnoreCiphertext;
use aws_sdk_kms::types::EncryptionAlgorithmSpec;
use kms_fixture::{Caller, Key, kms_test};

use super::calls::client;
use super::refusal::{denied, refused};
use super::using::blob;

const CONTEXT_REFUSED: &str =
    "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.";

/// Starts the request that is recorded: a dry run on a symmetric key, without a ciphertext.
fn ignoring(caller: &Caller, key: &Key) -> DecryptFluentBuilder {
    let decrypt = client(caller).decrypt().key_id(key.id()).encryption_context("a", "b");
    decrypt.dry_run(true).dry_run_modifiers(IgnoreCiphertext)
}

#[kms_test(keys(orders))]
async fn modifiers_demand_a_dry_run_fact_15_25(admin: Caller, orders: Key) {
    let told = "DryRunModifiers can only be specified when DryRun is true";
    let encrypt = client(&admin).encrypt().key_id(orders.id()).plaintext(blob(b"x"));
    let ciphertext = encrypt.send().await.unwrap().ciphertext_blob.unwrap();
    for dry_run in [None, Some(false)] {
        for ciphertext in [None, Some(blob(b"invalid")), Some(ciphertext.clone())] {
            let decrypt = client(&admin).decrypt().key_id(orders.id()).set_dry_run(dry_run);
            let decrypt = decrypt.set_ciphertext_blob(ciphertext.clone());
            let decrypt = decrypt.dry_run_modifiers(IgnoreCiphertext);
            refused(decrypt.send().await).is("ValidationException", told);
            let again = client(&admin).re_encrypt().destination_key_id(orders.id());
            let again = again.set_dry_run(dry_run).set_ciphertext_blob(ciphertext);
            let again = again.source_key_id(orders.id()).dry_run_modifiers(IgnoreCiphertext);
            refused(again.send().await).is("ValidationException", told);
        }
    }
}

#[kms_test(keys(orders), roles(nobody))]
async fn the_ciphertext_does_not_count_but_the_key_does_fact_15_26(
    admin: Caller,
    nobody: Caller,
    orders: Key,
) {
    refused(ignoring(&admin, &orders).send().await).is_dry_run();
    let invalid = ignoring(&admin, &orders).ciphertext_blob(blob(b"invalid"));
    refused(invalid.send().await).is_dry_run();
    let anonymous = ignoring(&admin, &orders).set_key_id(None);
    refused(anonymous.send().await).is("ValidationException", "KeyId must not be null");
    let told = denied(&nobody, "Decrypt", orders.arn(), "identity-based policy");
    refused(ignoring(&nobody, &orders).send().await).is_denial(&told);
    // Fact 15.27: the algorithm decides whether a context is possible, before it is compared with the key.
    let oaep = EncryptionAlgorithmSpec::RsaesOaepSha256;
    let mismatch = ignoring(&admin, &orders).encryption_algorithm(oaep);
    refused(mismatch.send().await).is("ValidationException", CONTEXT_REFUSED);

    client(&admin).disable_key().key_id(orders.id()).send().await.unwrap();
    let told = format!("{} is disabled.", orders.arn());
    refused(ignoring(&admin, &orders).send().await).is("DisabledException", &told);
}

/// A ReEncrypt has two keys, and both count.
#[kms_test(keys(orders, archive, macs(spec(HMAC_256))))]
async fn both_keys_of_a_re_encryption_count(admin: Caller, orders: Key, archive: Key, macs: Key) {
    let from_to = |from: &Key, to: &Key| {
        let again = client(&admin).re_encrypt().source_key_id(from.id());
        let again = again.destination_key_id(to.id()).dry_run(true);
        again.dry_run_modifiers(IgnoreCiphertext).send()
    };
    refused(from_to(&orders, &archive).await).is_dry_run();
    refused(from_to(&macs, &archive).await).has_code("InvalidKeyUsageException");
    refused(from_to(&orders, &macs).await).has_code("InvalidKeyUsageException");
    client(&admin).disable_key().key_id(archive.id()).send().await.unwrap();
    let told = format!("{} is disabled.", archive.arn());
    refused(from_to(&orders, &archive).await).is("DisabledException", &told);
    refused(from_to(&archive, &orders).await).is("DisabledException", &told);
}
