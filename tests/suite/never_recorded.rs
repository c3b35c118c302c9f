//! A test whose cassette does not exist: the report lists what a recording needs. The test runs in processes of its own.

use std::process::Command;

use kms_fixture::{Kms, kms_test};

#[kms_test(
    keys(orders, archive),
    roles(worker),
    users(alice),
    cassette = "../../target/kms-fixture-suite/never_recorded.json"
)]
#[ignore = "fails on purpose"]
fn on_purpose(_kms: Kms) {}

/// Returns the report of the test, with nothing in its environment but this.
fn report(environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "never_recorded::on_purpose", "--nocapture"]);
    for (name, _) in std::env::vars_os() {
        if name == "CI" || name.to_string_lossy().starts_with("KMS_FIXTURE") {
            command.env_remove(name);
        }
    }
    let run = command.envs(environment.iter().copied()).output().unwrap();
    assert!(!run.status.success());
    String::from_utf8(run.stderr).unwrap()
}

/// Checks that the report has all of these lines, apart from what follows them.
#[track_caller]
fn has(report: &str, lines: &[&str]) {
    for line in lines {
        assert!(report.lines().any(|it| it.trim_start().starts_with(line)), "{line}\n{report}");
    }
}

#[test]
fn the_report_lists_all_that_a_recording_needs() {
    let report = report(&[("KMS_FIXTURE_KEY_ORDERS", "alias/orders")]);
    assert!(report.contains("never_recorded.json does not exist"), "{report}");
    let of_feature = if cfg!(feature = "record") {
        "present  the feature `record`"
    } else {
        "missing  the feature `record`: `cargo add --dev kms-fixture --features record -p kms-fixture-downstream`"
    };
    has(
        &report,
        &[
            "KMS_FIXTURE=record cargo test -p kms-fixture-downstream never_recorded::on_purpose -- --exact",
            "KMS_FIXTURE=fake cargo test -p kms-fixture-downstream never_recorded::on_purpose -- --exact",
            of_feature,
            "missing  the settings `kms-fixture.toml`: a file in the package's folder or above it",
            "missing  the account that may be recorded: `account = \"..\"`, or `KMS_FIXTURE_ACCOUNT`",
            "present  the live key `orders`",
            "missing  the live key `archive`: `archive = \"alias/..\"` below `[keys]`, or `KMS_FIXTURE_KEY_ARCHIVE`",
            "missing  the live role `worker`: `worker = { role = \"arn:..\" }` below `[principals]`, or `KMS_FIXTURE_PRINCIPAL_WORKER`",
            "missing  the live user `alice`: `alice = { profile = \"..\" }` below `[principals]`, or `KMS_FIXTURE_PRINCIPAL_ALICE`",
            "unknown  the administrator's credentials",
        ],
    );
    let refused = self::report(&[("CI", "true")]);
    has(&refused, &["missing  permission: recording is refused because `CI` is set"]);
}

#[test]
fn a_recording_that_lacks_something_lists_all_of_it() {
    let report = report(&[("KMS_FIXTURE", "record"), ("KMS_FIXTURE_KEY_ORDERS", "alias/orders")]);
    has(
        &report,
        &[
            "a requirement of the recording is missing",
            "missing  the account that may be recorded",
            "present  the live key `orders`",
            "missing  the live key `archive`",
            "missing  the live role `worker`",
        ],
    );
}

#[cfg(feature = "record")]
#[test]
fn the_report_knows_the_settings() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/kms-fixture-suite");
    std::fs::create_dir_all(folder).unwrap();
    let with = |name: &str, text: &str| {
        let path = format!("{folder}/{name}.toml");
        std::fs::write(&path, text).unwrap();
        let report = report(&[("KMS_FIXTURE_CONFIG", &path)]);
        std::fs::remove_file(&path).unwrap();
        (report, path)
    };
    let settings = "account = '123456789012'\nregion = 'eu-central-1'\n[keys]\narchive = 'alias/a'\n[principals]\nworker = { profile = 'w' }";
    let (report, path) = with("never_recorded", settings);
    has(
        &report,
        &[
            &format!("present  the settings {path}"),
            "present  the account that may be recorded",
            "missing  the live key `orders`",
            "present  the live key `archive`",
            "present  the live role `worker`",
            "missing  the live user `alice`",
            "missing  the Region of the settings: `region = \"eu-central-1\"` in the test",
        ],
    );
    let (report, _) = with("never_recorded_wrong", "acount = '123456789012'");
    assert!(report.contains("missing  valid settings: ") && report.contains("acount"), "{report}");
    let (report, _) = with("never_recorded_emulator", "upstream = 'http://127.0.0.1:5000'");
    has(&report, &["present  the service: http://127.0.0.1:5000, an emulator"]);
    assert!(!report.contains("the live key"), "{report}");
}
