//! Scenarios: what they cannot say is an error with its JSON path, all at once (`kms-fixture serve` has the rest).

use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Scenario};

#[track_caller]
fn mistakes(json: &str) -> String {
    serde_json::from_str::<Scenario>(json)
        .unwrap_err()
        .to_string()
}

#[test]
fn every_mistake_is_told_with_its_path() {
    let told = mistakes(
        r#"{"regoin":"us-east-1","account":"1","keys":{"orders":{"stat":"Disabled","spec":"HMAC_265","alias":"orders"}},
            "roles":{"worker":{"allow":"kms:*"},"admin":{}},
            "grants":{"access":{"key":"ordres","grantee":"wroker","operations":["Decrpyt"]}}}"#,
    );
    for expected in [
        "$.regoin: unknown word `regoin`; did you mean `region`?",
        "$.account: `1` is not an account id: twelve digits",
        "$.keys.orders.stat: unknown word `stat`; did you mean `state`?",
        "$.keys.orders.spec: unknown word `HMAC_265`; did you mean `HMAC_256`?",
        "$.roles.worker.allow: expected a list of strings, found a string",
        "$.roles.admin: `admin` is reserved",
        "$.grants.access.operations[0]: unknown word `Decrpyt`; did you mean `Decrypt`?",
    ] {
        assert!(told.contains(expected), "{expected}\n\n{told}");
    }
    let dangling = mistakes(
        r#"{"keys":{"orders":{}},"grants":{"access":{"key":"ordres","grantee":"x","operations":["Decrypt"]}}}"#,
    );
    assert!(
        dangling.contains(
            "$.grants.access.key: no key named `ordres` is declared; did you mean `orders`?"
        ),
        "{dangling}"
    );
    assert!(mistakes(r#"{"keys":{"a":{},"a":{}}}"#).contains("`a` is written twice"));
}

#[test]
fn what_the_apis_would_refuse_is_refused() {
    for (json, expected) in [
        (
            r#"{"keys":{"a":{"alias":"alias/x y"}}}"#,
            "$.keys.a.alias: ",
        ),
        (
            r#"{"keys":{"a":{"alias":"alias/x"},"b":{"alias":"alias/x","account":"111122223333"}}}"#,
            "another key has the alias",
        ),
        (r#"{"keys":{"a":{"tags":{"aws:x":""}}}}"#, "$.keys.a.tags: "),
        (r#"{"keys":{"a":{"spec":"RSA_2048"}}}"#, "$.keys.a.usage: "),
        (
            r#"{"roles":{"a":{"name":"x/worker"},"b":{"name":"y/worker"}}}"#,
            "already has one called `worker`",
        ),
        (
            r#"{"roles":{"a":{"name":"x/Admin"}}}"#,
            "already has one called `Admin`",
        ),
        (
            r#"{"roles":{"a":{"session":"a/b"}}}"#,
            "$.roles.a.session: ",
        ),
        (r#"{"roles":{"a":{"name":"a b"}}}"#, "$.roles.a.name: "),
        (r#"{"region":"mars"}"#, "$.region: "),
        (
            r#"{"keys":{"k":{}},"grants":{"g":{"key":"k","grantee":"admin","operations":["CreateGrant"]}}}"#,
            "alone",
        ),
        (
            r#"{"keys":{"k":{}},"grants":{"g":{"key":"k","grantee":"admin","operations":["Decrypt"],"name":"a b"}}}"#,
            "$.grants.g.name: ",
        ),
        (
            r#"{"keys":{"k":{}},"grants":{"g":{"key":"k","grantee":"admin","operations":["Decrypt"],"context_equals":{}}}}"#,
            "$.grants.g.context_equals: ",
        ),
    ] {
        let told = mistakes(json);
        assert!(told.contains(expected), "{expected}\n\n{told}");
    }
}

#[test]
fn a_scenario_can_be_written_and_read_again() {
    let json = r#"{"region":"eu-west-1","account":"444455556666","unknown_principals":"accept","consistency":"strong",
        "keys":{"orders":{"state":"Disabled","spec":"RSA_2048","usage":"SIGN_VERIFY","origin":"AWS_KMS","multi_region":true,
                          "account":"111122223333","alias":"alias/orders","description":"d","tags":{"team":"x"}}},
        "roles":{"worker":{"account":"111122223333","name":"p/Worker","allow":["kms:ListKeys"],"session":"night",
                           "session_policy":{"Statement":[]},"boundary":"b.json"}},
        "users":{"alice":{"policy":{"Statement":[]}}},
        "grants":{"access":{"key":"orders","grantee":"worker","retiring":"alice","operations":["Sign"],"name":"n"}}}"#;
    let scenario: Scenario = serde_json::from_str(json).unwrap();
    let written = serde_json::to_string(&scenario).unwrap();
    assert_eq!(
        serde_json::from_str::<Scenario>(&written).unwrap(),
        scenario
    );
    assert_eq!(
        (scenario.region(), scenario.account()),
        ("eu-west-1", "444455556666")
    );
}

#[test]
fn the_builder_refuses_the_same() {
    let builder = Fixture::builder()
        .region("mars")
        .key(KeyDeclaration::new("kms"))
        .role(RoleDeclaration::new("kms"));
    let told = builder.start().unwrap_err().to_string();
    for expected in [
        "$.region: `mars`",
        "$.keys.kms: `kms` is reserved",
        "$.roles.kms: `kms` is declared twice",
    ] {
        assert!(told.contains(expected), "{told}");
    }
}
