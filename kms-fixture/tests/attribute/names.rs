//! Parameters take the declaration of their name, with or without the underscore in front.
#![allow(clippy::used_underscore_binding)] // the underscore is the subject

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

#[kms_test(keys(orders, _orders))]
fn a_declared_underscore_wins(_orders: Key, orders: Key) {
    assert_ne!(orders.id(), _orders.id());
}

#[kms_test(keys(orders))]
fn one_underscore_is_stripped(_orders: Key, orders: Key) {
    assert_eq!(orders.id(), _orders.id());
}

#[kms_test(keys(r#type, r#match), users(r#fn))]
async fn r#async(r#type: Key, r#match: Key, _fn: Caller) {
    assert_ne!(r#type.id(), r#match.id());
}

#[kms_test(keys(orders))]
fn variables(mut orders: Key, kms: Kms, mut admin: Caller) {
    let _: (&mut Key, &mut Caller) = (&mut orders, &mut admin);
    assert!(!orders.id().is_empty() && !admin.arn().is_empty());
    drop(kms);
}

#[kms_test(keys(access))]
fn access(access: Key) {
    assert!(!access.id().is_empty());
}

#[kms_test(
    users(plan, outcome),
    keys(kms_),
    grants(span(key(kms_), grantee(plan), retiring(outcome), operations(Decrypt)))
)]
async fn run(
    plan: Caller,
    span: Grant,
    outcome: Caller,
    kms_: Key,
    kms: Kms,
) -> Result<(), std::fmt::Error> {
    assert_ne!(plan.arn(), outcome.arn());
    assert_ne!(span.id(), kms_.id());
    drop(kms);
    Ok(())
}

#[test]
#[allow(unnameable_test_items)] // it only compiles
fn tests_in_functions_compile() {
    #[kms_test(keys(orders))]
    fn a_test_in_a_function(orders: Key) {
        drop(orders);
    }
}
