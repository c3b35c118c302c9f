//! What a test makes while it runs: principals, keys, grants, further fixtures, child processes.

use std::process::Command;

use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Kms, Operation, kms_test};

use super::calls::{describe, encrypt, existing};

#[kms_test(keys(orders), roles(worker))]
async fn principals_and_grants_are_made_after_set_up_code(kms: Kms) {
    let orders = kms.key("orders");
    let tenant = kms.add_role("tenant-7").unwrap();
    encrypt(&tenant, orders.id()).await.unwrap_err();
    let access = GrantDeclaration::new("access")
        .key("orders")
        .grantee("tenant-7")
        .operations([GrantOperation::Encrypt]);
    let access = kms.add_grant(access).unwrap();
    encrypt(&tenant, orders.id()).await.unwrap();
    assert_eq!(existing(&kms), [access.id()]);
    assert_eq!(kms.calls().by(&tenant).refused()[0].why().len(), 1);

    let reader = RoleDeclaration::new("reader").allow(["kms:DescribeKey"]);
    let archive = kms.add_key("archive").unwrap();
    describe(&kms.add_role(reader).unwrap(), archive.id()).await.unwrap();
    kms.add_user("alice").unwrap();
    assert_eq!(kms.caller("alice").arn(), "arn:aws:iam::111122223333:user/alice");
}

#[kms_test(keys(orders), roles(worker))]
fn a_wrong_addition_is_refused_and_changes_nothing(kms: Kms) {
    for (error, expected) in [
        (kms.add_role("worker").unwrap_err(), "$.roles.worker"),
        (kms.add_user("worker").unwrap_err(), "$.users.worker"),
        (kms.add_key("orders").unwrap_err(), "$.keys.orders"),
        (
            kms.add_grant(GrantDeclaration::new("access").key("ordres").grantee("worker"))
                .unwrap_err(),
            "`ordres`",
        ),
    ] {
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!((kms.keys().len(), kms.grants().len()), (1, 0));
    kms.add_role("other").unwrap();
}

#[test]
fn two_fixtures_of_one_test_share_no_ids() {
    let start = || Fixture::builder().key("orders").role("worker").start().unwrap();
    let (one, other) = (start(), start());
    assert_ne!(one.key("orders").id(), other.key("orders").id());
    assert_ne!(one.credentials().access_key_id(), other.credentials().access_key_id());
    // A run repeats exactly: the first one's seed is free again.
    let id = one.key("orders").id().to_owned();
    drop(one);
    assert_eq!(start().key("orders").id(), id);
}

#[kms_test(keys(orders), roles(worker(allow("kms:DescribeKey"))))]
fn a_child_process_calls_as_a_principal(kms: Kms) {
    let worker = kms.caller("worker");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "added::a_program_that_describes_a_key", "--nocapture"])
        .env("KEY", kms.key("orders").id())
        .envs(worker.env())
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    kms.calls().by(&worker).of(Operation::DescribeKey).on("orders").assert_count(1);
}

/// Reads its configuration from the environment, as the SDKs do.
#[tokio::test]
#[ignore = "runs in a process of its own"]
async fn a_program_that_describes_a_key() {
    let read = |name: &str| std::env::var(name).unwrap();
    let credentials = Credentials::new(
        read("AWS_ACCESS_KEY_ID"),
        read("AWS_SECRET_ACCESS_KEY"),
        Some(read("AWS_SESSION_TOKEN")).filter(|it| !it.is_empty()),
        None,
        "environment",
    );
    let config = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(read("AWS_ENDPOINT_URL_KMS"))
        .region(Region::new(read("AWS_REGION")))
        .credentials_provider(credentials)
        .build();
    let client = aws_sdk_kms::Client::from_conf(config);
    client.describe_key().key_id(read("KEY")).send().await.unwrap();
}
