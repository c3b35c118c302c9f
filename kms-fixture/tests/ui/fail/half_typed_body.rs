use kms_fixture::{Key, kms_test};

#[kms_test(keys(orders))]
async fn half(orders: Key) {
    let _id = orders.;
}

fn main() {}
