//! Users' names that resemble those of the expansion.
#![allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals, unused_macros)]

mod core {}
mod std {}
mod kms_fixture {}
mod alloc {}
struct Option;
struct Clone;
struct Kms;
struct Plan;
struct Termination;
struct TestPlace;
enum Some {}
enum None {}
type Result = ();
type str = ();
fn report() {}
fn run() {}
macro_rules! env {
    () => {};
}
macro_rules! file {
    () => {};
}
macro_rules! module_path {
    () => {};
}

use ::kms_fixture::{Grant, Key, kms_test};

#[kms_test(
    keys(orders, janitor),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt))),
    flavor = "multi_thread"
)]
async fn orders(
    orders: Key,
    access: Grant,
    kms: ::kms_fixture::Kms,
) -> ::core::result::Result<(), ::core::fmt::Error> {
    let _ = (orders, access, kms);
    ::core::result::Result::Ok(())
}

#[kms_test(keys(fixture, __private, janitor), roles(body, name))]
fn janitor(name: ::kms_fixture::Caller, fixture: Key, janitor: Key, body: ::kms_fixture::Caller) {
    let _ = (name, fixture, janitor, body);
}
