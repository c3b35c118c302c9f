//! `leaks(deny)`: grants that a test has made and left behind fail it, in every mode. The failing tests are run in a
//! process of their own.

use std::process::{Command, Output};

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Grant, Key, Kms, kms_test};

use super::calls::{client, revoke};
use super::refusal::refused;

async fn grant(by: &Caller, on: &Key, to: &Caller, name: Option<&str>) -> String {
    let granted = client(by)
        .create_grant()
        .key_id(on.arn())
        .grantee_principal(to.arn())
        .operations("Decrypt".into())
        .operations("DescribeKey".into())
        .set_name(name.map(str::to_owned))
        .send()
        .await
        .unwrap();
    granted.grant_id.unwrap()
}

#[kms_test(
    keys(orders),
    roles(worker(allow("kms:CreateGrant"))),
    users(alice(name = "Alice")),
    leaks(deny)
)]
#[ignore = "fails on purpose"]
async fn on_purpose(admin: Caller, worker: Caller, alice: Caller, orders: Key) {
    let ended = grant(&admin, &orders, &worker, None).await;
    grant(&admin, &orders, &alice, Some("nightly")).await;
    grant(&admin, &orders, &alice, Some("nightly")).await;
    revoke(&admin, orders.arn(), &ended).await.unwrap();
    grant(&worker, &orders, &admin, None).await;
}

#[kms_test(keys(orders), roles(worker), leaks(deny))]
#[ignore = "fails on purpose"]
async fn on_purpose_for_another_reason(admin: Caller, worker: Caller, orders: Key) {
    grant(&admin, &orders, &worker, None).await;
    panic!("the test's own failure");
}

#[kms_test(keys(orders), roles(worker), leaks(deny))]
#[ignore = "fails on purpose"]
async fn on_purpose_by_error(admin: Caller, worker: Caller, orders: Key) -> Result<(), String> {
    grant(&admin, &orders, &worker, None).await;
    Err("the error of the test".to_owned())
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(nightly(
        key(orders),
        grantee(worker),
        operations(Decrypt, DescribeKey),
        name = "nightly"
    )),
    leaks(deny)
)]
async fn a_declared_grant_is_not_a_leak(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
    nightly: Grant,
) {
    let again = grant(&admin, &orders, &worker, Some("nightly")).await;
    assert_eq!(again, nightly.id());
    let ended = grant(&admin, &orders, &worker, None).await;
    revoke(&admin, orders.arn(), &ended).await.unwrap();
    let dry = client(&admin)
        .create_grant()
        .key_id(orders.arn())
        .grantee_principal(worker.arn())
        .operations("Decrypt".into())
        .dry_run(true);
    refused(dry.send().await);
    assert_eq!(kms.grants().len(), 1);
    kms.verify().unwrap();
}

#[kms_test(keys(orders), roles(worker), leaks(allow))]
async fn an_allowed_grant_is_not_a_leak(admin: Caller, worker: Caller, orders: Key) {
    grant(&admin, &orders, &worker, None).await;
}

fn run(test: &str, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", &format!("leaks::{test}")])
        .args(["--nocapture", "--test-threads=1"])
        .env("RUST_BACKTRACE", "0")
        .env_remove("CI")
        .envs(environment.iter().copied());
    command.output().unwrap()
}

#[track_caller]
fn failure(output: &Output) -> String {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!output.status.success(), "{error}");
    error
}

#[test]
fn each_grant_is_named_with_the_call_that_made_it() {
    let told = failure(&run("on_purpose", &[]));
    let report = told.split("leaks of suite::leaks::on_purpose:\n").nth(1);
    let report = report.unwrap_or_else(|| panic!("{told}"));
    let (leaks, table) = report.split_once("\ncalls of ").unwrap();
    for expected in [
        "  `nightly`, ",
        "    on orders for alice: Decrypt, DescribeKey\n    made by call 2, CreateGrant by admin\n",
        "    on orders for admin: Decrypt, DescribeKey\n    made by call 5, CreateGrant by worker\n",
    ] {
        assert!(leaks.contains(expected), "{expected}\n\n{leaks}");
    }
    assert_eq!(leaks.matches("made by").count(), 2, "{leaks}");
    assert!(table.contains("5  worker"), "{table}");
    // It is one panic of the harness's, without a message of rustc's about where.
    assert!(!told.contains("panicked at"), "{told}");
}

#[test]
fn a_leak_does_not_hide_what_failed_before() {
    for (test, own) in [
        ("on_purpose_for_another_reason", "the test's own failure"),
        ("on_purpose_by_error", "the error of the test"),
    ] {
        let told = failure(&run(test, &[]));
        assert!(told.contains(own) && !told.contains("leaks of"), "{told}");
    }
}

#[tokio::test]
async fn verify_reports_the_leaks_of_a_builder() {
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .grant(
            GrantDeclaration::new("declared")
                .key("orders")
                .grantee("worker")
                .operations([GrantOperation::Encrypt]),
        )
        .deny_leaks()
        .start()
        .unwrap();
    kms.verify().unwrap();
    let (admin, orders) = (kms.caller("admin"), kms.key("orders"));
    let made = grant(&admin, &orders, &kms.caller("worker"), None).await;
    let told = kms.verify().unwrap_err().to_string();
    for expected in [&made, "on orders for worker", "made by call 1, CreateGrant by admin"] {
        assert!(told.contains(expected), "{told}");
    }
    revoke(&admin, orders.arn(), &made).await.unwrap();
    kms.verify().unwrap();
}

#[cfg(feature = "record")]
mod on_tape {
    use std::path::PathBuf;

    use super::*;

    #[kms_test(
        keys(orders),
        roles(worker(name = "Worker")),
        grants(declared(key(orders), grantee(worker), operations(Encrypt), name = "declared")),
        cassette = "../../target/kms-fixture-suite/leaks.json"
    )]
    #[ignore = "run by the test below"]
    async fn allowed(admin: Caller, worker: Caller, orders: Key) {
        body(admin, worker, orders).await;
    }

    #[kms_test(
        keys(orders),
        roles(worker(name = "Worker")),
        grants(declared(key(orders), grantee(worker), operations(Encrypt), name = "declared")),
        cassette = "../../target/kms-fixture-suite/leaks.json",
        leaks(deny)
    )]
    #[ignore = "run by the test below"]
    async fn denied(admin: Caller, worker: Caller, orders: Key) {
        body(admin, worker, orders).await;
    }

    async fn body(admin: Caller, worker: Caller, orders: Key) {
        let ended = grant(&admin, &orders, &worker, None).await;
        grant(&admin, &orders, &worker, Some("nightly")).await;
        revoke(&admin, orders.arn(), &ended).await.unwrap();
    }

    fn run(test: &str, mode: &str, environment: &[(&str, &str)]) -> Output {
        let environment: Vec<_> =
            environment.iter().copied().chain([("KMS_FIXTURE", mode)]).collect();
        super::run(&format!("on_tape::{test}"), &environment)
    }

    #[test]
    fn a_leak_is_told_of_a_recording_and_of_its_replay() {
        let upstream = Fixture::builder()
            .account("987654321098")
            .role(RoleDeclaration::new("worker").name("Worker"))
            .start()
            .unwrap();
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/kms-fixture-suite");
        std::fs::create_dir_all(&folder).unwrap();
        let cassette = folder.join("leaks.json");
        let _ = std::fs::remove_file(&cassette);
        let credentials = upstream.credentials();
        let environment = [
            ("KMS_FIXTURE_UPSTREAM", upstream.endpoint_url()),
            ("KMS_FIXTURE_ORIGIN", "fake"),
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id()),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key()),
            ("AWS_SESSION_TOKEN", credentials.session_token().unwrap()),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ];
        let leak =
            ["on orders for worker: Decrypt, DescribeKey", "made by call 2, CreateGrant by admin"];

        let told = failure(&run("denied", "record", &environment));
        assert!(leak.iter().all(|it| told.contains(it)), "{told}");
        assert_eq!(told.matches("made by").count(), 1, "{told}");
        assert!(!cassette.exists(), "a recording with a leak is not accepted");
        assert!(upstream.grants().is_empty(), "a recording revokes what it has made");

        let allowed = run("allowed", "record", &environment);
        assert!(allowed.status.success(), "{}", String::from_utf8_lossy(&allowed.stderr));
        assert!(!std::fs::read_to_string(&cassette).unwrap().contains("leaks\""));
        let allowed = run("allowed", "replay", &[]);
        assert!(allowed.status.success(), "{}", String::from_utf8_lossy(&allowed.stderr));

        let told = failure(&run("denied", "replay", &[]));
        assert!(leak.iter().all(|it| told.contains(it)), "{told}");
        assert_eq!(told.matches("made by").count(), 1, "{told}");
    }
}
