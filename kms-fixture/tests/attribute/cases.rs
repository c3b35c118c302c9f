//! `cases`, `scenario` and `allow(.., on(..))`: no lint, no name in scope, any kind of test.
#![deny(warnings, missing_docs, unreachable_pub, unused, rust_2018_idioms, unused_qualifications)]
#![deny(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![deny(unused_results, single_use_lifetimes, let_underscore_drop, unused_lifetimes, trivial_casts)]
#![no_implicit_prelude]

use ::kms_fixture::{Caller, Grant, Key, Kms, Scenario, kms_test, scenario};
use ::std::{assert, assert_eq};

fn world() -> Scenario {
    scenario!(
        keys(orders, r#type),
        roles(worker(allow("kms:ListGrants", on(orders, r#type)), allow("kms:ListKeys"))),
        grants(access(key(orders), grantee(worker), operations(Decrypt)))
    )
}

#[kms_test(scenario(world), cases(first(number = 1), r#match(number = 2)))]
async fn asynchronous(number: u8, kms: Kms, r#type: Key, worker: Caller, access: Grant) {
    ::std::future::ready(()).await;
    assert!(number > 0 && !r#type.id().is_empty() && !worker.arn().is_empty());
    assert_eq!(kms.grant("access").id(), access.id());
}

#[kms_test(scenario = "worlds/orders.json", cases(only(text = "a\nb", c = '\'')))]
fn plain(text: &str, c: char, orders: Key) -> ::std::result::Result<(), ::std::fmt::Error> {
    assert!(text.contains('\n') && c == '\'' && !orders.id().is_empty());
    ::std::fmt::Write::write_str(&mut ::std::string::String::new(), text)
}

#[kms_test(
    scenario = "worlds/orders.json",
    roles(other(allow("kms:ListGrants", on(orders)))),
    grants(more(key(orders), grantee(other), retiring(worker), operations(Decrypt)))
)]
fn a_file_and_more(_worker: Caller, more: Grant, orders: Key) {
    assert_eq!(more.key_arn(), orders.arn());
}

macro_rules! made {
    ($name:ident, $value:expr) => {
        #[kms_test(cases(one(value = $value), two(value = -7)))]
        fn $name(value: i32) {
            assert!(value != 0);
        }
    };
}

made!(by_a_macro, 7);
