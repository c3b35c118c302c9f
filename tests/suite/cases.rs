//! `cases(..)`: one test for each case, with values for parameters.

use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{client, grant};

#[kms_test(keys(orders), roles(worker), cases(one(limit = 1), some(limit = 2), all(limit = 100)))]
async fn pages(limit: i32, admin: Caller, worker: Caller, orders: Key, kms: Kms) {
    for _ in 0..3 {
        grant(&admin, orders.id(), worker.arn(), &["Decrypt"]).await;
    }
    let list = client(&admin).list_grants().key_id(orders.id()).limit(limit);
    let mut pages = list.into_paginator().send();
    let mut found = 0;
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.grants().len() <= usize::try_from(limit).unwrap());
        found += page.grants().len();
    }
    assert_eq!(found, kms.grants().len());
}

/// Documented once, expected to fail in each case.
#[kms_test(cases(empty(text = ""), full(text = "ordinary")))]
#[should_panic(expected = "as expected")]
pub(crate) fn a_case_may_panic(text: &str) {
    assert!(text == "none", "as expected");
}

#[kms_test(cases(
    small(count = 0, ratio = -0.5, letter = 'a', is_first = true, _name = "x", big = -1_000_000_000_000),
    large(count = 255, ratio = 2.5, letter = 'ö', is_first = false, _name = "y", big = 1_000_000_000_000),
))]
#[cfg(not(any()))]
fn values_have_the_types_of_their_parameters(
    count: u8,
    ratio: f32,
    letter: char,
    is_first: bool,
    _name: &'static str,
    big: i64,
) -> Result<(), std::num::TryFromIntError> {
    assert_eq!(count == 0, is_first);
    assert_eq!(ratio < 0.0, letter == 'a');
    assert_eq!(big < 0, u8::try_from(big.signum()).is_err());
    i8::try_from(i32::from(count) - 200).map(drop).or(Ok(()))
}

#[kms_test(cases(removed(it = 1)))]
#[cfg(any())]
fn a_condition_is_for_the_module_too(it: Nothing) {}

#[kms_test(
    scenario = "worlds/broker.json",
    snapshot,
    cases(worker(name = "nightly"), janitor(name = "weekly"))
)]
async fn each_case_has_its_snapshot(name: &str, admin: Caller, worker: Caller, orders: Key) {
    let create = client(&admin).create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    create.name(name).operations("Decrypt".into()).send().await.unwrap();
}

/// Paths in the function mean what they did without cases.
#[kms_test(cases(here(number = 1)))]
fn paths_are_those_of_the_function(number: i32) {
    assert_eq!(number, self::one());
    assert!(module_path!().ends_with("cases"));
}

fn one() -> i32 {
    1
}

mod paths {
    use kms_fixture::kms_test;

    /// Returns what the cases below may not take.
    pub(super) fn world() -> kms_fixture::Scenario {
        unreachable!("the world beside the tests is meant")
    }

    mod below {
        use super::*;

        type Number = u8;

        fn world() -> kms_fixture::Scenario {
            kms_fixture::scenario!(keys(orders), roles(worker))
        }

        #[kms_test(scenario(self::world), cases(world(limit = 1), two(limit = 2)))]
        fn paths_of_cases_mean_what_they_mean_beside_the_function(
            limit: self::Number,
            orders: super::super::Key,
            worker: super::super::Caller,
        ) {
            let _: fn() -> kms_fixture::Scenario = super::world;
            assert!((1..=2).contains(&limit) && orders.arn() != worker.arn());
        }
    }
}
