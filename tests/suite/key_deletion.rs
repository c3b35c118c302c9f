//! Keys that are deleted when their time has come (`kms-facts.md` 3.6, 6; row 22).

use std::time::Duration;

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::KeyState;
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, retire};
use super::refusal::refused;

const DAY: Duration = Duration::from_hours(24);

async fn schedule(kms: &Kms, key: &Key, days: i32) {
    let schedule = client(&kms.caller("admin")).schedule_key_deletion().key_id(key.id());
    let scheduled = schedule.pending_window_in_days(days).send().await.unwrap();
    let date = kms.clock().now() + DAY * u32::try_from(days).unwrap();
    assert_eq!(scheduled.deletion_date().copied(), Some(date.into()));
}

async fn state(kms: &Kms, key: &Key) -> Option<KeyState> {
    let outcome = client(&kms.caller("admin")).describe_key().key_id(key.id()).send().await;
    if outcome.is_err() {
        let missing = format!("Key '{}' does not exist", key.arn());
        refused(outcome).is("NotFoundException", &missing);
        return None;
    }
    outcome.unwrap().key_metadata.unwrap().key_state
}

#[kms_test(
    keys(orders(alias = "alias/orders"), invoices),
    roles(worker, janitor),
    grants(
        access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        other(key(invoices), grantee(worker), retiring(janitor), operations(Decrypt))
    )
)]
async fn a_key_is_deleted_with_its_grants_and_aliases(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
    orders: Key,
    invoices: Key,
    access: Grant,
    other: Grant,
) {
    let calls = client(&admin);
    let sealed = calls.encrypt().key_id(orders.id()).plaintext(Blob::new("secret"));
    let sealed = sealed.send().await.unwrap().ciphertext_blob.unwrap();
    schedule(&kms, &orders, 7).await;
    kms.clock().advance((DAY * 7).saturating_sub(Duration::from_nanos(1)));
    assert_eq!(state(&kms, &orders).await, Some(KeyState::PendingDeletion));
    assert_eq!((kms.keys().len(), kms.grants().len()), (2, 2));

    kms.clock().advance(Duration::from_nanos(1));
    // Without any call in between.
    assert_eq!(
        kms.keys().iter().map(|it| it.arn().to_owned()).collect::<Vec<_>>(),
        [invoices.arn()]
    );
    assert_eq!(kms.grants().iter().map(|it| it.id().to_owned()).collect::<Vec<_>>(), [other.id()]);
    assert_eq!(state(&kms, &orders).await, None);
    let listed = calls.list_keys().send().await.unwrap();
    assert_eq!(listed.keys().len(), 1);
    let alias = calls.describe_key().key_id("alias/orders");
    refused(alias.send().await).is(
        "NotFoundException",
        "Alias arn:aws:kms:us-east-1:111122223333:alias/orders is not found.",
    );
    assert!(calls.list_aliases().send().await.unwrap().aliases().is_empty());
    refused(calls.list_grants().key_id(orders.id()).send().await).has_code("NotFoundException");
    let retirable = calls.list_retirable_grants().retiring_principal(janitor.arn());
    let retirable = retirable.send().await.unwrap();
    assert_eq!(retirable.grants().len(), 1);
    assert_eq!(retirable.grants()[0].grant_id(), Some(other.id()));
    let revoke = calls.revoke_grant().key_id(orders.id()).grant_id(access.id());
    refused(revoke.send().await).has_code("NotFoundException");
    let retire = client(&janitor).retire_grant().grant_token(access.token());
    refused(retire.send().await).has_code("InvalidGrantTokenException");
    // Row 22, for whoever asks.
    let row_22 = "The ciphertext refers to a customer master key that does not exist, does not exist in this region, \
                  or you are not allowed to access.";
    for caller in [&admin, &worker] {
        let decrypt = client(caller).decrypt().ciphertext_blob(sealed.clone());
        refused(decrypt.send().await).is("AccessDeniedException", row_22);
    }
    // The alias is free again.
    let create = calls.create_alias().alias_name("alias/orders").target_key_id(invoices.id());
    create.send().await.unwrap();
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn a_cancelled_deletion_does_not_happen(kms: Kms, admin: Caller, orders: Key) {
    schedule(&kms, &orders, 7).await;
    kms.clock().advance(DAY * 6);
    let cancel = || client(&admin).cancel_key_deletion().key_id(orders.id()).send();
    cancel().await.unwrap();
    kms.clock().advance(DAY * 300);
    assert_eq!(state(&kms, &orders).await, Some(KeyState::Disabled));
    assert_eq!(kms.grants().len(), 1);
    // Scheduled again, the new window counts.
    schedule(&kms, &orders, 30).await;
    kms.clock().advance(DAY * 29);
    assert_eq!(state(&kms, &orders).await, Some(KeyState::PendingDeletion));
    kms.clock().advance(DAY);
    assert_eq!(state(&kms, &orders).await, None);
    refused(cancel().await).has_code("NotFoundException");
}

#[kms_test(keys(old(state(PendingDeletion)), orders))]
async fn a_key_that_is_declared_to_wait_is_deleted_after_30_days(
    kms: Kms,
    admin: Caller,
    old: Key,
    orders: Key,
) {
    let describe = client(&admin).describe_key().key_id(old.id()).send().await.unwrap();
    let date = describe.key_metadata().unwrap().deletion_date().copied();
    assert_eq!(date, Some((kms.clock().now() + DAY * 30).into()));
    kms.clock().advance((DAY * 30).saturating_sub(Duration::from_secs(1)));
    assert_eq!(state(&kms, &old).await, Some(KeyState::PendingDeletion));
    kms.clock().advance(Duration::from_secs(1));
    assert_eq!(state(&kms, &old).await, None);
    assert_eq!(state(&kms, &orders).await, Some(KeyState::Enabled));
}

/// Several at once, in whatever order they were scheduled, and in one great leap.
#[kms_test(keys(first, second, third, kept))]
async fn every_key_is_deleted_in_its_own_time(
    kms: Kms,
    first: Key,
    second: Key,
    third: Key,
    kept: Key,
) {
    schedule(&kms, &first, 30).await;
    schedule(&kms, &second, 7).await;
    schedule(&kms, &third, 14).await;
    let left = |kms: &Kms| kms.keys().iter().map(|it| it.arn().to_owned()).collect::<Vec<_>>();
    kms.clock().advance(DAY * 10);
    assert_eq!(left(&kms), [first.arn(), third.arn(), kept.arn()]);
    kms.clock().advance(DAY * 365);
    assert_eq!(left(&kms), [kept.arn()]);
}

/// A deletion comes when it comes, whatever has arrived; what has not, goes as well.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 86400)))]
async fn grants_that_have_not_arrived_are_deleted_with_their_key(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let create = || {
        let create =
            client(&admin).create_grant().key_id(orders.id()).grantee_principal(worker.arn());
        create.operations("Decrypt".into()).retiring_principal(worker.arn()).send()
    };
    let ended = create().await.unwrap();
    retire(&admin, ended.grant_token().unwrap()).await.unwrap();
    schedule(&kms, &orders, 7).await;
    kms.clock().advance((DAY * 7).saturating_sub(DAY / 2));
    // What a stale caller would see of it is gone, too.
    kms.clock().advance(DAY / 2);
    assert_eq!(state(&kms, &orders).await, None);
    assert!(kms.grants().is_empty() && kms.keys().is_empty());
    kms.settle();
    let listed = client(&admin).list_retirable_grants().retiring_principal(worker.arn());
    assert!(listed.send().await.unwrap().grants().is_empty());
}
