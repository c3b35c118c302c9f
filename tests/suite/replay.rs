//! Replay answers the recorded calls alone, by their callers, in their order, once each, and all of them.

use std::path::PathBuf;

use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Kms};
use serde_json::{Value, json};

use super::calls::client;
use super::refusal::{Refusal, outcome};
use super::wire;

const ORDERS: &str = "00000000-0000-4000-8000-8c168adb00d2";
const MISMATCH: &str = "KmsFixtureReplayMismatchException";

/// A call that a test makes or a cassette has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    ListGrants,
    ListPolicies,
    DisableKey,
    EnableKey,
}

use Call::{DisableKey, EnableKey, ListGrants, ListPolicies};

/// Two reads, a change, a read, and a change.
const RECORDED: [(&str, Call); 5] = [
    ("admin", ListGrants),
    ("worker", ListPolicies),
    ("admin", DisableKey),
    ("admin", ListGrants),
    ("worker", EnableKey),
];

impl Call {
    fn recorded(self, caller: &str) -> Value {
        let (operation, output) = match self {
            ListGrants => ("ListGrants", Some(json!({"Grants": [], "Truncated": false}))),
            ListPolicies => {
                let output = json!({"PolicyNames": ["default"], "Truncated": false});
                ("ListKeyPolicies", Some(output))
            }
            DisableKey => ("DisableKey", None),
            EnableKey => ("EnableKey", None),
        };
        let mut call = json!({
            "caller": caller, "operation": operation, "input": {"KeyId": ORDERS}, "status": 200
        });
        if let Some(output) = output {
            call["output"] = output;
        }
        call
    }

    async fn send(self, caller: &Caller, key: &str) -> Result<(), Refusal> {
        let client = client(caller);
        match self {
            ListGrants => outcome(client.list_grants().key_id(key).send().await),
            ListPolicies => outcome(client.list_key_policies().key_id(key).send().await),
            DisableKey => outcome(client.disable_key().key_id(key).send().await),
            EnableKey => outcome(client.enable_key().key_id(key).send().await),
        }
    }
}

/// Starts the replay of a cassette with these calls. `name` is that of its file.
fn replay(name: &str, interactions: &[Value]) -> Kms {
    let allow = ["kms:ListKeyPolicies", "kms:EnableKey"];
    let cassette = json!({
        "format": "kms-fixture cassette", "version": 2, "origin": {"kind": "fake"},
        "recorded": "2026-11-30T00:00:00Z", "recorder": "kms-fixture 0.1.0",
        "scenario": {
            "account": "111122223333", "region": "us-east-1", "grants": {}, "users": {},
            "keys": {"orders": {}}, "roles": {"worker": {"allow": allow}}
        },
        "names": {"orders": ORDERS},
        "interactions": interactions
    });
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/kms-fixture-suite/replay");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.json"));
    std::fs::write(&path, cassette.to_string()).unwrap();
    Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker").allow(allow))
        .replay(path)
        .start()
        .unwrap()
}

/// Replays [`RECORDED`], makes `calls`, and returns the numbers of those that were not answered, and the report.
async fn played(name: &str, calls: &[(&str, Call)]) -> (Vec<usize>, String) {
    let recorded: Vec<_> = RECORDED.iter().map(|(caller, call)| call.recorded(caller)).collect();
    let kms = replay(name, &recorded);
    let key = kms.key("orders").id().to_owned();
    let mut missed = Vec::new();
    for (at, (caller, call)) in calls.iter().enumerate() {
        if let Err(refusal) = call.send(&kms.caller(caller), &key).await {
            refusal.has_code(MISMATCH);
            missed.push(at + 1);
        }
    }
    (missed, kms.verify().err().map(|it| it.to_string()).unwrap_or_default())
}

#[tokio::test]
async fn the_recorded_calls_are_good() {
    assert_eq!(played("good", &RECORDED).await, (vec![], String::new()));
    // Reads between two changes have no order.
    let [first, second, rest @ ..] = RECORDED;
    let swapped = [&[second, first][..], &rest].concat();
    assert_eq!(played("reads-swapped", &swapped).await, (vec![], String::new()));
}

#[tokio::test]
async fn a_call_that_was_not_recorded_fails_the_test_although_the_rest_is_right() {
    let surplus = [&RECORDED[..], &[("admin", DisableKey)]].concat();
    let (missed, report) = played("surplus", &surplus).await;
    assert_eq!(missed, [6]);
    assert!(
        report.contains("call 6 was not recorded at this point: DisableKey by admin"),
        "{report}"
    );
    assert!(!report.contains("left in the cassette"), "{report}");
}

#[tokio::test]
async fn calls_that_are_left_fail_the_test() {
    let (missed, report) = played("left", &RECORDED[..3]).await;
    assert!(missed.is_empty());
    for left in ["recorded but not called:", "4 ListGrants by admin", "5 EnableKey by worker"] {
        assert!(report.contains(left), "{report}");
    }
    // A read that is skipped is left, too, and nothing is played across it.
    let skipped = [&RECORDED[..1], &RECORDED[2..]].concat();
    let (missed, report) = played("skipped", &skipped).await;
    assert_eq!(missed, [2, 3, 4]);
    assert!(report.contains("call 2 was not recorded at this point: DisableKey"), "{report}");
}

#[tokio::test]
async fn another_caller_is_not_the_recorded_one() {
    for at in 0..RECORDED.len() {
        let mut calls = RECORDED;
        calls[at].0 = if calls[at].0 == "admin" { "worker" } else { "admin" };
        let (missed, report) = played(&format!("caller-{at}"), &calls).await;
        assert_eq!(missed.first(), Some(&(at + 1)), "{report}");
        assert!(report.contains("was not recorded at this point"), "{report}");
    }
}

#[tokio::test]
async fn a_change_keeps_its_place() {
    // A change before its reads, a read before its change, two changes swapped.
    for (name, order) in [
        ("early-change", [0, 2, 1, 3, 4]),
        ("early-read", [0, 3, 1, 2, 4]),
        ("swapped-changes", [0, 1, 4, 3, 2]),
    ] {
        let (missed, report) = played(name, &order.map(|it| RECORDED[it])).await;
        assert!(!missed.is_empty(), "{name}");
        assert!(report.contains("was not recorded at this point"), "{report}");
    }
}

#[tokio::test]
async fn a_recorded_call_is_answered_once() {
    for at in 0..RECORDED.len() {
        let repeated = [&RECORDED[..=at], &RECORDED[at..]].concat();
        let (missed, report) = played(&format!("repeated-{at}"), &repeated).await;
        assert!(missed.contains(&(at + 2)), "{at}: {missed:?}");
        assert!(report.contains("was not recorded at this point"), "{report}");
    }
    // A read is not answered again while another read of its place is still to come.
    let [first, second, rest @ ..] = RECORDED;
    let again = [&[second, second, first][..], &rest].concat();
    let (missed, report) = played("read-again", &again).await;
    assert_eq!(missed, [2]);
    assert!(report.contains("call 2 was not recorded at this point: ListKeyPolicies"), "{report}");
}

#[tokio::test]
async fn another_input_is_not_the_recorded_one() {
    let kms = replay("input", &[ListGrants.recorded("admin")]);
    let (admin, key) = (kms.caller("admin"), kms.key("orders").id().to_owned());
    let limited = client(&admin).list_grants().key_id(&key).limit(5);
    outcome(limited.send().await).unwrap_err().has_code(MISMATCH);
    let other = key.replace('8', "9");
    ListGrants.send(&admin, &other).await.unwrap_err().has_code(MISMATCH);
    ListGrants.send(&admin, &key).await.unwrap();
    let report = kms.verify().unwrap_err().to_string();
    for part in ["call 1 was not recorded at this point", "1 more unexpected call followed"] {
        assert!(report.contains(part), "{report}");
    }
}

/// The cassette has plain numbers, and the wire the form of AWS.
#[test]
fn times_are_replayed_with_an_exponent_fact_15_22() {
    let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{ORDERS}");
    let usage = json!({
        "KeyId": arn, "KeyLastUsage": {},
        "KeyCreationDate": 1_795_914_706.0, "TrackingStartDate": 1_795_914_706.25
    });
    let mut call = ListGrants.recorded("admin");
    call["operation"] = "GetKeyLastUsage".into();
    call["output"] = usage;
    let kms = replay("times", &[call]);
    let input = json!({"KeyId": kms.key("orders").id()}).to_string();
    let credentials = kms.caller("admin").credentials();
    let answer = wire::post(&kms, &credentials, "TrentService.GetKeyLastUsage", &input);
    for time in [r#""KeyCreationDate":1.795914706E9"#, r#""TrackingStartDate":1.79591470625E9"#] {
        assert!(answer.contains(time), "{answer}");
    }
    kms.verify().unwrap();
}
