//! Request quotas: who is throttled, by which calls, and until when.

use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::Region;
use aws_sdk_kms::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_kms::operation::create_grant::builders::CreateGrantFluentBuilder;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::SigningAlgorithmSpec::{EcdsaSha256, RsassaPssSha256};
use kms_fixture::scenario::Quotas;
use kms_fixture::{Caller, Fixture, Key, Kms, Operation, Scenario, kms_test, scenario};
use serde_json::json;

use super::refusal::{Refusal, outcome, refused};

/// Returns a client that does not try again.
fn once(caller: &Caller) -> Client {
    once_in(caller, None)
}

fn once_in(caller: &Caller, region: Option<&'static str>) -> Client {
    let mut config = aws_sdk_kms::config::Builder::from(&caller.sdk_config());
    if let Some(region) = region {
        config = config.region(Region::new(region));
    }
    Client::from_conf(config.retry_config(RetryConfig::disabled()).build())
}

fn create(caller: &Caller, key: &Key, grantee: &Caller) -> CreateGrantFluentBuilder {
    let create = once(caller).create_grant().key_id(key.arn()).grantee_principal(grantee.arn());
    create.operations("Decrypt".into())
}

/// Row 24.
#[track_caller]
fn is_throttled(refusal: &Refusal) {
    refusal.is(
        "ThrottlingException",
        "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
    );
}

/// Lists keys so many times; returns how many calls succeeded before one was throttled.
async fn lists(client: &Client, calls: u32) -> u32 {
    for succeeded in 0..calls {
        if let Err(refusal) = outcome(client.list_keys().send().await) {
            is_throttled(&refusal);
            return succeeded;
        }
    }
    calls
}

#[kms_test(quotas(CreateGrant = 2), keys(orders), roles(worker))]
async fn a_throttled_call_has_no_effect_until_the_second_is_over_row_24(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    for _ in 0..2 {
        create(&admin, &orders, &worker).send().await.unwrap();
        kms.clock().advance(Duration::from_millis(300));
    }
    is_throttled(&refused(create(&admin, &orders, &worker).send().await));
    assert_eq!(kms.grants().len(), 2);
    let call = kms.calls().last().unwrap().clone();
    assert_eq!((call.status(), call.error_code()), (400, Some("ThrottlingException")));
    assert_eq!(
        call.why(),
        [
            "the quota of CreateGrant, 2 in a second for account 111122223333 in us-east-1, was used up by calls 1 and 2; it is free again in 0.400 s"
        ]
    );
    assert!(kms.calls().to_string().contains("it is free again in 0.400 s"));
    // Other operations have quotas of their own.
    assert_eq!(lists(&once(&admin), 5).await, 5);

    kms.clock().advance(Duration::from_micros(399_999));
    is_throttled(&refused(create(&admin, &orders, &worker).send().await));
    kms.clock().advance(Duration::from_micros(1));
    for _ in 0..2 {
        create(&admin, &orders, &worker).send().await.unwrap();
    }
    is_throttled(&refused(create(&admin, &orders, &worker).send().await));
    assert_eq!(kms.grants().len(), 4);
}

#[kms_test(quotas(CreateGrant = 1), keys(orders), roles(worker))]
async fn the_sdk_tries_again_until_the_second_is_over(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let config = aws_sdk_kms::config::Builder::from(&admin.sdk_config())
        .retry_partition(RetryPartition::new("throttled"))
        .retry_config(RetryConfig::standard().with_max_attempts(10));
    let client = Client::from_conf(config.build());
    for _ in 0..3 {
        let create = client.create_grant().key_id(orders.id()).grantee_principal(worker.arn());
        create.operations("Decrypt".into()).send().await.unwrap();
    }
    assert_eq!(kms.grants().len(), 3);
    let throttled = kms.calls().iter().filter(|it| !it.is_ok()).count();
    assert!(throttled >= 2, "{throttled}");
}

#[kms_test(quotas(CreateGrant = 1, RetireGrant = 1), keys(orders), roles(worker))]
async fn a_dry_run_counts_fact_15_10(kms: Kms, admin: Caller, worker: Caller, orders: Key) {
    refused(create(&admin, &orders, &worker).dry_run(true).send().await).is_dry_run();
    is_throttled(&refused(create(&admin, &orders, &worker).send().await));
    assert!(kms.grants().is_empty());
}

/// The account of the caller counts, not that of the key (fact 15.12).
#[kms_test(
    quotas(DescribeKey = 1),
    keys(orders(policy = "policies/trusts_partner.json")),
    roles(worker, partner(account = "444455556666", allow("kms:DescribeKey")))
)]
async fn each_calling_account_has_its_own_quota(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    partner: Caller,
    orders: Key,
) {
    let describe = async |caller: &Caller| {
        outcome(once(caller).describe_key().key_id(orders.arn()).send().await)
    };
    describe(&admin).await.unwrap();
    // All principals of an account share it; a refused call counts, too.
    is_throttled(&describe(&worker).await.unwrap_err());
    describe(&partner).await.unwrap();
    is_throttled(&describe(&partner).await.unwrap_err());
    assert!(kms.calls().last().unwrap().why()[0].contains("for account 444455556666 in us-east-1"));
    kms.clock().advance(Duration::from_secs(1));
    describe(&worker).await.unwrap_err().has_code("AccessDeniedException");
    is_throttled(&describe(&admin).await.unwrap_err());
}

#[kms_test(quotas(ListKeys = 2), regions = "any")]
async fn each_region_has_its_own_quota(kms: Kms, admin: Caller) {
    assert_eq!(lists(&once(&admin), 5).await, 2);
    assert_eq!(lists(&once_in(&admin, Some("eu-west-1")), 5).await, 2);
    assert!(kms.calls().last().unwrap().why()[0].contains("in eu-west-1, was used up by calls"));
}

/// Facts 15.12 and 15.13.
#[kms_test(quotas(aws), keys(orders), roles(worker))]
async fn the_quotas_of_aws(kms: Kms, admin: Caller, worker: Caller, orders: Key) {
    for _ in 0..50 {
        create(&admin, &orders, &worker).send().await.unwrap();
    }
    is_throttled(&refused(create(&admin, &orders, &worker).send().await));
    let why = kms.calls().last().unwrap().why().to_vec();
    assert_eq!(
        why,
        [
            "the quota of CreateGrant, 50 in a second for account 111122223333 in us-east-1, was used up by calls 1, 2, 3, 4 and 46 more; it is free again in 1 s"
        ]
    );
    for _ in 0..5 {
        once(&admin).create_key().send().await.unwrap();
    }
    is_throttled(&refused(once(&admin).create_key().send().await));
    once(&admin).get_parameters_for_import().key_id(orders.id()).send().await.unwrap_err();
    let parameters = once(&admin).get_parameters_for_import().key_id(orders.id()).send().await;
    is_throttled(&refused(parameters));
}

/// Quotas of both kinds: one takes the place of AWS's.
#[kms_test(quotas(aws, CreateGrant = 1), keys(orders), roles(worker))]
async fn one_quota_differs_from_that_of_aws(admin: Caller, worker: Caller, orders: Key) {
    create(&admin, &orders, &worker).send().await.unwrap();
    is_throttled(&refused(create(&admin, &orders, &worker).send().await));
    for _ in 0..5 {
        once(&admin).create_key().send().await.unwrap();
    }
    is_throttled(&refused(once(&admin).create_key().send().await));
}

/// Fact 15.12.
#[kms_test(
    quotas(symmetric = 3, rsa = 1),
    keys(
        orders(alias = "alias/orders"),
        mac(spec(HMAC_256)),
        signing(spec(RSA_2048), usage(SIGN_VERIFY)),
        curve(spec(ECC_NIST_P256), usage(SIGN_VERIFY))
    )
)]
async fn cryptographic_operations_share_the_quota_of_their_kind_of_key(
    kms: Kms,
    admin: Caller,
    mac: Key,
    signing: Key,
    curve: Key,
) {
    let client = once(&admin);
    let encrypt = client.encrypt().key_id("alias/orders").plaintext(Blob::new("secret"));
    let sealed = encrypt.send().await.unwrap().ciphertext_blob.unwrap();
    client.decrypt().ciphertext_blob(sealed.clone()).send().await.unwrap();
    let generate = client.generate_mac().key_id(mac.id()).message(Blob::new("message"));
    generate.mac_algorithm("HMAC_SHA_256".into()).send().await.unwrap();
    is_throttled(&refused(client.decrypt().ciphertext_blob(sealed).send().await));
    assert!(kms.calls().last().unwrap().why()[0].starts_with(
        "the quota of cryptographic operations on symmetric keys, 3 in a second for account"
    ));
    is_throttled(&refused(client.generate_random().number_of_bytes(8).send().await));

    let sign = |key: &Key, algorithm| {
        let sign = client.sign().key_id(key.arn()).message(Blob::new("message"));
        sign.signing_algorithm(algorithm).send()
    };
    sign(&signing, RsassaPssSha256).await.unwrap();
    is_throttled(&refused(sign(&signing, RsassaPssSha256).await));
    for _ in 0..3 {
        sign(&curve, EcdsaSha256).await.unwrap();
    }
}

#[kms_test(
    quotas(symmetric = 1, rsa = 1),
    keys(orders, open(spec(RSA_2048), usage(ENCRYPT_DECRYPT)))
)]
async fn a_re_encryption_counts_for_both_kinds_of_keys(
    kms: Kms,
    admin: Caller,
    orders: Key,
    open: Key,
) {
    let client = once(&admin);
    let encrypt = |key: &Key| client.encrypt().key_id(key.id()).plaintext(Blob::new("a"));
    let sealed = encrypt(&orders).send().await.unwrap().ciphertext_blob.unwrap();
    kms.clock().advance(Duration::from_secs(1));
    // A refused call counts, too: an RSA key needs an algorithm.
    let re_encrypt = client.re_encrypt().ciphertext_blob(sealed);
    refused(re_encrypt.destination_key_id(open.id()).send().await);
    is_throttled(&refused(encrypt(&orders).send().await));
    let encrypt = encrypt(&open).encryption_algorithm("RSAES_OAEP_SHA_256".into());
    is_throttled(&refused(encrypt.send().await));
}

/// Fact 15.13.
#[kms_test(quotas(aws), keys(orders))]
async fn data_key_pairs_count_by_their_spec(kms: Kms, admin: Caller, orders: Key) {
    let pair = |spec: &str| {
        let pair = once(&admin).generate_data_key_pair_without_plaintext().key_id(orders.id());
        pair.key_pair_spec(spec.into()).dry_run(true).send()
    };
    for (spec, calls) in
        [("RSA_4096", 1), ("RSA_3072", 4), ("RSA_2048", 20), ("ECC_NIST_P256", 100)]
    {
        for _ in 0..calls {
            refused(pair(spec).await).is_dry_run();
        }
        is_throttled(&refused(pair(spec).await));
        let expected = format!("the quota of data key pairs of spec {spec}, {calls} in a second");
        assert!(kms.calls().last().unwrap().why()[0].starts_with(&expected));
        // The operations with and without plaintext share it.
        let with_plaintext = once(&admin).generate_data_key_pair().key_id(orders.id());
        is_throttled(&refused(with_plaintext.key_pair_spec(spec.into()).send().await));
    }
}

/// Fact 15.13: as one ReplicateKey, and as two CreateKey in the replica's Region.
#[kms_test(
    quotas(aws),
    regions = "any",
    keys(a(multi_region = true), b(multi_region = true), c(multi_region = true))
)]
async fn a_replication_counts_as_two_creations_in_its_region(
    kms: Kms,
    admin: Caller,
    a: Key,
    b: Key,
    c: Key,
) {
    let replicate = |key: &Key| {
        let replicate = once(&admin).replicate_key().key_id(key.id());
        replicate.replica_region("eu-west-1").send()
    };
    replicate(&a).await.unwrap();
    replicate(&b).await.unwrap();
    // Five creations are allowed, four have been counted.
    is_throttled(&refused(replicate(&c).await));
    assert!(kms.calls().last().unwrap().why()[0].starts_with(
        "the quota of CreateKey, 5 in a second for account 111122223333 in eu-west-1, was used up by calls 1 and 2;"
    ));
    let there = once_in(&admin, Some("eu-west-1"));
    there.create_key().send().await.unwrap();
    is_throttled(&refused(there.create_key().send().await));
    once(&admin).create_key().send().await.unwrap();
}

fn throttled_world() -> Scenario {
    scenario!(keys(orders), quotas(ListKeys = 1))
}

#[kms_test(scenario(throttled_world))]
async fn a_shared_declaration_has_quotas(admin: Caller) {
    assert_eq!(lists(&once(&admin), 3).await, 1);
}

#[kms_test]
async fn a_scenario_file_has_quotas() {
    for (value, quotas, expected) in [
        (json!("aws"), Quotas::aws(), 9),
        (json!({"aws": true, "ListKeys": 3}), Quotas::aws().with(Operation::ListKeys, 3), 3),
        (
            json!({"aws": false, "rsa": 3, "ListKeys": 2}),
            Quotas::new().with("rsa", 3).with("ListKeys", 2),
            2,
        ),
    ] {
        let scenario: Scenario = serde_json::from_value(json!({"quotas": value})).unwrap();
        let written: Scenario =
            serde_json::from_value(serde_json::to_value(&scenario).unwrap()).unwrap();
        assert_eq!(written, scenario);
        for kms in [Fixture::builder().scenario(scenario), Fixture::builder().quotas(quotas)] {
            let kms = kms.start().unwrap();
            assert_eq!(lists(&once(&kms.caller("admin")), 9).await, expected, "{value}");
        }
    }
}

#[test]
fn wrong_quotas_and_a_cassette_are_refused() {
    let wrong = Quotas::new().with("CreatGrant", 2).with("rsa", 0);
    let told = Fixture::builder().quotas(wrong).start().unwrap_err().to_string();
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        [
            "$.quotas.CreatGrant: unknown quota `CreatGrant`; a quota with a similar name exists: `CreateGrant`",
            "$.quotas.rsa: `rsa` must be a number of calls in a second, 1 to 1000000",
        ]
    );
    let told = Fixture::builder().quotas(Quotas::aws()).replay("none.json").start().unwrap_err();
    assert!(told.to_string().starts_with("$.quotas: quotas are only for the fake"), "{told}");
}
