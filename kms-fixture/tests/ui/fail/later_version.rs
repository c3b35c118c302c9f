use kms_fixture::kms_test;

#[kms_test(consistency(eventual))]
async fn eventual() {}

#[kms_test(consistency(weak))]
async fn weak() {}

fn main() {}
