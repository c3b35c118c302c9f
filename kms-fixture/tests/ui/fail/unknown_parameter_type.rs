use kms_fixture::kms_test;

#[kms_test(keys(orders))]
async fn nothing_is_imported(kms: Kms, orders: Key) {}

fn main() {}
