//! The expansion causes no lint of rustc or clippy; `cargo clippy --all-targets` checks the latter.
#![deny(warnings, missing_docs, unreachable_pub, unused, rust_2018_idioms, unused_qualifications)]
#![deny(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![deny(unused_results, single_use_lifetimes, let_underscore_drop, unused_lifetimes, trivial_casts)]

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

#[kms_test(
    keys(orders, _spare),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn everything(kms: Kms, orders: Key, _worker: Caller, access: Grant, _spare: Key) {
    std::future::ready(()).await;
    assert_eq!(kms.region(), "us-east-1");
    assert_ne!(orders.id(), access.id());
}

#[kms_test(keys(orders))]
fn plain(kms: Kms, orders: Key) -> Result<(), std::fmt::Error> {
    assert_eq!(kms.region(), "us-east-1");
    std::fmt::Write::write_str(&mut String::new(), orders.id())
}

#[kms_test(keys(orders, a, b, c, d, e, f))]
fn many(kms: Kms, orders: Key, _a: Key, _b: Key, _c: Key, _d: Key, _e: Key, _f: Key) {
    assert_eq!(kms.region(), "us-east-1");
    assert!(!orders.id().is_empty());
}

#[kms_test(cassette = "orders.json", snapshot, keys(orders))]
#[ignore = "there is no cassette"]
async fn recorded(kms: Kms, _orders: Key) {
    std::future::ready(()).await;
    assert_eq!(kms.region(), "us-east-1");
}

#[kms_test(snapshot)]
#[ignore = "there is no snapshot"]
fn compared(kms: Kms) {
    assert_eq!(kms.region(), "us-east-1");
}
