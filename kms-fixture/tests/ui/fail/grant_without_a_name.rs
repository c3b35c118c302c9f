//! The likeliest first mistake: one error, and none about what follows from it.

use kms_fixture::{Grant, Key, kms_test};

#[kms_test(keys(orders), roles(worker), grants(key(orders), grantee(worker), operations(Decrypt)))]
async fn a_grant(_access: Grant) {}

#[kms_test(keys(alias = "alias/orders", state(Disabled)))]
async fn a_key(_orders: Key) {}

fn main() {}
