use kms_fixture::{Key, kms_test};

#[kms_test(region = "us-east-1", region = "us-east-1", keys(orders(state(Enabled), state(Disabled))))]
async fn twice() {}

#[kms_test(keys(orders), keys(archive))]
async fn lists_twice(archive: Key) {}

fn main() {}
