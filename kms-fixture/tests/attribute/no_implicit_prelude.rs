//! Only the names that this file imports are in scope.
#![no_implicit_prelude]
#![allow(clippy::duplicate_underscore_argument)] // `kms` and `_kms`

use ::kms_fixture::{Grant, Key, Kms, kms_test};

#[kms_test(
    keys(orders(state(Enabled), tags(team = "orders"))),
    roles(worker),
    grants(access(key(orders), grantee(worker), retiring(admin), operations(Decrypt))),
    flavor = "multi_thread",
    worker_threads = 2
)]
async fn asynchronous(
    kms: Kms,
    _kms: Kms,
    orders: Key,
    access: Grant,
) -> ::std::result::Result<(), ::std::fmt::Error> {
    let _ = (kms, orders, access);
    ::std::result::Result::Ok(())
}

#[kms_test]
fn plain(_kms: Kms) {}
