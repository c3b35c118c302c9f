use kms_fixture::kms_test;

#[kms_test(crate = "not a path")]
async fn not_a_path() {}

#[kms_test(crate = my::path)]
async fn not_a_literal() {}

fn main() {}
