//! What is not said to be eventual is consistent at once.

use std::time::Duration;

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::{grant, listed, revoke, sealed};
use crate::calls::{client, describe, existing, opens, retire};

#[kms_test(keys(orders), roles(worker))]
async fn every_change_is_there_at_once_fact_5_7(kms: Kms, admin: Caller, worker: Caller) {
    let sealed = sealed(&kms).await;
    let made = grant(&kms, &worker).await;
    assert!(opens(&worker, &sealed).await);
    assert_eq!(listed(&kms).await, [made.id.as_str()]);
    revoke(&kms, &made.id).await.unwrap();
    assert!(!opens(&worker, &sealed).await && listed(&kms).await.is_empty());
    revoke(&kms, &made.id).await.unwrap_err().has_code("NotFoundException");
    retire(&admin, &made.token).await.unwrap_err().has_code("InvalidGrantTokenException");

    let key = client(&admin).create_key().send().await.unwrap().key_metadata.unwrap();
    describe(&admin, key.key_id()).await.unwrap();
    let keys = client(&admin).list_keys().send().await.unwrap();
    assert_eq!(keys.keys().len(), 2);
    let again = kms.recreate_role("worker").unwrap();
    grant(&kms, &again).await;
    assert!(opens(&again, &sealed).await);
}

#[kms_test(keys(orders), roles(worker), consistency(strong))]
async fn strong_can_be_said_and_settling_changes_nothing(kms: Kms, worker: Caller) {
    let sealed = sealed(&kms).await;
    let made = grant(&kms, &worker).await;
    kms.settle();
    kms.clock().advance(Duration::from_secs(1));
    kms.settle();
    assert!(opens(&worker, &sealed).await);
    assert_eq!(listed(&kms).await, [made.id]);
}

/// `kms.grants()` and `kms.keys()` are not calls: they show what exists.
#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn what_exists_is_shown_whatever_has_arrived(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let made = grant(&kms, &worker).await;
    let key = client(&admin).create_key().send().await.unwrap().key_metadata.unwrap();
    assert!(listed(&kms).await.is_empty());
    assert_eq!(existing(&kms), [made.id.as_str()]);
    let grants = kms.grants();
    assert_eq!((grants[0].grantee(), grants[0].key_arn()), (worker.arn(), orders.arn()));
    assert_eq!(grants[0].operations().len(), 2);
    assert_eq!(
        kms.keys().iter().map(|it| it.id().to_owned()).collect::<Vec<_>>(),
        [orders.id(), key.key_id()]
    );
    kms.settle();
    assert_eq!(existing(&kms), [made.id.as_str()]);
    revoke(&kms, &made.id).await.unwrap();
    assert_eq!(listed(&kms).await, [made.id]);
    assert!(existing(&kms).is_empty());
    let create = client(&admin).create_grant().key_id(orders.arn()).grantee_principal(worker.arn());
    create.operations(GrantOperation::Decrypt).send().await.unwrap();
    assert_eq!(existing(&kms).len(), 1);
}
