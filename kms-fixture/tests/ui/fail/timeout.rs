//! `timeout` is a number of seconds, and not for tests that should panic.

use kms_fixture::{Kms, kms_test};

#[kms_test(timeout = 0)]
fn no_time(_kms: Kms) {}

#[kms_test(timeout = "10")]
fn a_text(_kms: Kms) {}

#[kms_test(timeout = 1.5)]
fn a_fraction(_kms: Kms) {}

#[kms_test(timeout(10))]
fn parentheses(_kms: Kms) {}

#[kms_test(timeout = 10)]
#[should_panic]
fn panics(_kms: Kms) {}

fn main() {}
