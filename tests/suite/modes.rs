//! One test body in every mode: against the fake, recorded from a service over HTTP, replayed, and replayed wrongly.
//!
//! Modes are read from the environment, so the body runs in processes of its own.

use std::path::PathBuf;
use std::process::{Command, Output};

use kms_fixture::scenario::RoleDeclaration;
use kms_fixture::{Caller, Fixture, Grant, Key, Kms, kms_test};

use super::refusal::{client, refused};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(
        first(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        second(
            key(orders),
            grantee(worker),
            operations(Decrypt),
            name = "nightly",
            context_subset(tenant = "seven")
        )
    ),
    cassette = "../../target/kms-fixture-suite/modes.json",
    snapshot
)]
#[ignore = "run by the tests below, in every mode"]
async fn one_body(
    kms: Kms,
    admin: Caller,
    janitor: Caller,
    orders: Key,
    first: Grant,
    second: Grant,
) {
    let variation = std::env::var("ONE_BODY").unwrap_or_default();
    let list = || client(&admin).list_grants().key_id(orders.id()).send();
    let retire = || {
        client(&janitor)
            .retire_grant()
            .key_id(first.key_arn())
            .grant_id(first.id())
            .send()
    };
    let revoke = || {
        client(&admin)
            .revoke_grant()
            .key_id(second.key_arn())
            .grant_id(second.id())
            .send()
    };
    assert_eq!(list().await.unwrap().grants().len(), 2);
    if variation == "swapped" {
        // The code under test swallows the error; the SDK would try again what can be tried again.
        let _ = revoke().await;
        let _ = retire().await;
        return;
    }
    retire().await.unwrap();
    assert_eq!(kms.grants().len(), 1);
    assert_eq!(kms.grants()[0].id(), second.id());
    if variation == "leftover" {
        return;
    }
    assert_ne!(variation, "own failure", "the test's own failure");
    revoke().await.unwrap();
    if variation == "repeated" {
        refused(revoke().await).has_code("KmsFixtureReplayMismatchException");
        return;
    }
    assert!(kms.grants().is_empty());
    assert!(list().await.unwrap().grants().is_empty());
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/kms-fixture-suite")
}

fn run(mode: &str, variation: &str, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", "modes::one_body", "--nocapture"])
        .envs([("KMS_FIXTURE", mode), ("ONE_BODY", variation)])
        .envs([("RUST_BACKTRACE", "0"), ("INSTA_UPDATE", "no")])
        .env_remove("CI")
        .envs(environment.iter().copied());
    command.output().unwrap()
}

#[track_caller]
fn passes(output: &Output) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
}

#[track_caller]
fn fails_with(output: &Output, words: &[&str]) -> String {
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{error}");
    for word in words {
        assert!(error.contains(word), "`{word}` is not in:\n{error}");
    }
    error
}

#[test]
fn the_same_body_passes_with_the_same_snapshot_in_every_mode_and_fails_when_it_changes() {
    passes(&run("fake", "", &[]));
    record();
    passes(&run("replay", "", &[]));

    let swapped = fails_with(
        &run("replay", "swapped", &[]),
        &[
            "call 2 was not recorded at this point: RevokeGrant by admin",
            "call 2 of the tape is RetireGrant by janitor",
            "closest is call 3 of the tape",
            "left on the tape:",
            "KMS_FIXTURE=record cargo test -p kms-fixture-downstream modes::one_body -- --exact",
        ],
    );
    // One attempt: the answer is not one that an SDK tries again.
    let table = swapped.split("\ncalls of ").nth(1).unwrap();
    let attempts = table.lines().filter(|it| it.contains("  RevokeGrant "));
    assert_eq!(attempts.count(), 1, "{table}");

    fails_with(
        &run("replay", "leftover", &[]),
        &[
            "recorded and not called:",
            "3 RevokeGrant by admin",
            "4 ListGrants by admin",
        ],
    );
    fails_with(
        &run("replay", "repeated", &[]),
        &["call 4 was not recorded at this point: RevokeGrant by admin"],
    );
    // What is left over is no news when the test has failed by itself.
    let own = fails_with(
        &run("replay", "own failure", &[]),
        &["the test's own failure"],
    );
    assert!(!own.contains("recorded and not called"), "{own}");
}

/// Records the body from another fixture, which knows its callers apart.
fn record() {
    let upstream = Fixture::builder()
        .account("987654321098")
        .role(RoleDeclaration::new("worker"))
        .role(RoleDeclaration::new("janitor"))
        .start()
        .unwrap();
    let folder = folder();
    std::fs::create_dir_all(&folder).unwrap();
    let credentials = |name: &str| {
        let credentials = upstream.caller(name).credentials();
        format!(
            "aws_access_key_id={}\naws_secret_access_key={}\naws_session_token={}\n",
            credentials.access_key_id(),
            credentials.secret_access_key(),
            credentials.session_token().unwrap()
        )
    };
    let config = format!(
        "[default]\n{}[profile cleaner]\n{}",
        credentials("admin"),
        credentials("janitor")
    );
    let file = folder.join("aws-config");
    std::fs::write(&file, config).unwrap();
    let recorded = run(
        "record",
        "",
        &[
            ("KMS_FIXTURE_UPSTREAM", upstream.endpoint_url()),
            ("KMS_FIXTURE_ORIGIN", "fake"),
            ("KMS_FIXTURE_PRINCIPAL_JANITOR", "cleaner"),
            ("AWS_CONFIG_FILE", file.to_str().unwrap()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ],
    );
    std::fs::remove_file(&file).unwrap();
    passes(&recorded);
    // It was janitor, and nobody else, who retired.
    let calls = upstream.calls();
    let retired = calls.iter().find(|it| it.operation() == "RetireGrant");
    assert_eq!(retired.and_then(|it| it.caller()), Some("janitor"));
    // What was declared is gone, and nothing of the account is in the file.
    assert!(upstream.grants().is_empty());
    let cassette = std::fs::read_to_string(folder.join("modes.json")).unwrap();
    for live in ["987654321098", "nightly", "seven", upstream.keys()[0].id()] {
        assert!(!cassette.contains(live), "{live} is in {cassette}");
    }
}
