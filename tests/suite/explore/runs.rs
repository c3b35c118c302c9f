//! Which runs an exploration makes.

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{Consistency, GrantDeclaration};
use kms_fixture::{Explored, Fault, Kms};

use super::super::calls::{client, create};
use super::{Notes, describe, lease_and_retire, retire, struck, world};

fn all_faults() -> Vec<Fault> {
    vec![
        Fault::throttled(),
        Fault::limit_exceeded(),
        Fault::internal(),
        Fault::dependency_timeout(),
        Fault::unavailable(),
        Fault::lost_request(),
        Fault::lost_answer(),
    ]
}

/// Explores the lease with these faults; returns the tables of its runs.
fn tables(faults: Vec<Fault>) -> (Explored, Vec<String>) {
    let notes = Notes::default();
    let explored = world().explore(faults).run_async(|kms: Kms| {
        let notes = notes.clone();
        async move {
            lease_and_retire(&kms).await;
            notes.add(&kms.calls());
        }
    });
    (explored, notes.all())
}

#[test]
fn a_named_grant_and_a_patient_retirement_survive_every_fault() {
    let (explored, tables) = tables(all_faults());
    // Seven faults at CreateGrant, and all but `limit_exceeded` at RetireGrant.
    assert_eq!((explored.runs(), explored.calls()), (13, 2));
    assert_eq!(explored.to_string(), "explored 13 runs of 2 calls");
    assert_eq!(tables.len(), 14);
    assert!(tables.iter().skip(1).all(|it| it.contains('[')), "{tables:#?}");
}

#[test]
fn the_same_exploration_makes_the_same_runs() {
    let (first, tables_of_first) = tables(all_faults());
    let (second, tables_of_second) = tables(all_faults());
    assert_eq!((first, tables_of_first), (second, tables_of_second));
}

#[test]
fn each_fault_strikes_each_attempt_once() {
    let notes = Notes::default();
    let faults = [Fault::internal(), Fault::lost_answer()];
    world().explore(faults).run_async(|kms: Kms| {
        let notes = notes.clone();
        async move {
            lease_and_retire(&kms).await;
            notes.add(&struck(&kms));
        }
    });
    let expected = ["none", "1 internal", "1 lost_answer", "2 internal", "2 lost_answer"];
    assert_eq!(notes.all(), expected);
}

#[test]
fn every_run_has_the_seed_of_the_first() {
    let notes = Notes::default();
    world().explore([Fault::throttled()]).run_async(|kms: Kms| {
        let notes = notes.clone();
        async move {
            lease_and_retire(&kms).await;
            notes.add(&kms.key("orders").id());
        }
    });
    let ids = notes.all();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|it| *it == ids[0]), "{ids:?}");
}

#[test]
fn an_attempt_that_a_fault_of_the_test_strikes_is_not_explored() {
    let notes = Notes::default();
    let builder = world().fault(Fault::throttled());
    let explored = builder.explore([Fault::internal()]).run_async(|kms: Kms| {
        let notes = notes.clone();
        async move {
            lease_and_retire(&kms).await;
            notes.add(&kms.calls().iter().filter(|it| it.fault() == Some("internal")).count());
        }
    });
    // The throttled attempt, its retry and RetireGrant.
    assert_eq!((explored.runs(), explored.calls()), (2, 3));
    assert_eq!(notes.all(), ["0", "1", "1"]);
}

#[test]
fn of_too_many_runs_some_are_drawn_evenly() {
    let draw = || {
        let notes = Notes::default();
        let explored = world().explore([Fault::throttled()]).at_most(10).run_async(|kms: Kms| {
            let notes = notes.clone();
            async move {
                for _ in 0..40 {
                    describe(&kms.caller("admin"), &kms.key("orders")).await;
                }
                notes.add(&struck(&kms).replace(" throttled", ""));
            }
        });
        assert_eq!(explored.to_string(), "explored 10 of 40 runs of 40 calls");
        assert_eq!((explored.runs(), explored.possible_runs()), (10, 40));
        notes.all()
    };
    let drawn = draw();
    assert_eq!(drawn, draw());
    let attempts: Vec<usize> = drawn[1..].iter().map(|it| it.parse().unwrap()).collect();
    // One of each four.
    let parts: Vec<usize> = attempts.iter().map(|it| (it - 1) / 4).collect();
    assert_eq!(parts, (0..10).collect::<Vec<_>>());
}

/// The SDK has one quota for the process and the Region: 500 tokens, of which a retry after a broken connection takes 10.
/// A run gives back what its calls that fail for good have taken, or else the last of these explorations would see no retry.
#[test]
fn explorations_do_not_use_up_the_quota_of_retries() {
    for _ in 0..80 {
        let notes = Notes::default();
        let access = GrantDeclaration::new("access").key("orders").grantee("worker");
        let access = access.retiring("janitor").operations([GrantOperation::Decrypt]);
        let world = world().region("eu-north-1").grant(access);
        world.explore([Fault::lost_answer()]).run_async(|kms: Kms| {
            let notes = notes.clone();
            async move {
                retire(&kms.caller("janitor"), kms.grant("access").token()).await;
                notes.add(&kms.calls().len());
            }
        });
        assert_eq!(notes.all(), ["1", "2"]);
    }
}

#[test]
fn a_stale_call_does_not_see_a_grant_that_has_arrived() {
    let notes = Notes::default();
    let builder = world().consistency(Consistency::eventual().seconds(30));
    builder.explore([]).stale().run_async(|kms: Kms| {
        let notes = notes.clone();
        async move {
            let (admin, worker, orders) =
                (kms.caller("admin"), kms.caller("worker"), kms.key("orders"));
            create(&admin, orders.id(), worker.arn(), &["DescribeKey"]).send().await.unwrap();
            kms.clock().advance(std::time::Duration::from_mins(1));
            let seen = client(&worker).describe_key().key_id(orders.id()).send().await;
            notes.add(&format!("{}, {}", struck(&kms), seen.is_ok()));
        }
    });
    assert_eq!(notes.all(), ["none, true", "1 stale, true", "2 stale, false"]);
}

#[test]
fn only_the_credentials_of_sessions_expire() {
    let notes = Notes::default();
    let builder = world().user("alice");
    let explored = builder.explore([]).expired().run_async(|kms: Kms| {
        let notes = notes.clone();
        async move {
            for name in ["worker", "alice", "admin"] {
                describe(&kms.caller(name), &kms.key("orders")).await;
            }
            let expired = kms.calls().with_code("ExpiredTokenException").len();
            notes.add(&format!("{}, {expired}", struck(&kms)));
        }
    });
    assert_eq!(explored.to_string(), "explored 2 runs of 3 calls");
    assert_eq!(notes.all(), ["none, 0", "1 expired, 1", "3 expired, 1"]);
}
