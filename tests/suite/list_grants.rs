//! ListGrants (`kms-facts.md` 3.2).

use std::collections::BTreeSet;

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{denied, refused};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(
        bare(key(orders), grantee(worker), operations(Decrypt)),
        full(
            key(orders),
            grantee(worker),
            retiring(janitor),
            operations(Encrypt, Decrypt),
            name = "nightly",
            context_subset(tenant = "acme")
        )
    )
)]
async fn an_entry_has_the_members_of_section_3_2(
    admin: Caller,
    orders: Key,
    bare: Grant,
    full: Grant,
) {
    let listed = client(&admin).list_grants().key_id(orders.id()).send().await.unwrap();
    assert!(!listed.truncated());
    assert_eq!(listed.next_marker(), None);
    let entry = |grant: &Grant| {
        let found = listed.grants().iter().find(|it| it.grant_id() == Some(grant.id()));
        found.unwrap().clone()
    };
    let bare = entry(&bare);
    // The full ARN whatever the request used (fact 2.11); no name is the empty string.
    assert_eq!(bare.key_id(), Some(orders.arn()));
    assert_eq!(bare.name(), Some(""));
    assert_eq!(bare.issuing_account(), Some("arn:aws:iam::111122223333:root"));
    assert_eq!(bare.operations(), [GrantOperation::Decrypt]);
    assert_eq!((bare.retiring_principal(), bare.constraints()), (None, None));
    let full = entry(&full);
    assert_eq!(full.name(), Some("nightly"));
    assert_eq!(full.grantee_principal(), Some("arn:aws:iam::111122223333:role/worker"));
    assert_eq!(full.retiring_principal(), Some("arn:aws:iam::111122223333:role/janitor"));
    let subset = full.constraints().unwrap().encryption_context_subset().unwrap();
    assert_eq!(subset["tenant"], "acme");
}

#[kms_test(
    keys(orders),
    roles(worker, other),
    grants(
        a(key(orders), grantee(worker), operations(Decrypt)),
        b(key(orders), grantee(other), operations(Decrypt)),
        c(key(orders), grantee(worker), operations(Encrypt))
    )
)]
async fn pages_hold_every_grant_once(admin: Caller, orders: Key, kms: Kms) {
    for limit in 1..=4 {
        let pages = client(&admin).list_grants().key_id(orders.arn()).limit(limit).into_paginator();
        let all: Vec<_> = pages.items().send().collect::<Result<_, _>>().await.unwrap();
        let ids: Vec<_> = all.iter().filter_map(|it| it.grant_id()).collect();
        assert!(ids.is_sorted(), "fact 3.2.4: by id");
        let expected: BTreeSet<_> = ["a", "b", "c"].map(|it| kms.grant(it).id().to_owned()).into();
        assert_eq!(ids.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), expected);
        assert_eq!(all.len(), 3);
    }
}

#[kms_test(
    keys(orders, invoices),
    roles(worker),
    grants(
        a(key(orders), grantee(worker), operations(Decrypt)),
        b(key(orders), grantee(worker), operations(Decrypt)),
        c(key(orders), grantee(worker), operations(Encrypt))
    )
)]
async fn a_marker_outlives_the_grants_of_its_page(admin: Caller, orders: Key, invoices: Key) {
    let client = client(&admin);
    let first = client.list_grants().key_id(orders.id()).limit(1).send().await.unwrap();
    assert!(first.truncated());
    let marker = first.next_marker().unwrap();
    let seen = first.grants()[0].grant_id().unwrap();
    client.revoke_grant().key_id(orders.id()).grant_id(seen).send().await.unwrap();
    // Another limit may follow; nothing is skipped, nothing repeated.
    let rest = client.list_grants().key_id(orders.id()).marker(marker).limit(5);
    let rest = rest.send().await.unwrap();
    assert_eq!(rest.grants().len(), 2);
    assert!(rest.grants().iter().all(|it| it.grant_id() != Some(seen)));

    // A marker belongs to its query and to this fixture.
    let foreign = client.list_grants().key_id(invoices.id()).marker(marker);
    refused(foreign.send().await).is_silent("InvalidMarkerException");
    for broken in ["x", "AAAA", &marker[1..], &format!("{marker}A")] {
        let broken = client.list_grants().key_id(orders.id()).marker(broken);
        refused(broken.send().await).is_silent("InvalidMarkerException");
    }
}

#[kms_test(
    keys(orders),
    roles(worker, other),
    grants(
        a(key(orders), grantee(worker), operations(Decrypt)),
        b(key(orders), grantee(other), operations(Decrypt))
    )
)]
async fn filters_are_exact_fact_3_2_5(
    kms: Kms,
    admin: Caller,
    orders: Key,
    worker: Caller,
    a: Grant,
) {
    let list = || client(&admin).list_grants().key_id(orders.id());
    let by_grantee = list().grantee_principal(worker.arn()).send().await.unwrap();
    assert_eq!(by_grantee.grants()[0].grant_id(), Some(a.id()));
    assert_eq!(by_grantee.grants().len(), 1);
    // A session of the role is another principal than the role.
    let by_session = list().grantee_principal(worker.caller_arn()).send().await.unwrap();
    assert!(by_session.grants().is_empty());
    let by_id = list().grant_id(a.id()).send().await.unwrap();
    assert_eq!(by_id.grants().len(), 1);
    let both = list().grant_id(a.id()).grantee_principal(kms.caller("other").arn());
    assert!(both.send().await.unwrap().grants().is_empty());
    let unknown = list().grant_id("0".repeat(64)).send().await.unwrap();
    assert!(unknown.grants().is_empty() && !unknown.truncated());
    refused(list().grant_id("no-grant").send().await).has_code("InvalidGrantIdException");
    let nobody = "arn:aws:iam::111122223333:role/Nobody";
    refused(list().grantee_principal(nobody).send().await)
        .is("InvalidArnException", &format!("ARN does not refer to a valid principal: {nobody}"));
}

#[kms_test(keys(orders), roles(worker, lister(allow("kms:ListGrants"))))]
async fn the_key_policy_hands_the_decision_to_the_account(
    worker: Caller,
    lister: Caller,
    orders: Key,
) {
    client(&lister).list_grants().key_id(orders.id()).send().await.unwrap();
    let text = denied(&worker, "ListGrants", orders.arn(), "identity-based policy");
    refused(client(&worker).list_grants().key_id(orders.id()).send().await)
        .is("AccessDeniedException", &text);
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt, DescribeKey)))
)]
async fn no_grant_allows_listing_section_4(worker: Caller, orders: Key) {
    client(&worker).describe_key().key_id(orders.id()).send().await.unwrap();
    refused(client(&worker).list_grants().key_id(orders.id()).send().await)
        .has_code("AccessDeniedException");
}

#[kms_test(keys(orders))]
async fn a_key_without_grants_has_an_empty_list(admin: Caller, orders: Key) {
    let listed = client(&admin).list_grants().key_id(orders.id()).send().await.unwrap();
    assert!(listed.grants().is_empty() && !listed.truncated());
    refused(client(&admin).list_grants().key_id("invalid").send().await)
        .is("NotFoundException", "Invalid keyId 'invalid'");
}

#[kms_test(keys(orders))]
async fn only_services_filter_by_service_principal(admin: Caller, orders: Key) {
    let list = client(&admin).list_grants().key_id(orders.id());
    let list = list.grantee_service_principal("dynamodb.us-east-1.amazonaws.com");
    refused(list.send().await).has_code("AccessDeniedException");
}
