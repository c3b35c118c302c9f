//! The mistakes that `#[kms_test]` reports; `ui/README.md` explains the fixtures.

use std::process::Command;

const WRAPPER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui/rustc-with-test.sh");

/// The flags that trybuild sets when it builds a fixture, in cargo's own encoding. trybuild leaves out the width when
/// it builds the dependencies, and other flags make cargo build them again. This variable overrides both.
const RUSTFLAGS: &str = "--cfg\x1ftrybuild\x1f--verbose\x1f-Adead_code\x1f--diagnostic-width=140";

/// Builds the fixtures with `--test`, by a wrapper of rustc, because an ordinary build drops `#[test]` functions unseen.
#[test]
#[cfg_attr(not(unix), ignore = "the wrapper is a shell script")]
fn fixtures() {
    let mut this = Command::new(std::env::current_exe().unwrap());
    this.args(["--exact", "in_the_wrapper", "--ignored", "--nocapture"]);
    this.env("RUSTC_WORKSPACE_WRAPPER", WRAPPER).env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS);
    assert!(this.status().unwrap().success(), "see above; `tests/ui/README.md` says how to bless");
}

#[test]
#[ignore = "`fixtures` starts it"]
fn in_the_wrapper() {
    if std::env::var_os("RUSTC_WORKSPACE_WRAPPER").is_some_and(|it| it == WRAPPER) {
        trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
    }
}
