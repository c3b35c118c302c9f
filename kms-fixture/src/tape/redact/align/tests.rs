//! Values that are equal under other names, and values that are not.

use serde_json::json;

use super::super::{ACCOUNT, Source};
use super::*;

fn tape(value: Value) -> Redacted {
    Redacted::outline(value)
}

fn redactor() -> Redactor {
    Redactor::new(ACCOUNT, &[], &["Operations".to_owned()])
}

fn grades(differences: &[Difference]) -> Vec<(Grade, &str)> {
    differences.iter().map(|it| (it.grade, it.path.as_str())).collect()
}

#[test]
fn new_values_are_bound_to_those_at_their_place() {
    let mut redactor = redactor();
    let recorded = tape(
        json!({"Name": "name-4", "Constraints": {"EncryptionContextEquals": {"context-key-2": "context-value-9"}}}),
    );
    let live =
        json!({"Name": "nightly", "Constraints": {"EncryptionContextEquals": {"tenant": "seven"}}});
    assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
    // From here on they are equal, both ways.
    assert_eq!(redactor.input(&json!({"Name": "nightly"})).value()["Name"], "name-4");
    let answer = tape(json!({"Name": "name-4"}));
    assert_eq!(redactor.restore(&answer, Direction::Received), json!({"Name": "nightly"}));
    // Another text differs, and one text is bound to one pseudonym only.
    let other = redactor.align(
        &tape(json!({"Name": "name-4"})),
        &json!({"Name": "weekly"}),
        Direction::Sent,
    );
    assert_eq!(grades(&other), [(Grade::Value, "$.Name")]);
    let same = redactor.align(
        &tape(json!({"Name": "name-5"})),
        &json!({"Name": "nightly"}),
        Direction::Sent,
    );
    assert_eq!(grades(&same), [(Grade::Value, "$.Name")]);
}

#[test]
fn a_failed_attempt_leaves_nothing_behind() {
    let mut redactor = redactor().reading(Source::Clients);
    redactor.declare(Kind::Account, ACCOUNT, ACCOUNT);
    let before = redactor.restore(&tape(json!({"Name": "name-1"})), Direction::Received);
    let mark = redactor.mark();
    let arn = "arn:aws:iam::987654321098:role/somebody";
    let recorded = tape(json!({
        "Name": "name-1", "GranteePrincipal": format!("arn:aws:iam::{ACCOUNT}:role/role-1"), "Limit": 1
    }));
    let live = json!({"Name": "nightly", "GranteePrincipal": arn, "Limit": 2});
    let differences = redactor.align(&recorded, &live, Direction::Sent);
    assert_eq!(grades(&differences), [(Grade::Value, "$.Limit")]);
    redactor.rollback(&mark);
    assert_eq!(redactor.restore(&tape(json!({"Name": "name-1"})), Direction::Received), before);
    let live = json!({"Name": "weekly", "GranteePrincipal": "arn:aws:iam::111111111111:role/another", "Limit": 1});
    assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
}

#[test]
fn ids_from_recorded_answers_are_exact() {
    let mut redactor = redactor();
    let key = |number: u32| format!("00000000-0000-4000-8000-{number:012}");
    // The test knows this id from an answer.
    redactor.hand_out(&tape(json!({"KeyMetadata": {"KeyId": key(1)}})), Direction::Received);
    let recorded = tape(json!({"KeyId": key(1)}));
    assert_eq!(redactor.align(&recorded, &json!({"KeyId": key(1)}), Direction::Sent), []);
    let other = json!({"KeyId": "6f9619ff-8b86-4011-b42d-00cf4fc964ff"});
    assert_eq!(redactor.align(&recorded, &other, Direction::Sent).len(), 1);
}

#[test]
fn accounts_and_principals_of_a_client_are_bound_once() {
    let mut redactor = redactor().reading(Source::Clients);
    redactor.declare(Kind::Account, ACCOUNT, ACCOUNT);
    let arn = |account: &str, role: &str| format!("arn:aws:iam::{account}:role/{role}");
    // The client knows it from an answer.
    redactor
        .hand_out(&tape(json!({"GranteePrincipal": arn(ACCOUNT, "role-1")})), Direction::Received);
    let recorded = tape(json!({"GranteePrincipal": arn(ACCOUNT, "role-1")}));
    for live in [arn("987654321098", "ci"), arn(ACCOUNT, "ci"), arn(ACCOUNT, "role-1")] {
        assert_eq!(
            redactor.align(&recorded, &json!({"GranteePrincipal": live}), Direction::Sent),
            [],
            "{live}"
        );
    }
    for live in [arn("111111111111", "ci"), arn("987654321098", "cd")] {
        let differences =
            redactor.align(&recorded, &json!({"GranteePrincipal": live}), Direction::Sent);
        assert_eq!(differences.len(), 1, "{live}");
    }
}

#[test]
fn the_order_of_a_list_matters_only_where_declared() {
    let mut redactor = redactor();
    let mut grades_of = |first: Value, second: Value| {
        let differences = redactor.align(&tape(first), &second, Direction::Received);
        differences.iter().map(|it| it.grade).collect::<Vec<_>>()
    };
    let pair = |member: &str, one: &str, other: &str| json!({ member: [one, other] });
    let algorithms = |one, other| pair("MacAlgorithms", one, other);
    let (one, other) = ("HMAC_SHA_256", "HMAC_SHA_384");
    assert_eq!(grades_of(algorithms(one, other), algorithms(other, one)), [Grade::Order]);
    assert_eq!(
        grades_of(pair("Operations", "Sign", "Verify"), pair("Operations", "Verify", "Sign")),
        [Grade::Order]
    );
    assert_eq!(
        grades_of(pair("KeyUsage", "Sign", "Verify"), pair("KeyUsage", "Verify", "Sign")),
        []
    );
    assert_eq!(
        grades_of(json!({"Tags": []}), json!({"Tags": [{"TagKey": "a", "TagValue": "b"}]})),
        [Grade::Extra]
    );
}

#[test]
fn dates_do_not_hide_the_order_of_a_list() {
    let ordered = ["Grants".to_owned()];
    let mut redactor = Redactor::new(ACCOUNT, &[], &ordered);
    let grant =
        |operation: &str, second: u32| json!({"Operations": [operation], "CreationDate": second});
    let recorded = json!({"Grants": [grant("Sign", 1), grant("Verify", 2)]});
    let other = json!({"Grants": [grant("Verify", 7), grant("Sign", 7)]});
    let differences = redactor.align(&tape(recorded), &other, Direction::Received);
    assert_eq!(differences.iter().map(|it| it.grade).collect::<Vec<_>>(), [Grade::Order]);
}

#[test]
fn a_date_is_no_difference_but_its_presence_is() {
    let mut redactor = redactor();
    let recorded = tape(json!({"CreationDate": 1.5, "Truncated": false}));
    let fine = json!({"CreationDate": 7, "Truncated": false});
    assert_eq!(redactor.align(&recorded, &fine, Direction::Received), []);
    let wrong = json!({"CreationDate": "1970", "Truncated": true});
    let differences = redactor.align(&recorded, &wrong, Direction::Received);
    assert_eq!(
        grades(&differences),
        [(Grade::Type, "$.CreationDate"), (Grade::Value, "$.Truncated")]
    );
}

#[test]
fn the_words_of_a_service_principal_are_bound_one_by_one() {
    let mut redactor = redactor();
    let sent = |service: &str| json!({"GranteeServicePrincipal": service});
    let recorded = tape(sent("service-7.eu-west-1.amazonaws.com"));
    let live = sent("orders-of-acme.eu-west-1.amazonaws.com");
    assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
    assert_eq!(redactor.input(&live).value(), recorded.value());
    assert_eq!(redactor.restore(&recorded, Direction::Received), live);
    let elsewhere = sent("orders-of-acme.eu-west-2.amazonaws.com");
    let differences = redactor.align(&recorded, &elsewhere, Direction::Sent);
    assert_eq!(grades(&differences), [(Grade::Value, "$.GranteeServicePrincipal")]);
}

fn role(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

#[test]
fn declared_things_are_exact_for_a_test_with_handles() {
    let mut redactor = redactor();
    redactor.declare(Kind::Account, ACCOUNT, ACCOUNT);
    redactor.declare(Kind::Role, "worker", "worker");
    redactor.declare(Kind::Alias, "orders", "orders");
    for (recorded, live) in [
        (
            json!({"GranteePrincipal": role("worker")}),
            json!({"GranteePrincipal": role("intruder")}),
        ),
        (json!({"AliasName": "alias/orders"}), json!({"AliasName": "alias/production"})),
        (
            json!({"KeyId": format!("arn:aws:kms:us-east-1:{ACCOUNT}:alias/orders")}),
            json!({"KeyId": "arn:aws:kms:us-east-1:999988887777:alias/orders"}),
        ),
    ] {
        let mark = redactor.mark();
        assert_eq!(
            redactor.align(&tape(recorded.clone()), &live, Direction::Sent).len(),
            1,
            "{live}"
        );
        redactor.rollback(&mark);
        assert_eq!(
            redactor.align(&tape(recorded.clone()), &recorded, Direction::Sent),
            [],
            "{recorded}"
        );
    }
}

#[test]
fn lists_of_different_lengths_differ() {
    let both = |one: &str, other: &str| json!({"GranteePrincipal": role(one), "RetiringPrincipal": role(other)});
    for (recorded, live, differences) in [
        (both("role-1", "role-1"), both("a", "a"), 0),
        (both("role-1", "role-2"), both("a", "b"), 0),
        (both("role-2", "role-1"), both("a", "b"), 0),
        (both("role-1", "role-1"), both("a", "b"), 1),
        (both("role-1", "role-2"), both("a", "a"), 1),
    ] {
        let mut redactor = redactor();
        redactor.declare(Kind::Account, ACCOUNT, ACCOUNT);
        let found = redactor.align(&tape(recorded.clone()), &live, Direction::Sent);
        assert_eq!(found.len(), differences, "{recorded} and {live}");
    }
}

#[test]
fn a_reassigned_name_is_free_and_a_rollback_restores_it() {
    let mut redactor = redactor();
    redactor.declare(Kind::Account, ACCOUNT, ACCOUNT);
    let recorded = tape(json!({
        "GranteePrincipal": role("role-2"), "RetiringPrincipal": role("role-3"), "IssuingAccount": role("role-1")
    }));
    let live = json!({"GranteePrincipal": role("a"), "RetiringPrincipal": role("b"), "IssuingAccount": role("c")});
    let mark = redactor.mark();
    for _ in 0..2 {
        assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
        assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
        assert_eq!(redactor.restore(&recorded, Direction::Sent), live);
        redactor.rollback(&mark);
    }
}

#[test]
fn a_role_and_its_session_may_have_one_name() {
    let mut redactor = redactor();
    redactor.declare(Kind::Account, ACCOUNT, ACCOUNT);
    let session = |role: &str, session: &str| json!({"GranteePrincipal": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}")});
    let (recorded, live) = (tape(session("role-5", "session-5")), session("ci", "ci"));
    assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
    assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
    assert_eq!(redactor.restore(&recorded, Direction::Sent), live);
}

#[test]
fn a_path_is_restored_and_another_path_is_another_principal() {
    let mut redactor = redactor();
    redactor.declare(Kind::Account, ACCOUNT, ACCOUNT);
    let live = json!({"GranteePrincipal": role("team/worker")});
    let redacted = redactor.input(&live);
    assert_eq!(redacted.value()["GranteePrincipal"], role("role-1"));
    assert_eq!(redactor.restore(&redacted, Direction::Received), live);
    let other = redactor.input(&json!({"GranteePrincipal": role("worker")}));
    assert_ne!(other, redacted);
}

#[test]
fn a_long_text_is_aligned() {
    let mut redactor = redactor();
    let long = base64::STANDARD.encode_to_string(vec![7; 100_000]);
    let redacted = redactor.input(&json!({"Plaintext": long, "Description": "x".repeat(100_000)}));
    let plaintext = redacted.value()["Plaintext"].as_str().unwrap();
    assert_eq!(base64::STANDARD.decode_to_vec(plaintext).unwrap().len(), 100_000);
    assert!(self::redactor().input(redacted.value()) == redacted);
}
