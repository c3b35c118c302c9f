//! Tests that have a cassette: the same body in every mode, with the same snapshot.
//!
//! The cassettes were recorded from an emulator (`tests/record-cassettes --suite`), no AWS account was used. What the
//! emulator does otherwise than AWS, the fake does as AWS; those differences are accepted in the cassettes, with
//! reasons.

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, retire};
use super::refusal::refused;

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(
        key(orders),
        grantee(worker),
        retiring(janitor),
        operations(Decrypt, GenerateDataKey)
    )),
    cassette,
    snapshot
)]
async fn a_retired_grant_is_gone(kms: Kms, janitor: Caller, access: Grant) {
    retire(&janitor, access.token()).await.unwrap();
    assert!(kms.grants().is_empty());
}

// No snapshot: the emulator leaves members out of lists.
#[kms_test(keys(orders), roles(worker, janitor), cassette)]
async fn two_grants_end_in_two_ways(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
    orders: Key,
) {
    let client = client(&admin);
    let mut made = Vec::new();
    for name in ["first", "second"] {
        let grant = client
            .create_grant()
            .key_id(orders.arn())
            .grantee_principal(worker.arn())
            .retiring_principal(janitor.arn())
            .name(name)
            .operations(aws_sdk_kms::types::GrantOperation::Decrypt)
            .send()
            .await
            .unwrap();
        made.push(grant.grant_id.unwrap());
    }
    assert_eq!(kms.grants().len(), 2);
    let retirable = || client.list_retirable_grants().retiring_principal(janitor.arn()).send();
    assert_eq!(retirable().await.unwrap().grants().len(), 2);
    client.retire_grant().key_id(orders.arn()).grant_id(&made[0]).send().await.unwrap();
    let left = retirable().await.unwrap();
    assert_eq!(left.grants()[0].grant_id(), Some(made[1].as_str()));
    assert_eq!(kms.grants()[0].id(), made[1]);
    client.revoke_grant().key_id(orders.arn()).grant_id(&made[1]).send().await.unwrap();
    assert!(retirable().await.unwrap().grants().is_empty());
}

#[kms_test(keys(orders), roles(worker), cassette, snapshot)]
async fn what_is_refused_is_recorded_too(admin: Caller, orders: Key) {
    let client = client(&admin);
    let unknown = client.revoke_grant().key_id(orders.arn()).grant_id("0".repeat(64)).dry_run(true);
    refused(unknown.send().await).has_code("NotFoundException");
    let nowhere = client.describe_key().key_id("99999999-9999-4999-8999-999999999999");
    refused(nowhere.send().await).has_code("NotFoundException");
}
