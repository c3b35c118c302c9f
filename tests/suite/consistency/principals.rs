//! Roles that have just been made (facts 8b.3, 5.8).

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::{DELAY, create, grant, listed, sealed};
use crate::calls::{client, describe, opens};
use crate::refusal::refused;

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 60)))]
async fn a_new_role_is_unknown_until_it_arrives_fact_8b_3(kms: Kms, admin: Caller, orders: Key) {
    let worker = kms.recreate_role("worker").unwrap();
    let unknown = |arn: &str| format!("ARN does not refer to a valid principal: {arn}");
    let role = || create(&kms, &worker).send();
    refused(role().await).is("InvalidArnException", &unknown(worker.arn()));
    // Nor is a session of it.
    let session = || {
        let session = client(&admin).create_grant().key_id(orders.arn());
        session.grantee_principal(worker.caller_arn()).operations(GrantOperation::Decrypt).send()
    };
    refused(session().await).is("InvalidArnException", &unknown(worker.caller_arn()));
    let retiring = create(&kms, &kms.caller("admin")).retiring_principal(worker.arn());
    refused(retiring.send().await).is("InvalidArnException", &unknown(worker.arn()));
    let list = || client(&admin).list_retirable_grants().retiring_principal(worker.arn()).send();
    refused(list().await).is("InvalidArnException", &unknown(worker.arn()));
    let filter = client(&admin).list_grants().key_id(orders.arn()).grantee_principal(worker.arn());
    refused(filter.send().await).is("InvalidArnException", &unknown(worker.arn()));
    kms.clock().advance(DELAY);
    role().await.unwrap();
    session().await.unwrap();
    list().await.unwrap();
}

/// KMS does not know its credentials from other ones; what it may do by policy, it may do.
#[kms_test(keys(orders), roles(worker(allow("kms:DescribeKey"))), consistency(eventual))]
async fn its_credentials_work_at_once(kms: Kms, orders: Key) {
    let worker = kms.recreate_role("worker").unwrap();
    describe(&worker, orders.arn()).await.unwrap();
}

#[kms_test(keys(orders), roles(worker), consistency(eventual))]
async fn settling_lets_it_arrive(kms: Kms) {
    let worker = kms.recreate_role("worker").unwrap();
    refused(create(&kms, &worker).send().await).has_code("InvalidArnException");
    kms.settle();
    let sealed = sealed(&kms).await;
    grant(&kms, &worker).await;
    kms.settle();
    assert!(opens(&worker, &sealed).await);
}

#[kms_test(keys(orders), roles(worker), users(alice), consistency(eventual))]
async fn declared_ones_are_known_from_the_start(kms: Kms, worker: Caller, alice: Caller) {
    grant(&kms, &worker).await;
    grant(&kms, &alice).await;
    kms.settle();
    assert_eq!(listed(&kms).await.len(), 2);
}

/// A deletion is seen at once: nobody has said how long it takes.
#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt))),
    consistency(eventual)
)]
async fn the_new_one_has_nothing_of_the_old_one_fact_5_11(kms: Kms, worker: Caller, access: Grant) {
    let sealed = sealed(&kms).await;
    assert!(opens(&worker, &sealed).await);
    let again = kms.recreate_role("worker").unwrap();
    kms.settle();
    assert!(!opens(&again, &sealed).await);
    assert_eq!(listed(&kms).await, [access.id()]);
    assert_eq!(kms.grants()[0].grantee(), worker.unique_id().unwrap());
}
