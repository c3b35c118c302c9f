use kms_fixture::{Key, Kms, kms_test};

#[kms_test(keys(orders))]
async fn by_reference(kms: &Kms, orders: &mut Key) {}

fn main() {}
