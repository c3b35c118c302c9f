//! Explorations that cannot be made say why.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kms_fixture::{Exploration, Explored, Fault, Fixture, Kms, Operation};

use super::super::calls::client;

/// Returns the panic of an exploration.
#[track_caller]
fn refused(explore: impl FnOnce() -> Explored) -> String {
    let panic = catch_unwind(AssertUnwindSafe(explore)).unwrap_err();
    panic.downcast_ref::<String>().map_or_else(
        || (*panic.downcast_ref::<&str>().expect("a panic with a text")).to_owned(),
        String::clone,
    )
}

/// Asserts that an exploration is refused before its first run.
#[track_caller]
fn cannot_start(exploration: Exploration, because: &str) {
    let refusal = refused(|| exploration.run_async(|_: Kms| async { unreachable!("a run") }));
    assert!(refusal.contains("the exploration cannot start"), "{refusal}");
    assert!(refusal.contains(because), "{refusal}");
}

#[test]
fn a_cassette_excludes_an_exploration() {
    let replay = Fixture::builder().replay("cassettes/none.json");
    cannot_start(replay.explore([Fault::throttled()]), "only for the fake");
}

#[test]
fn an_exploration_needs_something_to_explore() {
    cannot_start(Fixture::builder().explore([]), "there is nothing to explore");
    let none = Fixture::builder().explore([Fault::throttled()]).at_most(0);
    cannot_start(none, "`at_most` must be at least 1");
}

#[test]
fn an_exploration_chooses_the_attempts_itself() {
    let selected = [
        Fault::throttled().operation(Operation::RetireGrant),
        Fault::throttled().call(2),
        Fault::throttled().times(2),
    ];
    for fault in selected {
        cannot_start(Fixture::builder().explore([fault]), "of an exploration has selectors");
    }
}

#[test]
fn stale_calls_need_changes_that_take_time() {
    let strong = Fixture::builder().explore([]).stale();
    cannot_start(strong, "`stale` needs `consistency(eventual)`");
}

#[test]
fn orders_are_only_for_async_tests_in_the_process() {
    let over_tcp = Fixture::builder().tcp().explore([]).orders(2);
    cannot_start(over_tcp, "`orders` and TCP exclude each other");
    let plain = Fixture::builder().explore([]).orders(2);
    let refusal = refused(|| plain.run(|_| ()));
    assert!(refusal.contains("`orders` is for async tests"), "{refusal}");
}

#[tokio::test]
async fn an_exploration_does_not_start_within_a_runtime() {
    let exploration = Fixture::builder().explore([Fault::throttled()]);
    let refusal = refused(|| exploration.run_async(|_: Kms| async {}));
    assert!(refusal.contains("call it in a plain `#[test]` function"), "{refusal}");
}

#[test]
fn two_faults_of_one_kind_have_one_name() {
    let twice = [Fault::error("One", 400, ""), Fault::error("Other", 500, "")];
    cannot_start(Fixture::builder().explore(twice), "the fault `error` is given twice");
}

#[test]
fn a_test_that_removes_faults_is_not_explored() {
    let exploration = Fixture::builder().explore([Fault::throttled()]);
    let refusal = refused(|| {
        exploration.run_async(|kms: Kms| async move {
            kms.faults().clear();
            client(&kms.caller("admin")).list_keys().send().await.unwrap();
        })
    });
    assert!(refusal.contains("the fault `throttled` did not strike attempt 1"), "{refusal}");
}
