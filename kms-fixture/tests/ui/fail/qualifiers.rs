use kms_fixture::kms_test;

#[kms_test]
const fn constant() {}

#[kms_test]
unsafe fn dangerous() {}

#[kms_test]
extern "C" fn foreign() {}

fn main() {}
