//! A grant that has been made, and has not arrived (facts 5.1, 5.3, 5.4, 3.4.3).

use std::time::Duration;

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::{DELAY, create, grant, listed, retirable, retire_by_id, revoke, sealed};
use crate::calls::{client, existing, granted, opens, opens_with, retire};
use crate::refusal::refused;

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 60)))]
async fn it_opens_nothing_until_its_time_has_passed_fact_5_1(kms: Kms, worker: Caller) {
    let sealed = sealed(&kms).await;
    grant(&kms, &worker).await;
    assert!(!opens(&worker, &sealed).await);
    kms.clock().advance(DELAY.saturating_sub(Duration::from_nanos(1)));
    assert!(!opens(&worker, &sealed).await);
    kms.clock().advance(Duration::from_nanos(1));
    assert!(opens(&worker, &sealed).await);
}

#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn the_default_delay_is_five_minutes(kms: Kms, worker: Caller) {
    let sealed = sealed(&kms).await;
    grant(&kms, &worker).await;
    kms.clock().advance(Duration::from_secs(299));
    assert!(!opens(&worker, &sealed).await && listed(&kms).await.is_empty());
    kms.clock().advance(Duration::from_secs(1));
    assert!(opens(&worker, &sealed).await && listed(&kms).await.len() == 1);
}

#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn settling_lets_it_arrive(kms: Kms, worker: Caller) {
    let sealed = sealed(&kms).await;
    let before = kms.clock().now();
    let first = grant(&kms, &worker).await;
    assert!(!opens(&worker, &sealed).await);
    kms.settle();
    assert!(opens(&worker, &sealed).await);
    assert_eq!(listed(&kms).await, [first.id.as_str()]);
    assert_eq!(kms.clock().now(), before);
    // What comes later takes its time again.
    grant(&kms, &worker).await;
    assert_eq!(listed(&kms).await, [first.id]);
}

/// DescribeKey and Decrypt, for its grantee alone.
#[kms_test(keys(orders), roles(worker, other), users(alice), consistency(eventual))]
async fn its_token_brings_it_along_for_its_grantee_facts_5_3_5_4(
    kms: Kms,
    worker: Caller,
    other: Caller,
    alice: Caller,
) {
    let sealed = sealed(&kms).await;
    let made = grant(&kms, &worker).await;
    assert!(opens_with(&worker, &sealed, &made.token).await);
    let describe = |caller: &Caller| {
        let describe = client(caller).describe_key().key_id(kms.key("orders").arn());
        describe.grant_tokens(&made.token).send()
    };
    describe(&worker).await.unwrap();
    for stranger in [&other, &alice] {
        assert!(!opens_with(stranger, &sealed, &made.token).await);
        refused(describe(stranger).await).has_code("AccessDeniedException");
    }
    // Nor does it help once the grant is there; the grantee does not need it any more.
    kms.settle();
    assert!(!opens_with(&other, &sealed, &made.token).await);
    assert!(opens_with(&worker, &sealed, &made.token).await && opens(&worker, &sealed).await);
}

#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn its_token_opens_no_more_than_it_allows_fact_5_4(kms: Kms, worker: Caller, orders: Key) {
    let made = grant(&kms, &worker).await;
    let data_key = client(&worker).generate_data_key().key_id(orders.arn());
    let data_key = data_key.number_of_bytes(32).grant_tokens(&made.token);
    refused(data_key.send().await).has_code("AccessDeniedException");
}

#[kms_test(keys(orders), roles(worker, other), consistency(eventual))]
async fn a_token_of_another_grant_does_not_help(kms: Kms, worker: Caller, other: Caller) {
    let sealed = sealed(&kms).await;
    let (mine, theirs) = (grant(&kms, &worker).await, grant(&kms, &other).await);
    assert!(!opens_with(&worker, &sealed, &theirs.token).await);
    let decrypt = client(&worker).decrypt().ciphertext_blob(sealed);
    decrypt.grant_tokens(theirs.token).grant_tokens(mine.token).send().await.unwrap();
}

/// A parent is a grant like any other.
#[kms_test(keys(orders), roles(worker, helper), consistency(eventual))]
async fn it_makes_no_grants_before_it_has_arrived_but_with_its_token(
    kms: Kms,
    worker: Caller,
    helper: Caller,
    orders: Key,
) {
    let parent = create(&kms, &worker).operations(GrantOperation::CreateGrant);
    let parent = granted(parent).await;
    let child = || {
        let child = client(&worker).create_grant().key_id(orders.arn());
        child.grantee_principal(helper.arn()).operations(GrantOperation::Decrypt)
    };
    refused(child().send().await).has_code("AccessDeniedException");
    let sealed = sealed(&kms).await;
    let child = granted(child().grant_tokens(parent.token)).await;
    assert!(opens_with(&helper, &sealed, &child.token).await);
}

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 60, list_seconds = 0)))]
async fn it_may_be_listed_before_it_is_effective(kms: Kms, worker: Caller) {
    let sealed = sealed(&kms).await;
    let made = granted(create(&kms, &worker).retiring_principal(worker.arn())).await;
    assert_eq!(listed(&kms).await, [made.id.as_str()]);
    assert_eq!(retirable(&kms, &worker).await, [made.id]);
    assert!(!opens(&worker, &sealed).await);
    kms.clock().advance(DELAY);
    assert!(opens(&worker, &sealed).await);
}

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 0, list_seconds = 60)))]
async fn it_may_be_effective_before_it_is_listed(kms: Kms, worker: Caller, orders: Key) {
    let sealed = sealed(&kms).await;
    let made = granted(create(&kms, &worker).retiring_principal(worker.arn())).await;
    assert!(opens(&worker, &sealed).await);
    assert!(listed(&kms).await.is_empty() && retirable(&kms, &worker).await.is_empty());
    let by = |id: Option<&str>, grantee: Option<&str>| {
        let list = client(&kms.caller("admin")).list_grants().key_id(orders.arn());
        list.set_grant_id(id.map(str::to_owned))
            .set_grantee_principal(grantee.map(str::to_owned))
            .send()
    };
    let filters = [(Some(made.id.as_str()), None), (None, Some(worker.arn()))];
    for (id, grantee) in filters {
        assert!(by(id, grantee).await.unwrap().grants().is_empty());
    }
    assert_eq!(existing(&kms), [made.id.as_str()]);
    kms.clock().advance(DELAY);
    assert_eq!(listed(&kms).await, [made.id.as_str()]);
    assert_eq!(retirable(&kms, &worker).await, [made.id.as_str()]);
    for (id, grantee) in filters {
        assert_eq!(by(id, grantee).await.unwrap().grants().len(), 1);
    }
}

/// A page has as many as were asked for, whatever else there is.
#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn pages_pass_over_what_has_not_arrived(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    for _ in 0..4 {
        grant(&kms, &worker).await;
    }
    kms.settle();
    for _ in 0..4 {
        grant(&kms, &worker).await;
    }
    let pages = client(&admin).list_grants().key_id(orders.arn()).limit(2);
    let mut pages = pages.into_paginator().send();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().grants().len());
    }
    assert_eq!(sizes, [2, 2]);
}

#[kms_test(keys(orders), roles(worker, janitor), consistency(eventual))]
async fn it_is_retired_by_its_token_and_not_by_its_id_fact_3_4_3(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
) {
    let made = granted(create(&kms, &worker).retiring_principal(janitor.arn())).await;
    for caller in [&janitor, &admin] {
        retire_by_id(&kms, caller, &made.id).await.unwrap_err().has_code("NotFoundException");
    }
    // The token proves nothing about who calls.
    retire(&worker, &made.token).await.unwrap_err().has_code("AccessDeniedException");
    assert_eq!(existing(&kms), [made.id.as_str()]);
    retire(&janitor, &made.token).await.unwrap();
    assert!(existing(&kms).is_empty());
    kms.clock().advance(Duration::from_mins(5));
    assert!(listed(&kms).await.is_empty());
}

/// The end of one that has never arrived is not seen before its beginning.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 60)))]
async fn what_ends_before_it_arrives_is_seen_in_between(kms: Kms, admin: Caller, worker: Caller) {
    let sealed = sealed(&kms).await;
    let made = grant(&kms, &worker).await;
    kms.clock().advance(DELAY / 2);
    retire(&admin, &made.token).await.unwrap();
    assert!(!opens(&worker, &sealed).await && opens_with(&worker, &sealed, &made.token).await);
    kms.clock().advance(DELAY / 2);
    assert!(opens(&worker, &sealed).await && listed(&kms).await.len() == 1);
    kms.clock().advance(DELAY / 2);
    assert!(!opens(&worker, &sealed).await && listed(&kms).await.is_empty());
}

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 60, list_seconds = 0)))]
async fn it_cannot_be_revoked_though_it_may_be_listed(kms: Kms, worker: Caller) {
    let made = grant(&kms, &worker).await;
    assert_eq!(listed(&kms).await, [made.id.as_str()]);
    revoke(&kms, &made.id).await.unwrap_err().has_code("NotFoundException");
    kms.clock().advance(DELAY);
    revoke(&kms, &made.id).await.unwrap();
}

#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn a_retry_by_name_finds_it_facts_3_1_4_2_7(kms: Kms, worker: Caller) {
    let create = || granted(create(&kms, &worker).name("nightly"));
    let (first, second) = (create().await, create().await);
    assert_eq!(first.id, second.id);
    assert_ne!(first.token, second.token);
    assert_eq!(existing(&kms), [first.id]);
    // Either token.
    let sealed = sealed(&kms).await;
    for token in [first.token, second.token] {
        assert!(opens_with(&worker, &sealed, &token).await);
    }
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), retiring(worker), operations(Decrypt))),
    consistency(eventual)
)]
async fn a_declared_grant_is_there_from_the_start(kms: Kms, worker: Caller, access: Grant) {
    let sealed = sealed(&kms).await;
    assert!(opens(&worker, &sealed).await);
    assert_eq!(listed(&kms).await, [access.id()]);
    assert_eq!(retirable(&kms, &worker).await, [access.id()]);
}
