//! A failing test prints the table of its calls last. The failing tests are run in a process of their own.

use std::process::Command;
use std::time::Duration;

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, create, describe, granted};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
#[ignore = "fails on purpose"]
async fn on_purpose_by_panic(worker: Caller, access: Grant) {
    client(&worker).retire_grant().grant_token(access.token()).send().await.unwrap();
}

#[kms_test(keys(orders))]
#[ignore = "fails on purpose"]
async fn on_purpose_by_error(admin: Caller, orders: Key) -> Result<(), String> {
    client(&admin).describe_key().key_id(orders.id()).send().await.map_err(|it| it.to_string())?;
    Err("the error of the test".to_owned())
}

#[kms_test(scenario(with_a_missing_file))]
#[ignore = "fails on purpose"]
fn on_purpose_at_the_start(_kms: Kms) {}

/// A file whose path the compiler cannot check.
fn with_a_missing_file() -> kms_fixture::Scenario {
    let scenario = r#"{"keys": {"orders": {"policy": "policies/missing.json"}}}"#;
    serde_json::from_str(scenario).unwrap()
}

#[kms_test(keys(orders), timeout = 1)]
#[ignore = "fails on purpose"]
async fn on_purpose_by_waiting(admin: Caller, orders: Key) {
    client(&admin).describe_key().key_id(orders.id()).send().await.unwrap();
    std::future::pending::<()>().await;
}

#[kms_test(keys(orders), timeout = 1)]
#[ignore = "fails on purpose"]
fn on_purpose_by_blocking(kms: Kms) {
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    assert_eq!(kms.keys().len(), 1);
    receiver.recv().unwrap();
}

/// The grant arrives by the fixture's clock, which does not follow tokio's sleeps here.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 30)), timeout = 1)]
#[ignore = "fails on purpose"]
async fn on_purpose_by_trying_again(admin: Caller, worker: Caller, orders: Key) {
    granted(create(&admin, orders.arn(), worker.arn(), &["DescribeKey"])).await;
    while describe(&worker, orders.id()).await.is_err() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The SDK waits before it tries again, on a thread that does not come back to it.
#[kms_test(keys(orders), faults(throttled(operation(DescribeKey))), timeout = 1)]
#[ignore = "fails on purpose"]
async fn on_purpose_by_blocking_the_sdk(kms: Kms, admin: Caller, orders: Key) {
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    let blocking = tokio::spawn(async move {
        kms.until(|it| it.calls().count() == 1).await;
        receiver.recv().unwrap();
    });
    tokio::task::yield_now().await;
    tokio::spawn(async move { describe(&admin, orders.id()).await });
    blocking.await.unwrap();
}

#[kms_test(
    keys(orders),
    faults(late(operation(DescribeKey), millis = 3_600_000)),
    clock(machine),
    transport = "tcp",
    timeout = 1
)]
#[ignore = "fails on purpose"]
async fn on_purpose_by_a_late_answer(admin: Caller, orders: Key) {
    describe(&admin, orders.id()).await.unwrap();
}

#[kms_test(keys(orders), timeout = 2)]
#[ignore = "fails on purpose"]
async fn on_purpose_by_a_wait(kms: Kms, admin: Caller, orders: Key) {
    client(&admin).describe_key().key_id(orders.id()).send().await.unwrap();
    kms.until(|it| !it.grants().is_empty()).await;
}

#[kms_test(keys(orders))]
#[should_panic(expected = "no panic")]
#[ignore = "fails on purpose"]
async fn on_purpose_without_a_panic(admin: Caller, orders: Key) {
    client(&admin).describe_key().key_id(orders.id()).send().await.unwrap();
}

#[kms_test(roles(worker, janitor))]
#[ignore = "fails on purpose"]
fn on_purpose_by_a_wrong_name(kms: Kms) {
    kms.caller("wroker");
}

fn output_of(test: &str) -> String {
    let name = format!("failing::{test}");
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", &name, "--nocapture", "--test-threads=1"])
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    assert!(!run.status.success(), "{name} should fail");
    String::from_utf8(run.stderr).unwrap()
}

#[test]
fn the_table_comes_after_the_panic() {
    let output = output_of("on_purpose_by_panic");
    let (before, table) = output.split_once("\ncalls of ").unwrap_or_else(|| panic!("{output}"));
    assert!(before.contains("panicked at"));
    assert!(table.starts_with("suite::failing::on_purpose_by_panic:\n"), "{table}");
    let row = table.lines().find(|it| it.contains("RetireGrant")).unwrap();
    for word in ["worker", "RetireGrant", "access", "AccessDeniedException"] {
        assert!(row.contains(word), "{row}");
    }
    let reasons = table.split_once("AccessDeniedException\n").unwrap().1;
    assert!(reasons.contains("access has janitor as its retiring principal"), "{table}");
}

#[test]
fn the_table_comes_after_the_error() {
    let output = output_of("on_purpose_by_error");
    let (before, table) = output.split_once("\ncalls of ").unwrap_or_else(|| panic!("{output}"));
    assert!(before.contains("the error of the test"), "{before}");
    let last = table.trim_end().lines().last().unwrap();
    assert!(
        last.contains("DescribeKey") && last.contains("orders") && last.ends_with("ok"),
        "{last}"
    );
}

#[test]
fn a_test_that_hangs_prints_its_table_and_fails() {
    let output = output_of("on_purpose_by_waiting");
    let (before, table) = output.split_once("\ncalls of ").unwrap_or_else(|| panic!("{output}"));
    let path = "suite::failing::on_purpose_by_waiting";
    assert!(before.contains(&format!("{path} has not ended after 1 s")), "{before}");
    let last = table.trim_end().lines().last().unwrap();
    assert!(last.contains("DescribeKey") && last.ends_with("ok"), "{last}");
}

/// Returns what a test that hangs prints before its table.
fn report_of(test: &str) -> String {
    let output = output_of(test);
    let (before, _) = output.split_once("\ncalls of ").unwrap_or_else(|| panic!("{output}"));
    before.split_once("has not ended after 1 s").unwrap_or_else(|| panic!("{output}")).1.to_owned()
}

#[test]
fn a_test_that_hangs_names_the_next_step_last() {
    let report = report_of("on_purpose_by_waiting");
    let last = report.trim_end().lines().last().unwrap();
    assert!(
        last.starts_with("help: no call is under way") && last.contains("`kms.until("),
        "{report}"
    );
    assert!(!report.contains("\nunder way"), "{report}");
    let report = report_of("on_purpose_by_blocking");
    assert!(report.contains("help: in an `async` test, `kms.until("), "{report}");
}

#[test]
fn a_test_that_tries_again_for_ever_names_the_call_and_the_clock() {
    let report = report_of("on_purpose_by_trying_again");
    assert!(report.contains("under way: its last "), "{report}");
    assert!(report.contains("DescribeKey by worker: AccessDeniedException"), "{report}");
    assert!(report.contains("help: tokio's sleeps do not move the fixture's clock"), "{report}");
    assert!(report.contains("`start_paused = true`"), "{report}");
}

#[test]
fn a_test_that_blocks_the_sdk_s_thread_is_told_so() {
    let report = report_of("on_purpose_by_blocking_the_sdk");
    assert!(report.contains("under way: a sleep of the SDK, or a late answer, has "), "{report}");
    assert!(report.contains("something blocks its thread"), "{report}");
}

#[test]
fn a_request_without_an_answer_is_under_way() {
    let report = report_of("on_purpose_by_a_late_answer");
    assert!(report.contains("under way: 1 request has no answer yet"), "{report}");
}

/// The limit of the test counts for a wait, which says more.
#[test]
fn a_wait_that_fails_says_what_it_waited_for() {
    let output = output_of("on_purpose_by_a_wait");
    let (before, table) = output.split_once("\ncalls of ").unwrap_or_else(|| panic!("{output}"));
    assert!(before.contains("the condition of `until` does not hold after 1."), "{before}");
    assert!(before.contains("failing.rs:") && !before.contains("has not ended after"), "{before}");
    assert!(table.contains("DescribeKey"), "{table}");
}

#[test]
fn a_test_that_should_panic_and_does_not_prints_its_table() {
    let output = output_of("on_purpose_without_a_panic");
    let path = "suite::failing::on_purpose_without_a_panic";
    assert!(output.contains(&format!("{path} did not panic (`#[should_panic]`)")), "{output}");
    let table = output.split_once("\ncalls of ").unwrap().1;
    assert!(table.contains("DescribeKey"), "{output}");
}

#[test]
fn a_wrong_name_is_reported_where_it_is_written_with_the_nearest_one() {
    let output = output_of("on_purpose_by_a_wrong_name");
    let line = include_str!("failing.rs").lines().position(|it| it.contains("(\"wroker\")"));
    assert!(output.contains(&format!("failing.rs:{}:", line.unwrap() + 1)), "{output}");
    assert!(
        output.contains("no role or user named `wroker` is declared; did you mean `worker`?"),
        "{output}"
    );
}

#[test]
fn a_plain_test_that_blocks_fails_as_well() {
    let output = output_of("on_purpose_by_blocking");
    assert!(output.contains("on_purpose_by_blocking has not ended after 1 s"), "{output}");
    assert!(output.contains("no calls"), "{output}");
}

/// Every kind of test keeps its behaviour on the thread that a limit gives it.
mod in_time {
    use super::*;

    #[kms_test(timeout = 3600)]
    fn plain(kms: Kms) {
        assert!(std::thread::current().name().is_some());
        assert!(kms.keys().is_empty());
    }

    #[kms_test(timeout = 3600, start_paused = true)]
    async fn paused(_kms: Kms) {
        tokio::time::sleep(std::time::Duration::from_hours(2)).await;
    }

    #[kms_test(timeout = 3600, flavor = "multi_thread", worker_threads = 2)]
    async fn on_threads(admin: Caller) -> Result<(), aws_sdk_kms::Error> {
        tokio::spawn(client(&admin).list_keys().send()).await.unwrap()?;
        Ok(())
    }
}

#[test]
fn a_fixture_that_cannot_start_says_why() {
    let output = output_of("on_purpose_at_the_start");
    assert!(
        output.contains("suite::failing::on_purpose_at_the_start: the fixture cannot start"),
        "{output}"
    );
    assert!(output.contains("$.keys.orders.policy: cannot read the policy `"), "{output}");
    assert!(output.contains("suite/policies/missing.json"), "{output}");
}
