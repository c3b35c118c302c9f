//! Calls that are under way together, in other orders.

use std::collections::BTreeSet;

use kms_fixture::{Fixture, Kms};

use super::{Notes, describe};

/// Explores two tasks with three calls each; returns the order of the calls in each run, by caller.
fn explored(seed: u64, orders: usize) -> Vec<String> {
    let notes = Notes::default();
    let builder = Fixture::builder().seed(seed).key("orders").role("worker").role("janitor");
    builder.explore([]).orders(orders).run_async(|kms: Kms| {
        let notes = notes.clone();
        async move {
            let three_calls = |name: &str| {
                let (caller, orders) = (kms.caller(name), kms.key("orders"));
                tokio::spawn(async move {
                    for _ in 0..3 {
                        describe(&caller, &orders).await;
                    }
                })
            };
            let (one, other) = (three_calls("worker"), three_calls("janitor"));
            one.await.unwrap();
            other.await.unwrap();
            let calls = kms.calls();
            let callers = calls.iter().map(|it| it.caller().unwrap().chars().next().unwrap());
            notes.add(&callers.collect::<String>());
        }
    });
    notes.all()
}

#[test]
fn orders_differ_and_repeat_by_the_seed() {
    let orders = explored(7, 40);
    assert_eq!(orders.len(), 41);
    assert!(orders.iter().all(|it| it.matches('w').count() == 3 && it.len() == 6), "{orders:?}");
    // There are 20 orders of three and three.
    let different: BTreeSet<_> = orders.iter().collect();
    assert!(different.len() >= 10, "{different:?}");
    assert_eq!(orders, explored(7, 40));
    assert_ne!(orders, explored(8, 40));
}

#[test]
fn the_first_run_and_one_call_alone_have_the_order_of_the_test() {
    let plain = explored(7, 1);
    let with_orders = explored(7, 3);
    assert_eq!(plain[0], with_orders[0]);
}
