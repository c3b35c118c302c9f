//! What if a change had not arrived: at a call or a caller of choice, after any time.

use std::time::Duration;

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::{create, grant, listed, listed_to, sealed};
use crate::calls::{client, describe, existing, opens, opens_with, retire};
use crate::refusal::refused;

const YEAR: Duration = Duration::from_hours(24 * 365);

#[kms_test(
    keys(orders),
    roles(worker),
    grants(old(key(orders), grantee(worker), operations(Decrypt))),
    consistency(eventual)
)]
async fn a_stale_caller_never_sees_a_change(kms: Kms, admin: Caller, worker: Caller, old: Grant) {
    let sealed = sealed(&kms).await;
    let (behind, admin_behind) = (worker.stale().unwrap(), admin.stale().unwrap());
    assert_eq!((behind.arn(), behind.caller_arn()), (worker.arn(), worker.caller_arn()));
    retire(&admin, old.token()).await.unwrap();
    let new = grant(&kms, &worker).await;
    kms.clock().advance(YEAR);
    // The old grant still opens it, and the new one's token is needed no less than it helps.
    assert!(opens(&behind, &sealed).await);
    assert_eq!(listed_to(&kms, &admin_behind).await, [old.id()]);
    assert_eq!(listed(&kms).await, [new.id.as_str()]);
    assert!(opens(&worker, &sealed).await);
    kms.settle();
    assert_eq!(listed_to(&kms, &admin_behind).await, [new.id.as_str()]);
    retire(&admin, &new.token).await.unwrap();
    kms.clock().advance(YEAR);
    assert!(opens(&behind, &sealed).await && !opens(&worker, &sealed).await);
}

#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn a_stale_caller_needs_the_token_for_ever(kms: Kms, worker: Caller) {
    let sealed = sealed(&kms).await;
    let behind = worker.stale().unwrap();
    let made = grant(&kms, &worker).await;
    kms.clock().advance(YEAR);
    assert!(opens(&worker, &sealed).await && !opens(&behind, &sealed).await);
    assert!(opens_with(&behind, &sealed, &made.token).await);
}

/// What it changes itself is made like anything else.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 60)))]
async fn what_a_stale_caller_makes_others_see(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let behind = admin.stale().unwrap();
    let create =
        client(&behind).create_grant().key_id(orders.arn()).grantee_principal(worker.arn());
    create.operations("Decrypt".into()).send().await.unwrap();
    kms.clock().advance(Duration::from_mins(1));
    assert_eq!((listed(&kms).await.len(), listed_to(&kms, &behind).await.len()), (1, 0));
}

#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn the_first_calls_are_stale_whoever_makes_them(kms: Kms, worker: Caller) {
    let sealed = sealed(&kms).await;
    grant(&kms, &worker).await;
    kms.clock().advance(YEAR);
    kms.stale_calls(2).unwrap();
    assert!(!opens(&worker, &sealed).await);
    assert!(listed(&kms).await.is_empty());
    assert!(opens(&worker, &sealed).await);
    // The last word counts.
    kms.stale_calls(5).unwrap();
    kms.stale_calls(0).unwrap();
    assert!(opens(&worker, &sealed).await);
    // A call that is refused is a call.
    kms.stale_calls(1).unwrap();
    describe(&worker, "nonsense").await.unwrap_err().has_code("NotFoundException");
    assert!(opens(&worker, &sealed).await);
    // What is settled is settled.
    kms.settle();
    kms.stale_calls(1).unwrap();
    assert!(opens(&worker, &sealed).await);
}

/// Where retries are tested: the first one is too early, the second one is not.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 0)))]
async fn a_retry_is_late_enough(kms: Kms, worker: Caller) {
    let worker = {
        kms.settle();
        let again = kms.recreate_role("worker").unwrap();
        assert_ne!(again.unique_id(), worker.unique_id());
        again
    };
    kms.stale_calls(1).unwrap();
    refused(create(&kms, &worker).send().await).has_code("InvalidArnException");
    let made = create(&kms, &worker).send().await.unwrap();
    assert_eq!(existing(&kms), [made.grant_id.unwrap()]);
}

#[kms_test(keys(orders), roles(worker))]
fn where_everything_is_consistent_nothing_can_be_missing(kms: Kms, worker: Caller) {
    let text = "every change arrives at once in this fixture, so no view can be stale\n\
                help: declare `consistency(eventual)`";
    assert_eq!(worker.stale().unwrap_err().to_string(), text);
    assert_eq!(kms.stale_calls(1).unwrap_err().to_string(), text);
    assert_eq!(kms.stale_calls(0).unwrap_err().to_string(), text);
}

/// Other credentials of the same principal, gone with it.
#[kms_test(keys(orders), roles(worker(allow("kms:DescribeKey"))), consistency(eventual))]
async fn a_stale_caller_is_deleted_with_its_role(kms: Kms, worker: Caller, orders: Key) {
    let behind = worker.stale().unwrap();
    assert_ne!(behind.credentials().access_key_id(), worker.credentials().access_key_id());
    let describe = || client(&behind).describe_key().key_id(orders.arn()).send();
    describe().await.unwrap();
    kms.delete_principal("worker").unwrap();
    refused(describe().await).has_code("UnrecognizedClientException");
    assert!(worker.stale().is_err());
    // A role of the same name is another principal.
    kms.recreate_role("worker").unwrap();
    assert!(worker.stale().is_err());
    assert!(worker.via_service("s3.us-east-1.amazonaws.com").is_err());
    kms.caller("worker").stale().unwrap();
}
