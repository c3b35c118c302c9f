//! One test body in every mode: against the fake, recorded from a service over HTTP, replayed, and replayed wrongly.
//!
//! Modes are read from the environment, so the body runs in processes of its own.

use std::path::PathBuf;
use std::process::{Command, Output};

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use kms_fixture::scenario::RoleDeclaration;
use kms_fixture::{Caller, Fixture, Grant, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::refused;

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
    let retire =
        || client(&janitor).retire_grant().key_id(first.key_arn()).grant_id(first.id()).send();
    let revoke =
        || client(&admin).revoke_grant().key_id(second.key_arn()).grant_id(second.id()).send();
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

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(
        key(orders),
        grantee(worker),
        retiring(janitor),
        operations(Encrypt, Decrypt, GenerateDataKey),
        context_subset(tenant = "seven")
    )),
    cassette = "../../target/kms-fixture-suite/cryptography.json",
    snapshot
)]
#[ignore = "run by the test below, in every mode"]
async fn a_grantee_uses_the_key(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
    orders: Key,
    access: Grant,
) {
    let plaintext = Blob::new("worth some galumphing");
    let encrypt = || {
        let call = client(&worker).encrypt().key_id(orders.id());
        call.plaintext(plaintext.clone())
    };
    let decrypt = |caller: &Caller, blob: &Blob| {
        let call = client(caller).decrypt().ciphertext_blob(blob.clone());
        call.encryption_context("tenant", "seven").send()
    };
    refused(encrypt().send().await).has_code("AccessDeniedException");
    let mut blobs = Vec::new();
    for _ in 0..2 {
        let encrypted = encrypt().encryption_context("tenant", "seven").send().await;
        blobs.push(encrypted.unwrap().ciphertext_blob.unwrap());
    }
    assert_ne!(blobs[0], blobs[1]);
    let variation = std::env::var("ONE_BODY").unwrap_or_default();
    if variation == "a blob of its own" {
        let mine = Blob::new(vec![7; 32]);
        refused(decrypt(&worker, &mine).await).has_code("KmsFixtureReplayMismatchException");
        return;
    }
    for blob in &blobs {
        let decrypted = decrypt(&worker, blob).await.unwrap();
        assert_eq!(decrypted.plaintext.unwrap(), plaintext);
    }
    let made = client(&worker)
        .generate_data_key()
        .key_id(orders.arn())
        .key_spec(DataKeySpec::Aes256)
        .encryption_context("tenant", "seven");
    let made = made.send().await.unwrap();
    let (data_key, blob) = (made.plaintext.unwrap(), made.ciphertext_blob.unwrap());
    assert_eq!(data_key.as_ref().len(), 32);
    assert_eq!(decrypt(&worker, &blob).await.unwrap().plaintext, Some(data_key));
    let retire = client(&janitor).retire_grant().grant_token(access.token());
    retire.send().await.unwrap();
    assert!(kms.grants().is_empty());
    refused(decrypt(&worker, &blobs[0]).await).has_code("AccessDeniedException");
    let decrypted = decrypt(&admin, &blobs[0]).await.unwrap();
    assert_eq!(decrypted.plaintext.unwrap(), plaintext);
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/kms-fixture-suite")
}

fn run(mode: &str, variation: &str, environment: &[(&str, &str)]) -> Output {
    run_body("modes::one_body", mode, variation, environment)
}

fn run_body(body: &str, mode: &str, variation: &str, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", body, "--nocapture"])
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
    let upstream = record("modes::one_body");
    // It was janitor, and nobody else, who retired.
    let calls = upstream.calls();
    let retired = calls.iter().find(|it| it.operation() == "RetireGrant");
    assert_eq!(retired.and_then(|it| it.caller()), Some("janitor"));
    is_clean(&upstream, "modes.json", &["nightly", "seven"]);
    passes(&run("replay", "", &[]));

    let swapped = fails_with(
        &run("replay", "swapped", &[]),
        &[
            "call 2 was not recorded at this point: RevokeGrant by admin",
            "call 2 of the cassette is RetireGrant by janitor",
            "closest is call 3 of the cassette",
            "left in the cassette:",
            "KMS_FIXTURE=record cargo test -p kms-fixture-downstream modes::one_body -- --exact",
        ],
    );
    // One attempt: the answer is not one that an SDK tries again.
    let table = swapped.split("\ncalls of ").nth(1).unwrap();
    let attempts = table.lines().filter(|it| it.contains("  RevokeGrant "));
    assert_eq!(attempts.count(), 1, "{table}");

    fails_with(
        &run("replay", "leftover", &[]),
        &["recorded but not called:", "3 RevokeGrant by admin", "4 ListGrants by admin"],
    );
    fails_with(
        &run("replay", "repeated", &[]),
        &["call 4 was not recorded at this point: RevokeGrant by admin"],
    );
    // What is left over is no news when the test has failed by itself.
    let own = fails_with(&run("replay", "own failure", &[]), &["the test's own failure"]);
    assert!(!own.contains("recorded but not called"), "{own}");
}

#[test]
fn what_a_grantee_encrypts_is_the_same_in_every_mode_until_the_grant_is_retired() {
    let body = "modes::a_grantee_uses_the_key";
    passes(&run_body(body, "fake", "", &[]));
    let upstream = record(body);
    is_clean(&upstream, "cryptography.json", &["seven", "galumphing", "Z2FsdW1waGluZ"]);
    passes(&run_body(body, "replay", "", &[]));
    fails_with(
        &run_body(body, "replay", "a blob of its own", &[]),
        &["call 4 was not recorded at this point: Decrypt by worker"],
    );
}

/// Records a body from another fixture, which knows its callers apart.
fn record(body: &str) -> Kms {
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
        "[default]\n{}[profile cleaner]\n{}[profile hand]\n{}",
        credentials("admin"),
        credentials("janitor"),
        credentials("worker")
    );
    let file = folder.join(format!("aws-config-{}", body.replace("::", "-")));
    std::fs::write(&file, config).unwrap();
    let recorded = run_body(
        body,
        "record",
        "",
        &[
            ("KMS_FIXTURE_UPSTREAM", upstream.endpoint_url()),
            ("KMS_FIXTURE_ORIGIN", "fake"),
            ("KMS_FIXTURE_PRINCIPAL_JANITOR", "cleaner"),
            ("KMS_FIXTURE_PRINCIPAL_WORKER", "hand"),
            ("AWS_CONFIG_FILE", file.to_str().unwrap()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ],
    );
    std::fs::remove_file(&file).unwrap();
    passes(&recorded);
    upstream
}

/// What was declared is gone, and nothing of the account is in the file.
fn is_clean(upstream: &Kms, file: &str, chosen: &[&str]) {
    assert!(upstream.grants().is_empty());
    let cassette = std::fs::read_to_string(folder().join(file)).unwrap();
    let keys = upstream.keys();
    for live in chosen.iter().copied().chain(["987654321098", keys[0].id()]) {
        assert!(!cassette.contains(live), "{live} is in {cassette}");
    }
}
