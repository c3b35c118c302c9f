use kms_fixture::kms_test;

#[kms_test(crate = "nowhere::to::be_found")]
async fn not_found() {}

fn main() {}
