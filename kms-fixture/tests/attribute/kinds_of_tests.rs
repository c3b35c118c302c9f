//! Plain and async functions, with and without a result, that panic or are ignored.
#![allow(clippy::unnecessary_wraps, clippy::unused_unit, clippy::should_panic_without_expect)] // kinds of tests

use std::process::ExitCode;

use kms_fixture::{Key, Kms, kms_test};

#[kms_test]
fn plain() {}

#[kms_test]
async fn asynchronous() {}

#[kms_test()]
fn unit(kms: Kms) -> () {
    assert_eq!(kms.region(), "us-east-1");
}

#[kms_test(keys(orders))]
async fn a_result(orders: Key) -> Result<(), std::num::ParseIntError> {
    assert!(!orders.id().is_empty());
    let _: u32 = "7".parse()?;
    Ok(())
}

#[kms_test]
fn a_boxed_error() -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

#[kms_test]
async fn any_termination() -> impl std::process::Termination {
    ExitCode::SUCCESS
}

#[kms_test]
#[should_panic]
async fn a_panic_without_a_reason() {
    panic!("on purpose");
}

#[kms_test]
#[should_panic = "on purpose"]
fn a_panic_with_a_reason() {
    panic!("on purpose");
}

#[kms_test]
#[ignore = "on purpose"]
fn ignored() {
    panic!("not run");
}

#[kms_test]
async fn a_future_that_is_not_send() {
    let shared = std::rc::Rc::new(7);
    std::future::ready(()).await;
    assert_eq!(*shared, 7);
}
