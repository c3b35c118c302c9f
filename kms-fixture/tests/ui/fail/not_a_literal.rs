use kms_fixture::kms_test;

const REGION: &str = "us-east-1";

#[kms_test(region = REGION, worker_threads = -1, account = concat!("1111", "22223333"))]
async fn expressions() {}

fn main() {}
