//! Attributes of the user's go through once, to the test itself.
#![deny(warnings)]
#![allow(clippy::unused_async)] // the bodies are empty

use kms_fixture::{Key, Kms, kms_test};

/// A documented test.
#[kms_test]
#[expect(unused_variables)]
async fn an_expectation_stays_fulfilled(kms: Kms) {}

#[kms_test(keys(orders))]
#[allow(unused_variables, unused_mut)]
fn what_is_allowed_is_allowed(mut orders: Key, #[allow(unused_mut)] mut kms: Kms) {}

#[kms_test]
#[cfg(any())]
fn not_in_this_build(kms: Nonsense) {
    this_does_not_exist();
}

#[cfg(any())]
#[kms_test]
fn neither_is_this(kms: Nonsense) {}

#[kms_test]
#[cfg_attr(all(), ignore = "on purpose")]
fn ignored_by_configuration() {
    panic!("not run");
}

#[kms_test]
#[cfg_attr(all(), should_panic(expected = "on purpose"))]
pub(crate) fn panics_by_configuration() {
    panic!("on purpose");
}

fn main() {}
