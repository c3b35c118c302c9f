use kms_fixture::kms_test;

#[kms_test(region, account =, keys, flavor = , keys(orders(state, alias, tags(), spec())))]
async fn nothing() {}

fn main() {}
