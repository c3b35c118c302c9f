//! What `#[kms_test]` accepts and what it says when it does not; `ui/README.md` explains the fixtures.

use std::process::Command;

const WRAPPER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui/rustc-with-test.sh");

/// An ordinary build drops `#[test]` functions unseen, so the fixtures are built with `--test`, by a wrapper of rustc.
#[test]
#[cfg_attr(not(unix), ignore = "the wrapper is a shell script")]
fn fixtures() {
    let mut this = Command::new(std::env::current_exe().unwrap());
    this.args(["--exact", "in_the_wrapper", "--ignored", "--nocapture"]);
    let status = this.env("RUSTC_WORKSPACE_WRAPPER", WRAPPER).status().unwrap();
    assert!(status.success(), "see above; `tests/ui/README.md` says how to bless");
}

#[test]
#[ignore = "`fixtures` starts it"]
fn in_the_wrapper() {
    if std::env::var_os("RUSTC_WORKSPACE_WRAPPER").is_some_and(|it| it == WRAPPER) {
        trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
        trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
    }
}
