use kms_fixture::{Key, Kms, kms_test};

#[kms_test(keys(orders))]
async fn patterns(_: Kms, (a, b): (Key, Key), &orders: &u8, ref archive: Key) {}

fn main() {}
