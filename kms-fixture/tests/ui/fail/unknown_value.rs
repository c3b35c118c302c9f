use kms_fixture::kms_test;

#[kms_test(unknown_principals = "refuse", transport = "udp", flavor = "multi-thread")]
async fn unknown() {}

fn main() {}
