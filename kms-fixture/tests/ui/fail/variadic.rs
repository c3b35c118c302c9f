use kms_fixture::kms_test;

#[kms_test]
unsafe extern "C" fn with_a_name(args: ...) {}

#[kms_test]
unsafe extern "C" fn without_a_name(...) {}

fn main() {}
