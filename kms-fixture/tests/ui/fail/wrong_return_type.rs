#![allow(unused)]

use kms_fixture::{Kms, kms_test};

struct NotDebug;

#[kms_test]
async fn asynchronous(kms: Kms) -> String {
    String::new()
}

#[kms_test]
fn plain() -> Result<(), NotDebug> {
    Ok(())
}

fn main() {}
