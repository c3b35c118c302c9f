//! `kms.until` waits for what calls bring about, in every flavour of runtime, and not for ever.

use std::time::Duration;

use aws_sdk_kms::types::GrantListEntry;
use kms_fixture::{Caller, Fixture, Grant, Key, Kms, Operation, kms_test};

use super::calls::{client, client_in, describe};

/// Retires every grant of the caller, after an hour of tokio's time.
async fn sweep(janitor: Caller) {
    tokio::time::sleep(Duration::from_hours(1)).await;
    let client = client(&janitor);
    let list = client.list_retirable_grants().retiring_principal(janitor.arn());
    let found: Vec<GrantListEntry> =
        list.into_paginator().items().send().collect::<Result<_, _>>().await.unwrap();
    for grant in found {
        let retire = client.retire_grant().key_id(grant.key_id.unwrap());
        retire.grant_id(grant.grant_id.unwrap()).send().await.unwrap();
    }
}

#[kms_test(
    keys(orders),
    roles(worker, janitor(allow("kms:ListRetirableGrants"))),
    grants(
        access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        more(key(orders), grantee(worker), retiring(janitor), operations(Encrypt))
    ),
    start_paused = true
)]
async fn a_sweeper_on_a_paused_clock_is_waited_for(kms: Kms, janitor: Caller, access: Grant) {
    let sweeper = tokio::spawn(sweep(janitor.clone()));
    kms.until(|it| it.grants().is_empty()).await;
    kms.calls().by(&janitor).of(Operation::RetireGrant).assert_count(2);
    kms.calls().by(&janitor).on(&access).refused().assert_none();
    sweeper.await.unwrap();
}

#[kms_test(keys(orders), flavor = "multi_thread", worker_threads = 2, timeout = 60)]
async fn a_task_on_another_thread_is_waited_for(kms: Kms, admin: Caller, orders: Key) {
    let task = tokio::spawn(async move { describe(&admin, orders.id()).await });
    kms.until(|it| !it.calls().is_empty()).await;
    task.await.unwrap().unwrap();
}

/// The client has a thread and a runtime of its own, and a socket; the test has no runtime but a wait.
#[kms_test(keys(orders), transport = "tcp")]
fn a_client_over_tcp_is_waited_for(kms: Kms, admin: Caller, orders: Key) {
    let client = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { describe(&admin, orders.id()).await })
    });
    let mut paused = tokio::runtime::Builder::new_current_thread();
    let paused = paused.enable_all().start_paused(true).build().unwrap();
    paused.block_on(kms.until(|it| it.calls().count() == 1));
    client.join().unwrap().unwrap();
}

#[tokio::test]
async fn the_test_s_own_changes_are_noticed() {
    let kms = Fixture::builder().key("orders").start().unwrap();
    let start = kms.clock().now();
    let waiting = tokio::spawn({
        let kms = kms.clone();
        async move { kms.until(|it| it.clock().now() > start).await }
    });
    tokio::task::yield_now().await;
    kms.clock().advance(Duration::from_secs(1));
    waiting.await.unwrap();

    let waiting = tokio::spawn({
        let kms = kms.clone();
        async move { kms.until(|it| it.keys().len() == 2).await }
    });
    tokio::task::yield_now().await;
    kms.add_key("archive").unwrap();
    waiting.await.unwrap();
}

/// Many tasks wait while many call; each wakes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_is_missed() {
    let kms = Fixture::builder().key("orders").start().unwrap();
    let waiting: Vec<_> = (1..=50)
        .map(|count| {
            let kms = kms.clone();
            tokio::spawn(async move { kms.until(|it| it.calls().count() >= count).await })
        })
        .collect();
    for _ in 0..50 {
        describe(&kms.caller("admin"), kms.key("orders").id()).await.unwrap();
    }
    for task in waiting {
        task.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_fails_shows_its_place_and_the_table() {
    let kms = Fixture::builder().key("orders").role("worker").start().unwrap();
    describe(&kms.caller("worker"), kms.key("orders").id()).await.unwrap_err();
    let line = line!() + 1;
    let waiting = kms.until(|it| it.grants().len() == 1).within(Duration::from_millis(50));
    let waiting = tokio::spawn(waiting);
    let panic = waiting.await.unwrap_err().into_panic();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains(&format!("until.rs:{line}:")), "{text}");
    assert!(text.contains("the condition of `until` does not hold after 0.05 s"), "{text}");
    assert!(text.contains("worker") && text.contains("DescribeKey"), "{text}");
    assert!(text.contains("no policy of worker allows kms:DescribeKey"), "{text}");
}

/// A call that is refused before it reaches the fake is a call, too.
#[tokio::test]
async fn a_refused_signature_wakes() {
    let kms = Fixture::builder().start().unwrap();
    let stray = client_in(&kms.caller("admin"), "eu-west-1");
    let task = tokio::spawn(async move { stray.list_keys().send().await.is_err() });
    kms.until(|it| it.calls().refused().count() == 1).await;
    assert!(task.await.unwrap());
}
