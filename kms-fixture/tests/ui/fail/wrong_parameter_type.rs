#![allow(unused)]

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

#[kms_test(keys(orders), roles(worker))]
async fn asynchronous(kms: Key, orders: Grant, mut worker: Kms) {}

#[kms_test(keys(orders))]
fn plain(orders: String, _kms: Caller, admin: Kms) {}

fn main() {}
