//! Changes that draw their delays: from the seed, and from nothing else.

use std::time::Duration;

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::scenario::{Consistency, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Kms};

use super::{listed, sealed};
use crate::calls::{client, opens};

fn start(seed: u64, consistency: Consistency) -> Kms {
    Fixture::builder()
        .seed(seed)
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .consistency(consistency)
        .start()
        .unwrap()
}

fn late() -> Consistency {
    Consistency::eventual().seconds(60).list_seconds(30).jitter(true)
}

/// What is seen of ten grants that come and go: at every five seconds, what opens and what is listed.
async fn told(kms: &Kms) -> Vec<(bool, Vec<String>)> {
    let sealed = sealed(kms).await;
    let (admin, worker) = (client(&kms.caller("admin")), kms.caller("worker"));
    let key = kms.key("orders");
    let mut seen = Vec::new();
    for round in 0..10 {
        let create = admin.create_grant().key_id(key.arn()).grantee_principal(worker.arn());
        let made = create.operations(GrantOperation::Decrypt).send().await.unwrap();
        if round % 2 == 0 {
            admin.retire_grant().grant_token(made.grant_token().unwrap()).send().await.unwrap();
        }
        for _ in 0..3 {
            seen.push((opens(&worker, &sealed).await, listed(kms).await));
            kms.clock().advance(Duration::from_secs(5));
        }
    }
    seen
}

#[tokio::test]
async fn the_same_seed_gives_the_same_run() {
    let first = told(&start(7, late())).await;
    // The machine's clock has gone on in between.
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(first, told(&start(7, late())).await);
}

#[tokio::test]
async fn another_seed_gives_another_run() {
    // Ids differ anyway.
    let shape = |told: Vec<(bool, Vec<String>)>| {
        told.into_iter().map(|(opens, listed)| (opens, listed.len())).collect::<Vec<_>>()
    };
    let first = shape(told(&start(7, late())).await);
    let mut others = Vec::new();
    for seed in 8..11 {
        others.push(shape(told(&start(seed, late())).await));
    }
    assert!(others.iter().any(|it| *it != first));
}

/// Without a draw, every seed gives the same run but for ids.
#[tokio::test]
async fn without_jitter_only_ids_depend_on_the_seed() {
    let fixed = late().jitter(false);
    let mut runs = Vec::new();
    for seed in [7, 8] {
        let told = told(&start(seed, fixed)).await;
        runs.push(
            told.into_iter().map(|(opens, listed)| (opens, listed.len())).collect::<Vec<_>>(),
        );
    }
    assert_eq!(runs[0], runs[1]);
}

/// Each change draws for itself, and none takes longer than it is said to take at most.
#[tokio::test]
async fn changes_overtake_each_other_and_all_arrive() {
    let kms = start(7, Consistency::eventual().seconds(60).jitter(true));
    let (admin, worker) = (client(&kms.caller("admin")), kms.caller("worker"));
    let mut made = Vec::new();
    for _ in 0..12 {
        let create =
            admin.create_grant().key_id(kms.key("orders").arn()).grantee_principal(worker.arn());
        let create = create.operations(GrantOperation::Decrypt).send().await.unwrap();
        made.push(create.grant_id.unwrap());
    }
    let mut arrived: Vec<String> = Vec::new();
    let mut counts = Vec::new();
    for _ in 0..=60 {
        let listed = listed(&kms).await;
        counts.push(listed.len());
        arrived.extend(listed.into_iter().filter(|it| !arrived.contains(it)).collect::<Vec<_>>());
        kms.clock().advance(Duration::from_secs(1));
    }
    assert_eq!(counts.last(), Some(&12), "{counts:?}");
    assert!(counts[0] < 12 && counts.is_sorted() && counts[30] > 0, "{counts:?}");
    assert_ne!(arrived, made);
}

/// A fixture that has waited longer on the machine's clock sees no more.
#[tokio::test]
async fn waiting_is_not_advancing() {
    let kms = start(7, Consistency::eventual().seconds(1));
    let (admin, worker) = (client(&kms.caller("admin")), kms.caller("worker"));
    let create =
        admin.create_grant().key_id(kms.key("orders").arn()).grantee_principal(worker.arn());
    create.operations(GrantOperation::Decrypt).send().await.unwrap();
    std::thread::sleep(Duration::from_millis(1_100));
    assert!(listed(&kms).await.is_empty());
    kms.clock().advance(Duration::from_secs(1));
    assert_eq!(listed(&kms).await.len(), 1);
}
