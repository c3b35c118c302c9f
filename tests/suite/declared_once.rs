//! Declarations that several tests share: a scenario file beside the source, or a function.

use kms_fixture::{Caller, Fixture, Grant, Key, Kms, Scenario, kms_test, scenario};

use super::calls::{client, retire};
use super::refusal::refused;

#[kms_test(scenario = "worlds/broker.json")]
async fn a_file_declares_what_the_parameters_take(
    kms: Kms,
    orders: Key,
    janitor: Caller,
    access: Grant,
) {
    assert_eq!(access.key_arn(), orders.arn());
    retire(&janitor, access.token()).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    scenario = "worlds/broker.json",
    region = "eu-central-1",
    users(alice),
    grants(more(key(orders), grantee(alice), retiring(janitor), operations(Decrypt)))
)]
async fn a_test_adds_its_own(kms: Kms, orders: Key, janitor: Caller, more: Grant, _access: Grant) {
    assert!(orders.arn().contains(":eu-central-1:"));
    assert_eq!(kms.grants().len(), 2);
    let listed = client(&janitor).list_grants().key_id(orders.arn()).send().await.unwrap();
    assert_eq!(listed.grants().len(), 2);
    retire(&janitor, more.token()).await.unwrap();
    assert_eq!(kms.grants().len(), 1);
}

/// The paths of a file's policies begin with the file's folder.
#[kms_test(scenario = "worlds/broker.json")]
async fn a_files_policies_stand_beside_it(worker: Caller, orders: Key) {
    let create =
        client(&worker).create_grant().key_id(orders.arn()).grantee_principal(worker.arn());
    let told = refused(create.operations("Decrypt".into()).send().await);
    assert_eq!(told.code, "AccessDeniedException");
    assert!(told.message.unwrap().contains("explicit deny"));
}

fn world() -> Scenario {
    scenario!(
        leaks(deny),
        keys(orders, archive(state(Disabled))),
        roles(worker(policy = "worlds/nothing_else.json"), janitor),
        grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
    )
}

#[kms_test(scenario(world))]
async fn a_function_declares_what_the_parameters_take(
    kms: Kms,
    janitor: Caller,
    _archive: Key,
    access: Grant,
) {
    retire(&janitor, access.token()).await.unwrap();
    assert!(kms.grants().is_empty());
}

mod common {
    pub(super) use super::world;
}

#[kms_test(
    scenario(common::world),
    leaks(allow),
    roles(other(allow("kms:DescribeKey", on(orders)))),
    grants(more(key(archive), grantee(other), operations(Decrypt)))
)]
async fn a_test_adds_its_own_to_those_of_a_function(
    kms: Kms,
    other: Caller,
    admin: Caller,
    orders: Key,
    archive: Key,
    more: Grant,
) {
    let describe = |key: &Key| client(&other).describe_key().key_id(key.arn()).send();
    describe(&orders).await.unwrap();
    assert_eq!(refused(describe(&archive).await).code, "AccessDeniedException");
    assert_eq!(more.key_arn(), archive.arn());
    // A leak, which the test allows again.
    let create = client(&admin).create_grant().key_id(orders.arn()).grantee_principal(other.arn());
    create.operations("Decrypt".into()).send().await.unwrap();
    assert_eq!(kms.grants().len(), 3);
}

#[test]
fn a_declared_world_starts_without_the_attribute() {
    let kms = Fixture::builder().scenario(world()).start().unwrap();
    assert_eq!(kms.grants().len(), 1);
    assert!(!kms.grant("access").token().is_empty());
}

#[kms_test(scenario(world))]
#[should_panic(expected = "a key with a similar name exists: `archive`")]
fn a_name_is_checked_when_the_test_starts(_archiv: Key) {}

#[kms_test(scenario(world))]
#[should_panic(
    expected = "the parameter `worker` has the type of a key, but `worker` is a role or user"
)]
fn a_type_is_checked_when_the_test_starts(worker: Key) {
    drop(worker);
}

#[kms_test(scenario(world), grants(more(key(ordres), grantee(worker), operations(Decrypt))))]
#[should_panic(expected = "$.grants.more.key: no key named `ordres` is declared")]
fn a_grants_key_is_checked_when_the_test_starts() {}

#[kms_test(scenario(world), keys(orders))]
#[should_panic(expected = "the name `orders` is declared twice")]
fn a_name_is_declared_once() {}
