//! Keys that have just been made (fact 5.9).

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::GrantOperation;
use kms_fixture::scenario::{Consistency, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, kms_test};

use super::DELAY;
use crate::calls::{client, describe};
use crate::refusal::{denied_blindly, refused};

async fn new_key(kms: &kms_fixture::Kms) -> (String, String) {
    let key = client(&kms.caller("admin")).create_key().send().await.unwrap().key_metadata.unwrap();
    (key.key_id, key.arn.unwrap())
}

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 60)))]
async fn a_new_key_may_be_missing_fact_5_9(kms: kms_fixture::Kms, admin: Caller, worker: Caller) {
    let (id, arn) = new_key(&kms).await;
    let admin = client(&admin);
    let missing = format!("Key '{arn}' does not exist");
    for name in [&id, &arn] {
        refused(admin.describe_key().key_id(name).send().await).is("NotFoundException", &missing);
    }
    let encrypt = || admin.encrypt().key_id(&id).plaintext(Blob::new("x")).send();
    refused(encrypt().await).is("NotFoundException", &missing);
    refused(admin.list_grants().key_id(&id).send().await).is("NotFoundException", &missing);
    refused(admin.schedule_key_deletion().key_id(&id).send().await)
        .is("NotFoundException", &missing);
    let alias = admin.create_alias().alias_name("alias/new").target_key_id(&id);
    refused(alias.send().await).is("NotFoundException", &missing);
    let grant = || {
        let grant = admin.create_grant().key_id(&id).grantee_principal(worker.arn());
        grant.operations(GrantOperation::Decrypt).send()
    };
    refused(grant().await).is("NotFoundException", &missing);
    kms.clock().advance(DELAY);
    admin.describe_key().key_id(&id).send().await.unwrap();
    encrypt().await.unwrap();
    grant().await.unwrap();
}

#[kms_test(keys(orders), consistency(eventual(seconds = 0, list_seconds = 60)))]
async fn it_may_be_there_and_not_be_listed(kms: kms_fixture::Kms, admin: Caller, orders: Key) {
    let (id, _) = new_key(&kms).await;
    let admin = client(&admin);
    admin.describe_key().key_id(&id).send().await.unwrap();
    let listed = || async {
        let keys = admin.list_keys().send().await.unwrap();
        let ids = keys.keys().iter().filter_map(|it| it.key_id().map(str::to_owned));
        ids.collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [orders.id()]);
    kms.clock().advance(DELAY);
    let mut both = [orders.id(), &id];
    both.sort_unstable();
    assert_eq!(listed().await, both);
}

#[kms_test(keys(orders), consistency(eventual))]
async fn settling_lets_it_arrive(kms: kms_fixture::Kms, admin: Caller) {
    let (id, _) = new_key(&kms).await;
    let admin = client(&admin);
    assert_eq!(admin.list_keys().send().await.unwrap().keys().len(), 1);
    kms.settle();
    admin.describe_key().key_id(&id).send().await.unwrap();
    assert_eq!(admin.list_keys().send().await.unwrap().keys().len(), 2);
}

/// By its alias no more than by its id.
#[kms_test(consistency(eventual))]
async fn it_may_be_missing_behind_its_alias(kms: kms_fixture::Kms, admin: Caller) {
    let (id, _) = new_key(&kms).await;
    kms.clock().advance(DELAY * 5);
    client(&admin).create_alias().alias_name("alias/new").target_key_id(&id).send().await.unwrap();
    let behind = client(&admin.stale().unwrap());
    for name in [id.as_str(), "alias/new"] {
        describe(&admin, name).await.unwrap();
        refused(behind.describe_key().key_id(name).send().await).has_code("NotFoundException");
    }
}

/// Across accounts, missing looks like forbidden (row 20), for a while or for ever.
#[kms_test(roles(partner(account = "444455556666", allow("kms:*"))), consistency(eventual))]
async fn another_account_is_told_nothing(kms: kms_fixture::Kms, partner: Caller) {
    let (_, arn) = new_key(&kms).await;
    for _ in 0..2 {
        let describe = client(&partner).describe_key().key_id(&arn).send().await;
        refused(describe).is_denial(&denied_blindly(&partner, "DescribeKey"));
        kms.settle();
    }
}

#[tokio::test]
async fn what_is_declared_is_there_from_the_start() {
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("orders").alias("alias/orders"))
        .role(RoleDeclaration::new("worker"))
        .consistency(Consistency::eventual().seconds(86_400))
        .start()
        .unwrap();
    let admin = client(&kms.caller("admin").stale().unwrap());
    let key = kms.key("orders");
    for name in [key.id(), key.arn(), "alias/orders"] {
        admin.describe_key().key_id(name).send().await.unwrap();
    }
    assert_eq!(admin.list_keys().send().await.unwrap().keys().len(), 1);
    let grant = admin.create_grant().key_id(key.id()).operations(GrantOperation::Decrypt);
    grant.grantee_principal(kms.caller("worker").arn()).send().await.unwrap();
}
