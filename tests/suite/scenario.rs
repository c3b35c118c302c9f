//! Scenarios: what they cannot say is an error with its JSON path, all at once (`kms-fixture serve` has the rest).

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{Consistency, GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Scenario};
use serde_json::json;

#[track_caller]
fn mistakes(json: &str) -> String {
    serde_json::from_str::<Scenario>(json).unwrap_err().to_string()
}

#[test]
fn every_mistake_is_reported_with_its_path() {
    let told = mistakes(
        r#"{"regoin":"us-east-1","account":"1","keys":{"orders":{"stat":"Disabled","spec":"HMAC_265","alias":"orders"}},
            "roles":{"worker":{"allow":"kms:*"},"admin":{}},
            "grants":{"access":{"key":"ordres","grantee":"wroker","operations":["Decrpyt"]}}}"#,
    );
    for expected in [
        "$.regoin: unknown option `regoin`; an option with a similar name exists: `region`",
        "$.account: `1` is not a valid account id: expected 12 digits",
        "$.keys.orders.stat: unknown key option `stat`; an option with a similar name exists: `state`",
        "$.keys.orders.spec: unknown key spec `HMAC_265`; a word with a similar name exists: `HMAC_256`",
        "$.roles.worker.allow: expected a list of strings, found a string",
        "$.roles.admin: the name `admin` is reserved",
        "$.grants.access.operations[0]: unknown grant operation `Decrpyt`; a word with a similar name exists: `Decrypt`",
    ] {
        assert!(told.contains(expected), "{expected}\n\n{told}");
    }
    let dangling = mistakes(
        r#"{"keys":{"orders":{}},"grants":{"access":{"key":"ordres","grantee":"x","operations":["Decrypt"]}}}"#,
    );
    assert!(
        dangling.contains(
            "$.grants.access.key: no key named `ordres` is declared; a key with a similar name exists: `orders`"
        ),
        "{dangling}"
    );
    assert!(mistakes(r#"{"keys":{"a":{},"a":{}}}"#).contains("`a` is given twice"));
}

#[test]
fn what_the_apis_would_refuse_is_refused() {
    for (json, expected) in [
        (r#"{"keys":{"a":{"alias":"alias/x y"}}}"#, "$.keys.a.alias: "),
        (
            r#"{"keys":{"a":{"alias":"alias/x"},"b":{"alias":"alias/x","account":"111122223333"}}}"#,
            "another key has the alias",
        ),
        (
            r#"{"keys":{"a":{"tags":{"aws:x":""}}}}"#,
            "$.keys.a.tags.aws:x: `aws:x` is a tag that is reserved for AWS",
        ),
        (r#"{"keys":{"a":{"spec":"RSA_2048"}}}"#, "$.keys.a.usage: "),
        (
            r#"{"roles":{"a":{"name":"x/worker"},"b":{"name":"y/worker"}}}"#,
            "account 111122223333 has another role named `worker`",
        ),
        (
            r#"{"roles":{"a":{"name":"x/Admin"}}}"#,
            "account 111122223333 has another role named `Admin`",
        ),
        (r#"{"roles":{"a":{"session":"a/b"}}}"#, "$.roles.a.session: "),
        (r#"{"roles":{"a":{"name":"a b"}}}"#, "$.roles.a.name: "),
        (r#"{"region":"mars"}"#, "$.region: "),
        (
            r#"{"keys":{"k":{}},"grants":{"g":{"key":"k","grantee":"admin","operations":["CreateGrant"]}}}"#,
            "$.grants.g.operations: a grant cannot allow only `CreateGrant`",
        ),
        (
            r#"{"keys":{"k":{}},"grants":{"g":{"key":"k","grantee":"admin","operations":["Decrypt"],"name":"a b"}}}"#,
            "$.grants.g.name: ",
        ),
        (
            r#"{"keys":{"k":{}},"grants":{"g":{"key":"k","grantee":"admin","operations":["Decrypt"],"context_equals":{}}}}"#,
            "$.grants.g.context_equals: ",
        ),
        (
            r#"{"consistency":"evntual"}"#,
            "$.consistency: unknown consistency `evntual`; a word with a similar name exists: `eventual`",
        ),
        (
            r#"{"consistency":1}"#,
            "$.consistency: expected `strong`, `eventual` or an object, found a number",
        ),
        (r#"{"consistency":{"strong":{}}}"#, "$.consistency.strong: `strong` takes no options"),
        (
            r#"{"consistency":{"eventual":{"secnds":1}}}"#,
            "$.consistency.eventual.secnds: unknown consistency option `secnds`; an option with a similar name exists: `seconds`",
        ),
        (
            r#"{"consistency":{"eventual":{"seconds":"1"}}}"#,
            "$.consistency.eventual.seconds: `seconds` must be a whole number of seconds, 0 to 86400",
        ),
        (
            r#"{"consistency":{"eventual":{"list_seconds":86401}}}"#,
            "$.consistency.eventual.list_seconds: `list_seconds` must be 0 to 86400 seconds, got 86401",
        ),
        (
            r#"{"consistency":{"eventual":{"jitter":"yes"}}}"#,
            "$.consistency.eventual.jitter: expected true or false, found a string",
        ),
        (
            r#"{"leaks":"denny"}"#,
            "$.leaks: unknown word `denny`; a word with a similar name exists: `deny`",
        ),
        (
            r#"{"roles":{"a":{"session_seconds":899}}}"#,
            "$.roles.a.session_seconds: `session_seconds` must be 900 to 43200 seconds, got 899",
        ),
        (
            r#"{"roles":{"a":{"session_seconds":-1}}}"#,
            "$.roles.a.session_seconds: `session_seconds` must be a whole number of seconds, 900 to 43200",
        ),
        (
            r#"{"users":{"a":{"session_seconds":900}}}"#,
            "$.users.a.session_seconds: unknown user option `session_seconds`; it is a role option: `$.roles.<name>.session_seconds`",
        ),
        (
            r#"{"keys":{"k":{}},"grants":{"g":{"key":"k","grantee":"rds.amazonaws.com","operations":["Decrypt"]}}}"#,
            "$.grants.g.grantee: the service `rds.amazonaws.com` needs `\"source_arn\": \"..\"`, `\"retiring\": \"..\"`",
        ),
        (
            r#"{"keys":{"k":{}},"grants":{"g":{"key":"k","grantee":"admin","operations":["Decrypt"],
                "source_arn":"arn:aws:s3:::orders"}}}"#,
            "$.grants.g.source_arn: `arn:aws:s3:::orders` is not a valid source ARN",
        ),
    ] {
        let told = mistakes(json);
        assert!(told.contains(expected), "{expected}\n\n{told}");
    }
}

#[test]
fn a_grant_that_does_not_fit_its_key_is_refused() {
    let told = mistakes(
        r#"{"keys":{"macs":{"spec":"HMAC_256"},"broken":{"spec":"RSA_2048"}},
            "grants":{"g":{"key":"macs","grantee":"admin","operations":["GenerateMac","Decrypt"],"context_subset":{"a":"b"}},
                      "h":{"key":"broken","grantee":"admin","operations":["Decrypt"]}}}"#,
    );
    for expected in [
        "$.grants.g.operations[1]: `Decrypt` does not fit the key `macs`; \
         a grant on a key of spec `HMAC_256` and usage `GENERATE_VERIFY_MAC` can allow ",
        "$.grants.g.context_subset: `context_subset` does not fit the key `macs`; \
         only keys of spec `SYMMETRIC_DEFAULT` have an encryption context",
        "$.keys.broken.usage: a key of spec `RSA_2048` needs a usage; \
         write `\"usage\": \"SIGN_VERIFY\"` or `\"usage\": \"ENCRYPT_DECRYPT\"`",
    ] {
        assert!(told.contains(expected), "{expected}\n\n{told}");
    }
    assert!(!told.contains("$.grants.h"), "of a broken key nothing is concluded:\n{told}");
}

#[test]
fn a_half_typed_word_finds_its_word_as_in_the_attribute() {
    let told = mistakes(r#"{"keys":{"orders":{"state":"Dis"}}}"#);
    let expected = "$.keys.orders.state: unknown key state `Dis`; a word with a similar name exists: `Disabled`";
    assert_eq!(told, expected);
}

#[test]
fn a_region_that_aws_does_not_have_is_refused_where_it_is_declared() {
    for region in ["nz-north-1", "us-acme-1", "us-east-123", "mars"] {
        let expected = format!("$.region: `{region}` is not a valid Region");
        let told = mistakes(&format!(r#"{{"region":"{region}"}}"#));
        assert!(told.contains(&expected), "{told}");
        let told = Fixture::builder().region(region).start().unwrap_err().to_string();
        assert!(told.contains(&expected), "{told}");
    }
    for (region, partition) in [
        ("us-west-2", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-east-1", "aws-us-gov"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ] {
        let kms = Fixture::builder().region(region).key(KeyDeclaration::new("orders"));
        let kms = kms.start().unwrap();
        let start = format!("arn:{partition}:kms:{region}:111122223333:key/");
        assert!(kms.key("orders").arn().starts_with(&start), "{}", kms.key("orders").arn());
        assert!(kms.caller("admin").arn().starts_with(&format!("arn:{partition}:iam:")));
    }
}

#[test]
fn a_scenario_may_name_its_schema() {
    let scenario: Scenario = serde_json::from_str(r#"{"$schema":"scenario.schema.json"}"#).unwrap();
    assert_eq!(scenario, Scenario::default());
    let told = mistakes(r#"{"$schema":1}"#);
    assert_eq!(told, "$.$schema: expected a string, found a number");
}

#[test]
fn what_sts_would_refuse_of_federated_users_is_refused() {
    for (json, expected) in [
        (
            r#"{"users":{"a":{"federated":true,"name":"x"}}}"#,
            "$.users.a.name: `x` is not a valid federated user name; use 2 to 32 ASCII letters",
        ),
        (
            r#"{"users":{"a":{"federated":true,"name":"team/guest"}}}"#,
            "$.users.a.name: `team/guest` is not a valid federated user name",
        ),
        (
            r#"{"users":{"a b":{"federated":true}}}"#,
            "$.users.a b.name: `a b` is not a valid federated user name",
        ),
        (
            r#"{"users":{"a-name-of-thirty-three-characters":{"federated":true}}}"#,
            "`a-name-of-thirty-three-characters` is not a valid federated user name",
        ),
        (
            r#"{"users":{"guest":{"federated":true,"boundary":"b.json"}}}"#,
            "$.users.guest.boundary: a federated user cannot have a `boundary`",
        ),
        (
            r#"{"users":{"one":{"federated":true,"name":"guest"},"guest":{"federated":true},"two":{"name":"guest"}}}"#,
            "$.users.guest.name: account 111122223333 has another federated user named `guest`",
        ),
        (
            r#"{"users":{"guest":{"federated":"yes"}}}"#,
            "$.users.guest.federated: expected true or false, found a string",
        ),
        (
            r#"{"roles":{"guest":{"federated":true}}}"#,
            "$.roles.guest.federated: unknown role option `federated`; it is a user option",
        ),
    ] {
        let told = mistakes(json);
        assert!(told.contains(expected), "{expected}\n\n{told}");
    }
}

#[test]
fn a_scenario_can_be_written_and_read_again() {
    let json = r#"{"region":"eu-west-1","account":"444455556666","unknown_principals":"accept","leaks":"deny",
        "consistency":{"eventual":{"seconds":60,"list_seconds":0,"jitter":true}},
        "keys":{"orders":{"state":"Disabled","spec":"RSA_2048","usage":"SIGN_VERIFY","origin":"AWS_KMS","multi_region":true,
                          "account":"111122223333","alias":"alias/orders","description":"d","tags":{"team":"x"}}},
        "roles":{"worker":{"account":"111122223333","name":"p/Worker","allow":["kms:ListKeys"],"session":"night","session_seconds":900,
                           "session_policy":{"Statement":[]},"boundary":"b.json"}},
        "users":{"alice":{"policy":{"Statement":[]}},"guest":{"federated":true,"allow":["kms:ListKeys"]}},
        "grants":{"access":{"key":"orders","grantee":"worker","retiring":"alice","operations":["Sign"],"name":"n"},
                  "table":{"key":"orders","grantee":"dynamodb.eu-west-1.amazonaws.com","retiring":"rds.amazonaws.com",
                           "operations":["Sign"],"source_arn":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}}}"#;
    let scenario: Scenario = serde_json::from_str(json).unwrap();
    let written = serde_json::to_string(&scenario).unwrap();
    assert_eq!(serde_json::from_str::<Scenario>(&written).unwrap(), scenario);
    assert_eq!((scenario.region(), scenario.account()), ("eu-west-1", "444455556666"));
}

#[test]
fn defaults_are_not_written() {
    for (read, written) in [
        (r#""strong""#, None),
        (r#""eventual""#, Some(json!("eventual"))),
        (r#"{"eventual":{}}"#, Some(json!("eventual"))),
        (r#"{"eventual":{"seconds":300,"jitter":false}}"#, Some(json!("eventual"))),
        (r#"{"eventual":{"list_seconds":0}}"#, Some(json!({"eventual":{"list_seconds":0}}))),
    ] {
        let scenario: Scenario =
            serde_json::from_str(&format!(r#"{{"consistency":{read},"leaks":"allow"}}"#)).unwrap();
        let value = serde_json::to_value(&scenario).unwrap();
        assert_eq!(value.get("consistency"), written.as_ref(), "{read}");
        assert_eq!(value.get("leaks"), None);
    }
}

#[test]
fn a_cassette_brings_its_consistency_with_it() {
    let late = Fixture::builder().consistency(Consistency::eventual());
    let told = late.replay("no-such-cassette.json").start().unwrap_err();
    assert!(told.to_string().contains("a replay has the consistency of its recording"), "{told}");
}

#[tokio::test]
async fn a_service_has_the_grant_that_was_declared() {
    let table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .grant(
            GrantDeclaration::new("access")
                .key("orders")
                .grantee("dynamodb.us-east-1.amazonaws.com")
                .retiring("rds.amazonaws.com")
                .operations([GrantOperation::Decrypt])
                .source_arn(table),
        )
        .start()
        .unwrap();
    let client = aws_sdk_kms::Client::new(&kms.sdk_config());
    let listed = client.list_grants().key_id(kms.key("orders").id());
    let listed = listed.send().await.unwrap();
    let grant = &listed.grants()[0];
    assert_eq!(
        (grant.grantee_service_principal(), grant.retiring_service_principal()),
        (Some("dynamodb.us-east-1.amazonaws.com"), Some("rds.amazonaws.com"))
    );
    assert_eq!((grant.grantee_principal(), grant.retiring_principal()), (None, None));
    let constraints = grant.constraints().unwrap();
    assert_eq!(constraints.source_arn(), Some(table));
    assert_eq!(kms.grants()[0].constraints().source_arn.as_deref(), Some(table));
}

#[test]
fn the_builder_refuses_what_the_scenario_file_refuses() {
    let builder = Fixture::builder()
        .region("mars")
        .key(KeyDeclaration::new("kms"))
        .consistency(Consistency::eventual().seconds(86_401))
        .role(RoleDeclaration::new("kms").session_seconds(1));
    let told = builder.start().unwrap_err().to_string();
    for expected in [
        "$.region: `mars`",
        "$.consistency.eventual.seconds: `seconds` must be 0 to 86400 seconds, got 86401",
        "$.roles.kms.session_seconds: `session_seconds` must be 900 to 43200 seconds, got 1",
        "$.keys.kms: the name `kms` is reserved",
        "$.roles.kms: the name `kms` is reserved",
    ] {
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_grant_is_not_judged_by_a_key_that_could_not_be_read() {
    for key in [r#"{"spec":"HMAC_25"}"#, r#"{"spec":7}"#, r#"{"sepc":"HMAC_256"}"#] {
        let found = mistakes(&format!(
            r#"{{"keys":{{"macs":{key}}},"roles":{{"worker":{{}}}},
                "grants":{{"access":{{"key":"macs","grantee":"worker","operations":["GenerateMac"]}}}}}}"#
        ));
        assert!(found.contains("$.keys.macs.") && !found.contains("$.grants."), "{found}");
    }
}
