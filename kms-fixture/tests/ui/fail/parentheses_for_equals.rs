use kms_fixture::kms_test;

#[kms_test(region("us-east-1"), keys(orders(alias("alias/orders"))), worker_threads(2))]
async fn parentheses() {}

#[kms_test(keys[orders], roles { worker })]
async fn brackets() {}

fn main() {}
