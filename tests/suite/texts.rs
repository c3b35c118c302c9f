//! Snapshots: without a cassette they show texts as they are; by caller they are the same for concurrent code.

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, retire};

#[kms_test(keys(orders(alias = "alias/orders-7")), roles(worker), snapshot)]
async fn texts_are_shown_as_they_are(kms: Kms, admin: Caller, worker: Caller, orders: Key) {
    let client = client(&admin);
    let create = client.create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    let lease = aws_sdk_kms::types::GrantConstraints::builder()
        .encryption_context_subset("tenant", "7")
        .build();
    let create = create.name("lease-7").constraints(lease).operations("Decrypt".into());
    create.send().await.unwrap();
    client.describe_key().key_id("alias/orders-7").send().await.unwrap();
    assert_eq!(kms.calls()[0].input()["Name"], "lease-7");
}

#[kms_test(
    keys(orders),
    roles(worker(allow("kms:CreateGrant")), janitor(allow("kms:CreateGrant"))),
    grants(
        first(key(orders), grantee(worker), retiring(worker), operations(Decrypt)),
        second(key(orders), grantee(janitor), retiring(janitor), operations(Decrypt))
    ),
    snapshot(by_caller),
    flavor = "multi_thread",
    worker_threads = 2
)]
async fn concurrent_code_agrees_with_itself(
    worker: Caller,
    janitor: Caller,
    first: Grant,
    second: Grant,
    orders: Key,
) {
    let work = |caller: Caller, grant: Grant, name: &'static str| {
        let key = orders.id().to_owned();
        tokio::spawn(async move {
            let create = client(&caller).create_grant().key_id(key).grantee_principal(caller.arn());
            let create = create.retiring_principal(caller.arn()).name(name);
            let made = create.operations("Encrypt".into()).send().await.unwrap();
            tokio::task::yield_now().await;
            retire(&caller, grant.token()).await.unwrap();
            retire(&caller, made.grant_token().unwrap()).await.unwrap();
        })
    };
    let tasks = [work(worker, first, "by-worker"), work(janitor, second, "by-janitor")];
    for task in tasks {
        task.await.unwrap();
    }
}
