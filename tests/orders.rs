//! The README's first test with a mistake in its last line, and the picture of its failure, `docs/failing-test.svg`.
//! `UPDATE_EXPECT=1 cargo test -p kms-fixture-downstream --test orders` takes the picture again.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod picture;

use std::path::Path;
use std::process::Command;

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
#[ignore = "fails on purpose"]
#[rustfmt::skip] // the README's lines
async fn a_retired_grant_opens_nothing(kms: Kms, worker: Caller, janitor: Caller, orders: Key, access: Grant) {
    let admin = aws_sdk_kms::Client::new(&kms.sdk_config());
    let secret = admin.generate_data_key().key_id(orders.id()).number_of_bytes(32).send().await.unwrap();

    // The grant opens the key to the worker ...
    let client = aws_sdk_kms::Client::new(&worker.sdk_config());
    let open = || client.decrypt().set_ciphertext_blob(secret.ciphertext_blob.clone()).send();
    assert_eq!(open().await.unwrap().plaintext, secret.plaintext);

    // ... until its retiring principal retires it.
    let janitor = aws_sdk_kms::Client::new(&janitor.sdk_config());
    janitor.retire_grant().grant_token(access.token()).send().await.unwrap();
    let refused = open().await.unwrap_err().into_service_error();
    assert_eq!(refused.meta().code(), Some("InvalidGrantTokenException"));
}

const README: &str = include_str!("../README.md");

/// The terminal after `cargo test`, without the number of the thread, the other tests of this file, and the time.
fn terminal() -> String {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "a_retired_grant_opens_nothing", "--color=always"])
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    assert!(!run.status.success());
    let text = String::from_utf8(run.stdout).unwrap();
    let (start, rest) = text.split_once("thread '").unwrap_or_else(|| panic!("{text}"));
    let (name, rest) = rest.split_once("' ").unwrap();
    let (_, rest) = rest.split_once("panicked at ").unwrap();
    let text = format!("{start}thread '{name}' panicked at {rest}");
    let (text, _) = text.split_once("; 0 ignored").unwrap_or_else(|| panic!("{text}"));
    text.trim_start().to_owned()
}

#[test]
fn the_picture_of_a_failing_test_has_the_output_of_today() {
    let svg =
        picture::svg(&terminal(), "A failing test: its calls, and why the last one was denied");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // The URI is for pages of rustdoc, which have no files beside them.
    let files = [
        ("docs/failing-test.svg", svg.clone()),
        ("kms-fixture/src/docs/failing-test.uri", picture::uri(&svg)),
    ];
    for (file, expected) in files {
        let path = root.join(file);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{file}: UPDATE_EXPECT=1 takes it again");
    }
}

#[test]
fn the_readme_has_the_table_of_this_failure() {
    let output = terminal();
    let (_, table) = output.split_once("calls of ").unwrap_or_else(|| panic!("{output}"));
    let (table, _) = table.split_once("\n\n").unwrap();
    assert!(README.contains(&format!("```text\ncalls of {}\n```", table.trim_end())), "{table}");
}

/// All lines but the last one, which has the mistake.
#[test]
fn the_failing_test_is_the_readme_s_first_test() {
    let (_, block) = README.split_once("```rust,test_harness\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let this = include_str!("orders.rs");
    let different = |it: &&str| !it.is_empty() && !this.lines().any(|line| line == *it);
    let different: Vec<_> = block.lines().filter(different).collect();
    let last = r#"    assert_eq!(refused.meta().code(), Some("AccessDeniedException"));"#;
    assert_eq!(different, [last]);
}

/// A relative link shows the picture in a checkout; a page on crates.io needs the repository's address.
#[test]
fn the_readme_links_to_the_picture() {
    let manifest = include_str!("../Cargo.toml");
    let repository = manifest.split("\nrepository = \"").nth(1).unwrap().split('"').next().unwrap();
    let base = match repository {
        "https://example.com/kms-fixture" => String::new(),
        public => format!("{public}/raw/HEAD/"),
    };
    let definition = format!("\n[failing-test]: {base}docs/failing-test.svg\n");
    assert!(README.contains(&definition), "{definition}");
}
