use kms_fixture::kms_test;

#[kms_test(keys(orders, orders), roles(worker, orders), users(worker))]
async fn twice() {}

fn main() {}
