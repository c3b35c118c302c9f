//! The findings of an exploration, and how it reports them. The failing tests are run in a process of their own.

use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use kms_fixture::{Caller, Fault, Key, Kms, kms_test};

use super::super::calls::client;
use super::{describe, lease, lease_and_retire, world};

#[kms_test(keys(orders), roles(worker, janitor), explore(throttled, internal, lost_answer))]
#[ignore = "fails on purpose"]
async fn on_purpose_without_a_name(kms: Kms) {
    lease(&kms, None).await;
    assert_eq!(kms.grants().len(), 1, "there is one lease");
}

#[kms_test(keys(orders), roles(worker, janitor), explore(throttled, internal, lost_answer))]
#[ignore = "fails on purpose"]
async fn on_purpose_without_patience(kms: Kms, janitor: Caller) {
    let token = lease(&kms, Some("lease")).await;
    client(&janitor).retire_grant().grant_token(token).send().await.unwrap();
}

#[kms_test(keys(orders), roles(worker, janitor), leaks(deny), explore(lost_answer))]
#[ignore = "fails on purpose"]
async fn on_purpose_by_a_leak(kms: Kms, janitor: Caller) {
    let token = lease(&kms, None).await;
    super::retire(&janitor, &token).await;
}

#[kms_test(explore(throttled))]
#[ignore = "fails on purpose"]
async fn on_purpose_in_the_first_run(admin: Caller) {
    client(&admin).list_keys().send().await.unwrap();
    panic!("the test is wrong");
}

static RUNS: AtomicUsize = AtomicUsize::new(0);

#[kms_test(keys(orders), roles(worker), explore(throttled))]
#[ignore = "fails on purpose"]
async fn on_purpose_by_another_call(admin: Caller, worker: Caller, orders: Key) {
    client(&admin).list_keys().send().await.unwrap();
    let is_first = RUNS.fetch_add(1, Ordering::Relaxed) == 0;
    describe(if is_first { &admin } else { &worker }, &orders).await;
}

#[kms_test(keys(orders), explore(throttled))]
#[ignore = "fails on purpose"]
async fn on_purpose_by_fewer_calls(admin: Caller, orders: Key) {
    if RUNS.fetch_add(1, Ordering::Relaxed) == 0 {
        describe(&admin, &orders).await;
    }
}

/// Fails for every lost answer, and for no throttled call.
#[kms_test(keys(orders), roles(worker, janitor), explore(throttled, lost_answer, orders = 2))]
#[ignore = "fails on purpose"]
async fn on_purpose_again_and_again(kms: Kms) {
    eprintln!("a run begins");
    lease_and_retire(&kms).await;
    let lost = kms.calls().iter().any(|it| it.fault() == Some("lost_answer"));
    assert!(!lost, "an answer is lost");
}

#[test]
#[ignore = "fails on purpose"]
fn on_purpose_without_the_attribute() {
    world().explore([Fault::lost_answer()]).run_async(|kms: Kms| async move {
        lease(&kms, None).await;
        assert_eq!(kms.grants().len(), 1, "there is one lease");
    });
}

fn run(test: &str, explore: Option<&str>) -> Output {
    let name = format!("explore::failing::{test}");
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", &name, "--nocapture", "--test-threads=1"]);
    command.env("RUST_BACKTRACE", "0").env_remove("KMS_FIXTURE_EXPLORE");
    if let Some(explore) = explore {
        command.env("KMS_FIXTURE_EXPLORE", explore);
    }
    command.output().unwrap()
}

/// Returns the output of a test that fails.
fn failed(test: &str, explore: Option<&str>) -> String {
    let run = run(test, explore);
    let output = String::from_utf8(run.stderr).unwrap();
    assert!(!run.status.success(), "{test} should fail: {output}");
    output
}

/// Returns the output of a test that passes.
fn passed(test: &str, explore: Option<&str>) -> String {
    let run = run(test, explore);
    let output = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{output}");
    output
}

#[track_caller]
fn assert_in_order(output: &str, texts: &[&str]) {
    let mut rest = output;
    for text in texts {
        let Some((_, after)) = rest.split_once(text) else {
            panic!("`{text}` is missing in its place in:\n{output}");
        };
        rest = after;
    }
}

#[test]
fn an_unnamed_grant_is_made_twice_if_the_answer_is_lost() {
    let output = failed("on_purpose_without_a_name", None);
    assert_in_order(
        &output,
        &[
            "there is one lease",
            "\nsuite::explore::failing::on_purpose_without_a_name: run 3 of 3: attempt 1, CreateGrant by admin, lost_answer\n",
            "\ncalls of suite::explore::failing::on_purpose_without_a_name:\n",
            "CreateGrant",
            "lost_answer",
            "CreateGrant",
            "to make this run alone:\n  KMS_FIXTURE_EXPLORE=1:lost_answer cargo test -p kms-fixture-downstream explore::failing::on_purpose_without_a_name -- --exact",
            "\nexplored 3 runs of 1 call\n",
        ],
    );
}

#[test]
fn a_retirement_whose_answer_is_lost_finds_no_grant() {
    let output = failed("on_purpose_without_patience", None);
    assert_in_order(
        &output,
        &[
            "InvalidGrantTokenException",
            ": run 6 of 6: attempt 2, RetireGrant by janitor, lost_answer\n",
            "KMS_FIXTURE_EXPLORE=2:lost_answer cargo test",
        ],
    );
}

#[test]
fn leaks_are_denied_in_all_runs() {
    let output = failed("on_purpose_by_a_leak", None);
    assert_in_order(
        &output,
        &[
            ": run 1 of 2: attempt 1, CreateGrant by admin, lost_answer\n",
            "leaks of suite::explore::failing::on_purpose_by_a_leak:\n",
            "made by call 1, CreateGrant by admin",
            "\ncalls of ",
        ],
    );
}

#[test]
fn nothing_is_explored_if_the_first_run_fails() {
    let output = failed("on_purpose_in_the_first_run", None);
    assert_in_order(
        &output,
        &["the test is wrong", "the first run, which has no fault, has to pass", "\ncalls of "],
    );
    assert_eq!(output.matches("the test is wrong").count(), 1, "{output}");
}

#[test]
fn a_test_with_other_calls_from_run_to_run_is_named() {
    let output = failed("on_purpose_by_another_call", None);
    assert_in_order(
        &output,
        &[
            ": run 2 of 2: attempt 2, DescribeKey by admin, throttled\n",
            "attempt 2 is DescribeKey by worker on orders in this run, and was DescribeKey by admin on orders in the first one: the test is not deterministic",
        ],
    );
    let output = failed("on_purpose_by_fewer_calls", None);
    assert_in_order(
        &output,
        &["this run has 0 attempts; attempt 1 was DescribeKey by admin on orders in the first one"],
    );
}

#[test]
fn a_variable_lists_every_run_that_fails() {
    let test = "on_purpose_again_and_again";
    let output = failed(test, None);
    assert!(
        output.contains(": run 2 of 6: attempt 1, CreateGrant by admin, lost_answer"),
        "{output}"
    );
    assert_eq!(output.matches("a run begins").count(), 3, "{output}");
    assert!(output.contains("\nexplored 2 of 6 runs of 2 calls\n"), "{output}");
    let output = failed(test, Some("all"));
    assert_eq!(output.matches("a run begins").count(), 7, "{output}");
    assert_in_order(
        &output,
        &[
            ": run 2 of 6: attempt 1, CreateGrant by admin, lost_answer\n",
            "\nfailed as well:\nrun 4 of 6: attempt 2, RetireGrant by janitor, lost_answer\n  KMS_FIXTURE_EXPLORE=2:lost_answer cargo test",
            "\nexplored 6 runs of 2 calls\n",
        ],
    );
}

#[test]
fn a_variable_makes_one_run_alone() {
    let test = "on_purpose_again_and_again";
    let output = failed(test, Some("2:lost_answer"));
    assert_eq!(output.matches("a run begins").count(), 1, "{output}");
    assert!(
        output.contains(": one run: attempt 2, RetireGrant by janitor, lost_answer\n"),
        "{output}"
    );
    let output = passed(test, Some("2:throttled"));
    assert_eq!(output.matches("a run begins").count(), 1, "{output}");
    assert!(
        output.contains("explored one run: attempt 2, RetireGrant by janitor, throttled\n"),
        "{output}"
    );
    assert!(passed(test, Some("orders:7")).contains("explored one run: order 7\n"));
    let output = failed(test, Some("9:throttled"));
    assert!(output.contains("the run has only 2 attempts"), "{output}");
}

#[test]
fn a_value_that_names_no_run_is_an_error() {
    let output = failed("on_purpose_again_and_again", Some("2:lost_answers"));
    assert!(output.contains("`KMS_FIXTURE_EXPLORE=2:lost_answers` is not a run"), "{output}");
    assert!(output.contains("write `KMS_FIXTURE_EXPLORE=2:lost_answer`"), "{output}");
    assert!(!output.contains("a run begins"), "{output}");
}

#[test]
fn a_function_says_the_same() {
    let output = failed("on_purpose_without_the_attribute", None);
    let name = "explore::failing::on_purpose_without_the_attribute";
    assert_in_order(
        &output,
        &[
            "there is one lease",
            &format!("\n{name}: run 1 of 1: attempt 1, CreateGrant by admin, lost_answer\n"),
            &format!("\ncalls of {name}:\n"),
            &format!("  KMS_FIXTURE_EXPLORE=1:lost_answer cargo test {name} -- --exact"),
        ],
    );
}
