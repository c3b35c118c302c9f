//! A grant that has been retired or revoked, where that has not arrived (facts 5.2, 5.6, 5.7 and 9.3).

use std::time::Duration;

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Grant, Kms, kms_test};

use super::{DELAY, create, grant, listed, retirable, retire_by_id, revoke, sealed};
use crate::calls::{client, existing, granted, opens, opens_with, retire};
use crate::refusal::refused;

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(
        retired(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        revoked(key(orders), grantee(worker), retiring(janitor), operations(Decrypt))
    ),
    consistency(eventual(seconds = 60))
)]
async fn it_opens_and_is_listed_until_its_end_has_arrived_facts_5_2_5_6(
    kms: Kms,
    worker: Caller,
    janitor: Caller,
    retired: Grant,
    revoked: Grant,
) {
    let sealed = sealed(&kms).await;
    retire(&janitor, retired.token()).await.unwrap();
    revoke(&kms, revoked.id()).await.unwrap();
    assert!(existing(&kms).is_empty());
    assert!(opens(&worker, &sealed).await);
    assert_eq!(listed(&kms).await.len(), 2);
    assert_eq!(retirable(&kms, &janitor).await.len(), 2);
    kms.clock().advance(DELAY.saturating_sub(Duration::from_nanos(1)));
    assert!(opens(&worker, &sealed).await && listed(&kms).await.len() == 2);
    kms.clock().advance(Duration::from_nanos(1));
    assert!(!opens(&worker, &sealed).await);
    assert!(listed(&kms).await.is_empty() && retirable(&kms, &janitor).await.is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt))),
    consistency(eventual)
)]
async fn settling_lets_its_end_arrive(kms: Kms, worker: Caller, access: Grant) {
    let sealed = sealed(&kms).await;
    revoke(&kms, access.id()).await.unwrap();
    assert!(opens(&worker, &sealed).await);
    kms.settle();
    assert!(!opens(&worker, &sealed).await && listed(&kms).await.is_empty());
    revoke(&kms, access.id()).await.unwrap_err().has_code("NotFoundException");
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt))),
    consistency(eventual(seconds = 0, list_seconds = 60))
)]
async fn it_may_be_listed_though_it_opens_nothing_fact_5_6(
    kms: Kms,
    worker: Caller,
    access: Grant,
) {
    let sealed = sealed(&kms).await;
    revoke(&kms, access.id()).await.unwrap();
    assert!(!opens(&worker, &sealed).await);
    assert_eq!(listed(&kms).await, [access.id()]);
    revoke(&kms, access.id()).await.unwrap_err().has_code("NotFoundException");
    kms.clock().advance(DELAY);
    assert!(listed(&kms).await.is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt))),
    consistency(eventual(seconds = 60, list_seconds = 0))
)]
async fn it_may_open_though_it_is_not_listed_fact_5_2(kms: Kms, worker: Caller, access: Grant) {
    let sealed = sealed(&kms).await;
    revoke(&kms, access.id()).await.unwrap();
    assert!(listed(&kms).await.is_empty() && opens(&worker, &sealed).await);
}

/// INVENTED(stale-end): ending it again succeeds, and does not put off its end.
#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt))),
    consistency(eventual(seconds = 60))
)]
async fn it_can_be_ended_again_without_effect(
    kms: Kms,
    worker: Caller,
    janitor: Caller,
    access: Grant,
) {
    let sealed = sealed(&kms).await;
    revoke(&kms, access.id()).await.unwrap();
    kms.clock().advance(DELAY / 2);
    revoke(&kms, access.id()).await.unwrap();
    retire(&janitor, access.token()).await.unwrap();
    retire_by_id(&kms, &janitor, access.id()).await.unwrap();
    assert!(existing(&kms).is_empty());
    // Who may not, may not now.
    retire(&worker, access.token()).await.unwrap_err().has_code("AccessDeniedException");
    kms.clock().advance(DELAY / 2);
    assert!(!opens(&worker, &sealed).await);
    revoke(&kms, access.id()).await.unwrap_err().has_code("NotFoundException");
    retire_by_id(&kms, &janitor, access.id()).await.unwrap_err().has_code("NotFoundException");
    retire(&janitor, access.token()).await.unwrap_err().has_code("InvalidGrantTokenException");
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt))),
    consistency(eventual(seconds = 60))
)]
async fn no_token_helps_after_its_end(kms: Kms, worker: Caller, access: Grant) {
    let sealed = sealed(&kms).await;
    revoke(&kms, access.id()).await.unwrap();
    assert!(opens_with(&worker, &sealed, access.token()).await);
    kms.clock().advance(DELAY);
    assert!(!opens_with(&worker, &sealed, access.token()).await);
}

#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn a_name_is_free_as_soon_as_its_grant_is_ended(kms: Kms, admin: Caller, worker: Caller) {
    let create = || granted(create(&kms, &worker).name("nightly"));
    let first = create().await;
    retire(&admin, &first.token).await.unwrap();
    let second = create().await;
    assert_ne!(first.id, second.id);
    assert_eq!(existing(&kms), [second.id.as_str()]);
    assert_eq!(create().await.id, second.id);
}

/// A dry run ends nothing, late or not.
#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt))),
    consistency(eventual)
)]
async fn a_dry_run_does_not_end_it(kms: Kms, admin: Caller, access: Grant) {
    let revoke = client(&admin).revoke_grant().key_id(access.key_arn()).grant_id(access.id());
    refused(revoke.dry_run(true).send().await).has_code("DryRunOperationException");
    kms.settle();
    assert_eq!(existing(&kms), [access.id()]);
}

/// A parent that has been ended makes grants until that has arrived; they stay.
#[kms_test(
    keys(orders),
    roles(worker, helper),
    grants(parent(key(orders), grantee(worker), operations(CreateGrant, Decrypt))),
    consistency(eventual)
)]
async fn it_makes_grants_until_its_end_has_arrived(
    kms: Kms,
    worker: Caller,
    helper: Caller,
    parent: Grant,
) {
    let sealed = sealed(&kms).await;
    revoke(&kms, parent.id()).await.unwrap();
    let child = || {
        let child = client(&worker).create_grant().key_id(parent.key_arn());
        child.grantee_principal(helper.arn()).operations(GrantOperation::Decrypt).send()
    };
    child().await.unwrap();
    kms.settle();
    refused(child().await).has_code("AccessDeniedException");
    assert!(opens(&helper, &sealed).await);
}

/// One that is retired at once arrives and ends in the same moment.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 60)))]
async fn what_is_retired_at_once_is_never_seen(kms: Kms, admin: Caller, worker: Caller) {
    let sealed = sealed(&kms).await;
    for _ in 0..12 {
        let made = grant(&kms, &worker).await;
        retire(&admin, &made.token).await.unwrap();
        assert!(!opens(&worker, &sealed).await);
        assert!(listed(&kms).await.is_empty() && existing(&kms).is_empty());
        kms.clock().advance(DELAY / 4);
    }
}
