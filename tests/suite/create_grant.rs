//! CreateGrant: what it returns, and when it makes a new grant (`kms-facts.md` 3.1).

use aws_sdk_kms::operation::create_grant::builders::CreateGrantFluentBuilder;
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{
    create, describe, equals, existing, grant, granted, listed, retire, revoke, subset,
};
use super::refusal::refused;

#[kms_test(keys(orders), roles(worker))]
async fn a_grant_has_a_hexadecimal_id_and_a_url_safe_token_facts_2_5_2_6(
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let made = grant(&admin, orders.id(), worker.arn(), &["Decrypt"]).await;
    assert_eq!(made.id.len(), 64);
    assert!(made.id.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')), "{}", made.id);
    assert!((1..=8192).contains(&made.token.len()));
    // A text, and not base64 of bytes (fact 1.14).
    let is_url_safe = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    assert!(made.token.bytes().all(is_url_safe), "{}", made.token);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_new_grant_is_listed_at_once_fact_3_1_2(admin: Caller, orders: Key, worker: Caller) {
    // The key may be named by its id or its ARN.
    for key in [orders.id(), orders.arn()] {
        let made = grant(&admin, key, worker.arn(), &["Decrypt"]).await;
        assert_eq!(listed(&admin, key).await, [made.id.as_str()]);
        revoke(&admin, key, &made.id).await.unwrap();
    }
}

#[kms_test(keys(orders), roles(worker))]
async fn every_call_without_a_name_makes_a_new_grant_fact_3_1_3(
    kms: Kms,
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let make = || grant(&admin, orders.id(), worker.arn(), &["Decrypt"]);
    let (one, other) = (make().await, make().await);
    assert_ne!(one.id, other.id);
    assert_ne!(one.token, other.token);
    assert_eq!(kms.grants().len(), 2);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_named_retry_returns_the_same_grant_and_a_new_token_facts_3_1_4_9_4(
    kms: Kms,
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let make = |operations: &[&str]| {
        granted(create(&admin, orders.id(), worker.arn(), operations).name("nightly"))
    };
    let one = make(&["Decrypt", "Encrypt"]).await;
    let same = make(&["Encrypt", "Decrypt"]).await;
    assert_eq!(one.id, same.id);
    assert_ne!(one.token, same.token);
    assert_eq!(existing(&kms), [one.id.as_str()]);
    // Every token of a grant retires it (fact 2.7), and then the others are invalid.
    retire(&admin, &one.token).await.unwrap();
    assert!(existing(&kms).is_empty());
    for token in [&one.token, &same.token] {
        retire(&admin, token).await.unwrap_err().has_code("InvalidGrantTokenException");
    }
    // The name is free again.
    assert_ne!(make(&["Decrypt", "Encrypt"]).await.id, one.id);
}

#[kms_test(keys(orders), roles(worker, other))]
async fn the_same_name_with_other_parameters_makes_another_grant_fact_3_1_5(
    admin: Caller,
    orders: Key,
    worker: Caller,
    other: Caller,
) {
    type Change = Box<dyn Fn(CreateGrantFluentBuilder) -> CreateGrantFluentBuilder>;
    let (grantee, retiring) = (other.arn().to_owned(), other.arn().to_owned());
    let changes: [Change; 7] = [
        Box::new(move |it| it.grantee_principal(&grantee)),
        Box::new(move |it| it.retiring_principal(&retiring)),
        Box::new(|it| it.operations("Encrypt".into())),
        Box::new(|it| it.constraints(subset(&[("a", "b")]))),
        Box::new(|it| it.constraints(equals(&[("a", "c")]))),
        Box::new(|it| it.constraints(equals(&[("a", "b"), ("c", "d")]))),
        Box::new(|it| it.name("weekly")),
    ];
    let start = || {
        let start = create(&admin, orders.id(), worker.arn(), &["Decrypt", "DescribeKey"]);
        start.name("nightly").retiring_principal(worker.arn()).constraints(equals(&[("a", "b")]))
    };
    let first = granted(start()).await;
    let mut ids = vec![first.id.clone()];
    for change in changes {
        let made = granted(change(start())).await;
        assert!(!ids.contains(&made.id));
        ids.push(made.id);
    }
    assert_eq!(granted(start()).await.id, first.id);
}

#[kms_test(keys(orders, invoices), roles(worker))]
async fn one_name_on_two_keys_makes_two_grants_fact_3_1_6(
    admin: Caller,
    orders: Key,
    invoices: Key,
    worker: Caller,
) {
    let make =
        |key: &Key| granted(create(&admin, key.arn(), worker.arn(), &["Decrypt"]).name("nightly"));
    let (one, other) = (make(&orders).await, make(&invoices).await);
    assert_ne!(one.id, other.id);
    assert_eq!(listed(&admin, orders.id()).await, [one.id]);
    assert_eq!(listed(&admin, invoices.id()).await, [other.id]);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_named_retry_compares_bound_identities_fact_8b_10(
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let make = |principal: &str| {
        granted(create(&admin, orders.id(), principal, &["Decrypt"]).name("nightly"))
    };
    let by_arn = make(worker.arn()).await;
    assert_eq!(by_arn.id, make(worker.unique_id().unwrap()).await.id);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_dry_run_makes_no_grant_row_15_fact_3_1_16(
    kms: Kms,
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let create = create(&admin, orders.id(), worker.arn(), &["Decrypt"]).dry_run(true);
    refused(create.send().await).is_dry_run();
    assert!(kms.grants().is_empty());
}

#[kms_test(keys(orders), roles(worker))]
async fn a_dry_run_that_would_fail_says_why(admin: Caller, orders: Key, worker: Caller) {
    let by_worker = create(&worker, orders.id(), admin.arn(), &["Decrypt"]).dry_run(true);
    refused(by_worker.send().await).has_code("AccessDeniedException");
    let wrong = create(&admin, orders.id(), worker.arn(), &["CreateGrant"]).dry_run(true);
    refused(wrong.send().await).has_code("ValidationException");
}

#[kms_test(keys(orders), roles(worker))]
async fn repeated_operations_count_once(kms: Kms, admin: Caller, orders: Key, worker: Caller) {
    grant(&admin, orders.id(), worker.arn(), &["Decrypt", "Decrypt"]).await;
    assert_eq!(kms.grants()[0].operations().len(), 1);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_grant_never_expires_fact_9_16(kms: Kms, admin: Caller, orders: Key, worker: Caller) {
    grant(&admin, orders.id(), worker.arn(), &["DescribeKey"]).await;
    kms.clock().advance(std::time::Duration::from_hours(24 * 365 * 10));
    // The credentials of a session do expire.
    let worker = kms.session("worker", "later").unwrap();
    describe(&worker, orders.id()).await.unwrap();
    assert_eq!(kms.grants().len(), 1);
}
