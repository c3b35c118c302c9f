//! Mistakes in cases.

use kms_fixture::{Key, kms_test};

#[kms_test(cases(limit = 1))]
async fn no_name(limit: i32) {}

#[kms_test(cases(small(limt = 1), full(limit = 100, other = 2), small(limit = 1)))]
async fn names(limit: i32, _other: i32) {}

#[kms_test(keys(orders), cases(small(orders = 1, kms = 2)))]
async fn declared(orders: Key) {}

#[kms_test(cases(small(limit = ONE), empty, fn(limit = 1)))]
async fn values(limit: i32) {}

#[kms_test(cassette = "orders.json", cases(small(limit = 1)))]
async fn one_cassette(limit: i32) {}

#[kms_test(cases(small(limit = "one"), full(limit = 300)))]
async fn types(limit: u8) {}

#[kms_test]
#[test_case(1)]
async fn another_way(limit: i32) {}

fn main() {}
