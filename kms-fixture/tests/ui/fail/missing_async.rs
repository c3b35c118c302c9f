use kms_fixture::{Kms, kms_test};

#[kms_test]
fn plain(kms: Kms) {
    std::future::ready(kms).await;
}

fn main() {}
