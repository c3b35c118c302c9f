use kms_fixture::{Kms, kms_test};

struct Suite;

impl Suite {
    #[kms_test(keys(orders))]
    async fn no_self(_kms: Kms) {}

    #[kms_test(kys(orders))]
    async fn no_self_and_a_mistake(_kms: Kms) {}
}

fn main() {}
