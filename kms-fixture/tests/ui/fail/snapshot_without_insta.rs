//! `rustc-with-test.sh` hides insta from this file.

use kms_fixture::kms_test;

#[kms_test(cassette, snapshot)]
async fn recorded() {}

fn main() {}
