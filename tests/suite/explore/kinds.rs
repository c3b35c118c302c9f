//! Every kind of test can be explored.

use kms_fixture::scenario::ClockKind;
use kms_fixture::{Caller, Fault, Key, Kms, kms_test};

use super::super::calls::client;
use super::{describe, lease_and_retire, world};

#[kms_test(keys(orders), roles(worker, janitor), leaks(deny), explore(throttled, lost_answer))]
async fn on_one_thread(kms: Kms) {
    lease_and_retire(&kms).await;
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    explore(internal, lost_request),
    flavor = "multi_thread",
    worker_threads = 2
)]
async fn on_several_threads(kms: Kms) {
    lease_and_retire(&kms).await;
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    explore(unavailable, lost_answer),
    transport = "tcp"
)]
async fn over_tcp(kms: Kms) {
    lease_and_retire(&kms).await;
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    explore(internal, lost_answer),
    start_paused = true
)]
async fn with_a_paused_clock(kms: Kms) {
    let start = kms.clock().now();
    lease_and_retire(&kms).await;
    tokio::time::sleep(std::time::Duration::from_hours(1)).await;
    assert!(kms.clock().now() >= start + std::time::Duration::from_hours(1));
}

#[kms_test(keys(orders), roles(worker, janitor), explore(throttled), timeout = 3600)]
async fn in_time(kms: Kms) {
    lease_and_retire(&kms).await;
}

#[kms_test(keys(orders), explore(dependency_timeout, expired))]
fn without_a_runtime(kms: Kms, orders: Key, admin: Caller) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(describe(&admin, &orders));
    assert!(!kms.calls().is_empty());
}

#[kms_test(explore(throttled, at_most = 5))]
async fn with_a_result(admin: Caller) -> Result<(), aws_sdk_kms::Error> {
    client(&admin).list_keys().send().await?;
    Ok(())
}

#[kms_test(keys(orders), explore(throttled), cases(one(count = 1), three(count = 3)))]
async fn with_cases(count: usize, kms: Kms, admin: Caller, orders: Key) {
    for _ in 0..count {
        describe(&admin, &orders).await;
    }
    let struck = kms.calls().iter().filter(|it| it.fault().is_some()).count();
    assert_eq!(kms.calls().len(), count + struck);
}

/// The runs with a fault have other calls; only the first is compared.
#[kms_test(keys(orders), explore(throttled, lost_answer), snapshot)]
async fn with_a_snapshot(admin: Caller, orders: Key) {
    describe(&admin, &orders).await;
}

#[kms_test(keys(orders), roles(worker, janitor), explore(throttled, orders = 10))]
async fn with_orders(kms: Kms, worker: Caller, orders: Key) {
    tokio::join!(lease_and_retire(&kms), describe(&worker, &orders));
}

#[test]
fn a_function_explores_with_a_paused_clock() {
    let explored =
        world().explore([Fault::internal()]).start_paused().run_async(|kms| async move {
            let start = kms.clock().now();
            tokio::time::sleep(std::time::Duration::from_mins(1)).await;
            assert!(kms.clock().now() >= start + std::time::Duration::from_mins(1));
            lease_and_retire(&kms).await;
        });
    assert_eq!(explored.runs(), 2);
}

#[test]
fn a_function_explores_by_the_clock_of_each_runtime() {
    let world = world().clock(ClockKind::Tokio);
    let explored = world.explore([Fault::late(std::time::Duration::from_millis(1))]).run_async(
        |kms: Kms| async move {
            lease_and_retire(&kms).await;
        },
    );
    assert_eq!(explored.runs(), 2);
}

#[test]
fn a_function_explores_a_plain_test() {
    let explored = world().explore([Fault::throttled(), Fault::lost_answer()]).run(|kms: Kms| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(lease_and_retire(&kms));
    });
    assert_eq!(explored.runs(), 4);
}
