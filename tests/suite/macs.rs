//! GenerateMac and VerifyMac (rows 46, 47 and 50).

use aws_sdk_kms::Client;
use aws_sdk_kms::operation::generate_mac::builders::GenerateMacFluentBuilder;
use aws_sdk_kms::operation::verify_mac::builders::VerifyMacFluentBuilder;
use kms_fixture::model::{KeySpec, KeyUsage};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{outcome, refused};
use super::using::{blob, in_every_state, names, subject};

const MACS: [(KeySpec, &str, usize); 4] = [
    (KeySpec::HMAC_224, "HMAC_SHA_224", 28),
    (KeySpec::HMAC_256, "HMAC_SHA_256", 32),
    (KeySpec::HMAC_384, "HMAC_SHA_384", 48),
    (KeySpec::HMAC_512, "HMAC_SHA_512", 64),
];

fn generate(
    client: &Client,
    key: &str,
    algorithm: &str,
    message: &[u8],
) -> GenerateMacFluentBuilder {
    let generate = client.generate_mac().key_id(key).message(blob(message));
    generate.mac_algorithm(algorithm.into())
}

fn verify(client: &Client, key: &str, algorithm: &str, mac: &[u8]) -> VerifyMacFluentBuilder {
    let verify = client.verify_mac().key_id(key).message(blob(b"m"));
    verify.mac_algorithm(algorithm.into()).mac(blob(mac))
}

#[kms_test]
async fn every_algorithm_generates_and_verifies_macs_row_50() {
    for (spec, algorithm, length) in MACS {
        let (client, key, _kms) = subject(spec, KeyUsage::GENERATE_VERIFY_MAC);
        let made = generate(&client, &key, algorithm, b"m").send().await.unwrap();
        assert_eq!(made.key_id(), Some(key.as_str()));
        assert_eq!(made.mac_algorithm(), Some(&algorithm.into()));
        let mac = made.mac.unwrap().into_inner();
        assert_eq!(mac.len(), length);
        let valid = verify(&client, &key, algorithm, &mac).send().await.unwrap();
        assert_eq!(valid.key_id(), Some(key.as_str()));
        assert_eq!(valid.mac_algorithm(), Some(&algorithm.into()));
        assert!(valid.mac_valid());

        let changed = (0..length).map(|at| {
            let mut changed = mac.clone();
            changed[at] ^= 1;
            changed
        });
        let others = [mac[1..].to_vec(), [&mac[..], &[0]].concat(), b"x".to_vec()];
        for wrong in changed.chain(others) {
            for dry_run in [false, true] {
                let verify = verify(&client, &key, algorithm, &wrong).dry_run(dry_run);
                refused(verify.send().await).is_silent("KMSInvalidMacException");
            }
        }
        let dry = generate(&client, &key, algorithm, b"m").dry_run(true);
        refused(dry.send().await).is_dry_run();
        let dry = verify(&client, &key, algorithm, &mac).dry_run(true);
        refused(dry.send().await).is_dry_run();

        // The key is a function of the seed.
        let (again, key, _kms) = subject(spec, KeyUsage::GENERATE_VERIFY_MAC);
        let again = generate(&again, &key, algorithm, b"m").send().await.unwrap();
        assert_eq!(again.mac.unwrap().into_inner(), mac);
    }
}

#[kms_test(keys(macs(spec(HMAC_224), alias = "alias/macs"), other(spec(HMAC_224))))]
async fn an_hmac_key_is_found_by_every_name(admin: Caller, macs: Key, other: Key) {
    let client = client(&admin);
    for name in names(&macs, "alias/macs") {
        let made = generate(&client, &name, "HMAC_SHA_224", b"m").send().await.unwrap();
        assert_eq!(made.key_id(), Some(macs.arn()));
        let mac = made.mac.unwrap().into_inner();
        let valid = verify(&client, &name, "HMAC_SHA_224", &mac).send().await.unwrap();
        assert_eq!(valid.key_id(), Some(macs.arn()));
        let theirs = verify(&client, other.id(), "HMAC_SHA_224", &mac);
        refused(theirs.send().await).is_silent("KMSInvalidMacException");
    }
}

#[kms_test(keys(macs(spec(HMAC_224)), off(spec(HMAC_224), state(Disabled)), orders))]
async fn wrong_keys_algorithms_and_lengths_are_refused_rows_31_46_47(
    admin: Caller,
    orders: Key,
    kms: Kms,
) {
    let client = client(&admin);
    let unfit = "Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_224.";
    let macs = kms.key("macs");
    refused(generate(&client, macs.id(), "HMAC_SHA_512", b"m").send().await)
        .is("InvalidKeyUsageException", unfit);
    refused(verify(&client, macs.id(), "HMAC_SHA_512", b"x").send().await)
        .is("InvalidKeyUsageException", unfit);
    // Recorded: the state comes before the algorithm.
    let off = kms.key("off");
    refused(generate(&client, off.id(), "HMAC_SHA_512", b"m").send().await)
        .has_code("DisabledException");
    let told = |operation| {
        let usage = "key usage is ENCRYPT_DECRYPT which is not valid for";
        format!("{} {usage} {operation}.", orders.arn())
    };
    refused(generate(&client, orders.id(), "HMAC_SHA_224", b"m").send().await)
        .is("InvalidKeyUsageException", &told("GenerateMac"));
    refused(verify(&client, orders.id(), "HMAC_SHA_224", b"x").send().await)
        .is("InvalidKeyUsageException", &told("VerifyMac"));
    refused(generate(&client, macs.id(), "HMAC_SHA_224", b"").send().await).is(
        "ValidationException",
        "1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length \
         greater than or equal to 1",
    );
    refused(generate(&client, macs.id(), "HMAC_SHA_224", &[7; 4097]).send().await)
        .has_code("ValidationException");
    generate(&client, macs.id(), "HMAC_SHA_224", &[7; 4096]).send().await.unwrap();
}

/// Recorded: the words are not in the order of the model.
#[kms_test(keys(macs(spec(HMAC_224))))]
async fn an_unknown_algorithm_is_answered_with_the_recorded_list_row_30(admin: Caller, macs: Key) {
    let client = client(&admin);
    let text = "1 validation error detected: Value 'INVALID' at 'macAlgorithm' failed to satisfy constraint: Member \
                must satisfy enum value set: [HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]";
    let made = generate(&client, macs.id(), "INVALID", b"m").send().await;
    refused(made).is("ValidationException", text);
    let verified = verify(&client, macs.id(), "INVALID", b"x").send().await;
    refused(verified).is("ValidationException", text);
}

#[kms_test]
async fn key_states_limit_macs() {
    let (spec, algorithm, _) = MACS[1];
    let usage = KeyUsage::GENERATE_VERIFY_MAC;
    in_every_state(spec, usage, async |client, key| {
        outcome(generate(&client, &key, algorithm, b"m").send().await)
    })
    .await;
    let (usable, key, _kms) = subject(spec, usage);
    let made = generate(&usable, &key, algorithm, b"m").send().await.unwrap();
    let mac = made.mac.unwrap().into_inner();
    in_every_state(spec, usage, |client, key| {
        let verify = verify(&client, &key, algorithm, &mac);
        async { outcome(verify.send().await) }
    })
    .await;
}
