//! `rustc-with-test.sh` shows the attribute a manifest without insta.

use kms_fixture::kms_test;

#[kms_test(snapshot)]
async fn compared() {}

#[kms_test(keys(orders(state(Disbled))), snapshot(by_caller))]
async fn beside_another_mistake() {}

fn main() {}
