//! The manifest names insta, but `rustc-with-test.sh` hides the crate from this file.

use kms_fixture::kms_test;

#[kms_test(cassette, snapshot)]
async fn recorded() {}

fn main() {}
