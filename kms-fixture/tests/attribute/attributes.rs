//! Attributes that users write reach the test itself, once.
#![deny(warnings)]

use kms_fixture::{Key, Kms, kms_test};

/// A documented test.
#[kms_test]
#[expect(unused_variables)]
async fn an_expectation_stays_fulfilled(kms: Kms) {}

#[kms_test(keys(orders))]
#[allow(unused_variables, unused_mut)]
fn an_allowed_lint_stays_allowed(mut orders: Key, #[allow(unused_mut)] mut kms: Kms) {}

#[kms_test]
#[cfg(any())]
fn a_false_cfg_below_removes_the_test(kms: Nonsense) {
    this_does_not_exist();
}

#[cfg(any())]
#[kms_test]
fn a_false_cfg_above_removes_the_test(kms: Nonsense) {}

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
