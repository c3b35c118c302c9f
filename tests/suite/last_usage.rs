//! GetKeyLastUsage (API reference, GetKeyLastUsage; section 14).

use std::time::Duration;

use aws_sdk_kms::operation::RequestId;
use aws_sdk_kms::operation::get_key_last_usage::GetKeyLastUsageOutput;
use aws_sdk_kms::primitives::{Blob, DateTime};
use aws_sdk_kms::types::KeyLastUsageData;
use kms_fixture::model::GrantOperation as It;
use kms_fixture::scenario::KeyDeclaration;
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use serde_json::{Value, json};

use super::calls::{client, encrypt, sealed};
use super::refusal::refused;
use super::uses::{Bench, With, key_for, keys};

async fn usage(caller: &Caller, key: &str) -> GetKeyLastUsageOutput {
    client(caller).get_key_last_usage().key_id(key).send().await.unwrap()
}

fn operation(usage: &GetKeyLastUsageOutput) -> Option<&str> {
    Some(usage.key_last_usage.as_ref()?.operation.as_ref()?.as_str())
}

#[kms_test(keys(orders))]
async fn a_key_that_was_never_used_has_an_empty_usage(admin: Caller, orders: Key) {
    let usage = usage(&admin, orders.id()).await;
    assert_eq!(usage.key_id(), Some(orders.arn()));
    assert_eq!(usage.key_last_usage(), Some(&KeyLastUsageData::builder().build()));
    assert!(usage.key_creation_date().is_some());
    assert_eq!(usage.tracking_start_date(), usage.key_creation_date());
}

#[kms_test(keys(orders))]
async fn the_last_use_has_the_time_and_the_request_of_its_call(
    kms: Kms,
    admin: Caller,
    orders: Key,
) {
    encrypt(&admin, orders.id()).await.unwrap();
    kms.clock().advance(Duration::from_hours(1));
    let blob = sealed(&kms, orders.id()).await;
    kms.clock().advance(Duration::from_hours(1));
    let decrypted = client(&admin).decrypt().ciphertext_blob(blob).send().await.unwrap();
    let now = aws_sdk_kms::primitives::DateTime::from(kms.clock().now());
    kms.clock().advance(Duration::from_hours(1));

    let usage = usage(&admin, orders.arn()).await;
    let last = usage.key_last_usage().unwrap();
    assert_eq!(operation(&usage), Some("Decrypt"));
    assert_eq!(last.timestamp(), Some(&now));
    assert_eq!(last.kms_request_id(), decrypted.request_id());
    assert!(last.cloud_trail_event_id().is_some());
}

#[tokio::test]
async fn every_cryptographic_operation_is_tracked_and_no_other() {
    let bench = Bench::new(keys().start().unwrap()).await;
    let admin = bench.kms.caller("admin");
    for &allowed in It::ALL {
        let key = bench.kms.key(key_for(allowed)).arn().to_owned();
        let before = usage(&admin, &key).await;
        bench.kms.clock().advance(Duration::from_mins(1));
        let grant = super::calls::grant(&admin, &key, admin.arn(), &["DescribeKey"]).await;
        bench.attempt(&admin, allowed, &grant, With::default()).await.unwrap();
        let after = usage(&admin, &key).await;
        let expected = match allowed {
            It::ReEncryptFrom | It::ReEncryptTo => Some("ReEncrypt"),
            It::CreateGrant | It::RetireGrant | It::DescribeKey | It::GetPublicKey => None,
            other => Some(other.as_str()),
        };
        match expected {
            Some(name) => assert_eq!(operation(&after), Some(name), "{allowed}"),
            None => assert_eq!(after.key_last_usage, before.key_last_usage, "{allowed}"),
        }
    }
}

#[kms_test(keys(orders, archive))]
async fn re_encryption_uses_both_keys(kms: Kms, admin: Caller, orders: Key, archive: Key) {
    let blob = sealed(&kms, orders.id()).await;
    let moved = client(&admin).re_encrypt().ciphertext_blob(blob);
    moved.destination_key_id(archive.id()).send().await.unwrap();
    let (source, destination) =
        (usage(&admin, orders.id()).await, usage(&admin, archive.id()).await);
    assert_eq!(operation(&source), Some("ReEncrypt"));
    // Keys of one account are used by one event.
    assert_eq!(source.key_last_usage, destination.key_last_usage);
}

#[kms_test(keys(orders, archive(state(Disabled))), roles(worker))]
async fn a_call_that_fails_uses_nothing(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
    archive: Key,
) {
    let blob = sealed(&kms, orders.id()).await;
    let before = usage(&admin, orders.id()).await;
    kms.clock().advance(Duration::from_mins(1));
    let decrypt = || client(&admin).decrypt().ciphertext_blob(blob.clone());
    refused(decrypt().dry_run(true).send().await).is_dry_run();
    refused(decrypt().encryption_context("a", "b").send().await)
        .is_silent("InvalidCiphertextException");
    encrypt(&worker, orders.id()).await.unwrap_err().has_code("AccessDeniedException");
    encrypt(&admin, archive.id()).await.unwrap_err().has_code("DisabledException");
    assert_eq!(usage(&admin, orders.id()).await.key_last_usage, before.key_last_usage);
    assert_eq!(operation(&usage(&admin, archive.id()).await), None);
}

#[kms_test(keys(orders))]
async fn the_time_of_a_use_has_whole_seconds_fact_14_2(kms: Kms, admin: Caller) {
    kms.clock().advance(Duration::from_millis(1_250));
    let made = client(&admin).create_key().send().await.unwrap().key_metadata.unwrap();
    encrypt(&admin, made.key_id()).await.unwrap();
    let usage = usage(&admin, made.key_id()).await;
    let milliseconds = |it: Option<&DateTime>| it.unwrap().to_millis().unwrap() % 1_000;
    let last = usage.key_last_usage().unwrap();
    assert_eq!(milliseconds(last.timestamp()), 0);
    assert_eq!(milliseconds(usage.key_creation_date()), 250);
    assert_eq!(milliseconds(usage.tracking_start_date()), 250);
    assert_ne!(last.cloud_trail_event_id(), last.kms_request_id());
}

/// In key policies and in the caller's own, for the two operations alone.
#[tokio::test]
async fn a_policy_can_protect_keys_in_use_fact_14_1() {
    let recent = json!({"NumericLessThan": {"kms:TrailingDaysWithoutKeyUsage": "30"}});
    let absent = json!({"Null": {"kms:TrailingDaysWithoutKeyUsage": "true"}});
    let deny = |actions: &[&str], condition: &Value| json!({"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*", "Condition": condition});
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"},
        deny(&["kms:DisableKey", "kms:ScheduleKeyDeletion"], &recent),
        deny(&["kms:DisableKey", "kms:ScheduleKeyDeletion"], &absent),
        deny(&["kms:EnableKey", "kms:CancelKeyDeletion"], &json!({"Null": {"kms:TrailingDaysWithoutKeyUsage": "false"}})),
    ]});
    let orders = KeyDeclaration::new("orders").policy(policy.to_string());
    let kms = Fixture::builder().key(orders).start().unwrap();
    let (admin, key) = (kms.caller("admin"), kms.key("orders").id().to_owned());
    let disable = || client(&admin).disable_key().key_id(&key).send();
    let delete = || client(&admin).schedule_key_deletion().key_id(&key).send();
    let day = Duration::from_hours(24);

    // Without a use, the days count from the creation.
    refused(disable().await).has_code("AccessDeniedException");
    kms.clock().advance(day * 29);
    encrypt(&admin, &key).await.unwrap();
    // 29.9 days are 29.
    kms.clock().advance(day * 29 + Duration::from_hours(23));
    refused(disable().await).has_code("AccessDeniedException");
    refused(delete().await).has_code("AccessDeniedException");
    kms.clock().advance(Duration::from_hours(1));
    disable().await.unwrap();
    client(&admin).enable_key().key_id(&key).send().await.unwrap();
    delete().await.unwrap();
    client(&admin).cancel_key_deletion().key_id(&key).send().await.unwrap();
}

#[kms_test(keys(orders(multi_region = true)))]
async fn a_replica_has_a_usage_of_its_own(kms: Kms, admin: Caller, orders: Key) {
    let replicate = client(&admin).replicate_key().key_id(orders.id());
    replicate.replica_region("eu-west-1").send().await.unwrap();
    sealed(&kms, orders.id()).await;
    let there = super::calls::client_in(&admin, "eu-west-1");
    let replica = there.get_key_last_usage().key_id(orders.id()).send().await.unwrap();
    assert_eq!(operation(&replica), None);
    let blob = Blob::new("there");
    there.encrypt().key_id(orders.id()).plaintext(blob).send().await.unwrap();
    let replica = there.get_key_last_usage().key_id(orders.id()).send().await.unwrap();
    assert_eq!(operation(&replica), Some("Encrypt"));
    assert_ne!(usage(&admin, orders.id()).await.key_last_usage, replica.key_last_usage);
}

#[kms_test(
    keys(orders(alias = "alias/orders"), theirs(account = "444455556666")),
    roles(auditor(allow("kms:GetKeyLastUsage")), worker)
)]
async fn it_takes_a_key_of_the_account_by_id_or_arn(
    admin: Caller,
    auditor: Caller,
    worker: Caller,
    orders: Key,
    theirs: Key,
) {
    usage(&auditor, orders.id()).await;
    let by = |caller: &Caller, key: &str| client(caller).get_key_last_usage().key_id(key).send();
    refused(by(&worker, orders.id()).await).has_code("AccessDeniedException");
    refused(by(&admin, theirs.arn()).await).has_code("AccessDeniedException");
    refused(by(&admin, "alias/orders").await).has_code("InvalidArnException"); // as every operation that takes no alias
    refused(by(&admin, "1234abcd-12ab-34cd-56ef-1234567890ab").await).has_code("NotFoundException");
}
