use kms_fixture::{Kms, kms_test};

struct Suite;

impl Suite {
    #[kms_test]
    async fn by_reference(&self, kms: Kms) {}

    #[kms_test]
    async fn by_value(self: Box<Self>) {}
}

fn main() {}
