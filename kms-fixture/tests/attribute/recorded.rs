//! `cassette` and `snapshot`, alone and beside the other options. These tests only compile, because there is no cassette
//! and no snapshot; the tests of `kms-fixture-downstream` record, replay and compare.

use kms_fixture::{Grant, Key, Kms, kms_test};

#[kms_test(cassette)]
#[ignore = "there is no cassette"]
async fn the_default_path() {}

#[kms_test(cassette = "orders/rotate.json")]
#[ignore = "there is no cassette"]
fn a_relative_path(_kms: Kms) {}

#[kms_test(cassette = "/tmp/orders/rotate.json")]
#[ignore = "there is no cassette"]
async fn an_absolute_path() {}

#[kms_test(snapshot)]
#[ignore = "there is no snapshot"]
fn without_a_cassette() {}

#[kms_test(snapshot)]
#[ignore = "there is no snapshot"]
async fn r#type() -> Result<(), std::fmt::Error> {
    Ok(())
}

#[kms_test(
    cassette,
    snapshot,
    start_paused = false,
    unknown_principals = "accept",
    transport = "tcp",
    flavor = "multi_thread",
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
#[ignore = "there is no cassette"]
async fn with_other_options(_orders: Key, _access: Grant) {}

macro_rules! recorded {
    ($option:ident, $path:expr, $test:ident) => {
        mod $test {
            #[super::kms_test(cassette = $path, $option)]
            #[ignore = "there is no cassette"]
            async fn $test() {}
        }
    };
}

recorded!(snapshot, "orders/rotate.json", in_a_module);
