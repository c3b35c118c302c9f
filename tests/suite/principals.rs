//! Principals come and go (`kms-facts.md` 8b.1 to 8b.3, 8b.11, 8b.12).

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, describe};
use super::refusal::refused;

#[kms_test(keys(orders), roles(worker(name = "service/worker")))]
async fn sessions_and_federated_users_need_not_be_issued_fact_8b_2(
    kms: Kms,
    admin: Caller,
    orders: Key,
) {
    let create = |principal: &str| {
        let create = client(&admin).create_grant().key_id(orders.id());
        create.grantee_principal(principal).operations(GrantOperation::Decrypt).send()
    };
    let raw = format!("{}:later", kms.caller("worker").unique_id().unwrap());
    for principal in [
        "arn:aws:sts::111122223333:assumed-role/worker/not-yet",
        "arn:aws:sts::111122223333:federated-user/not-yet",
        "arn:aws:iam::111122223333:root",
        &raw,
    ] {
        create(principal).await.unwrap();
    }
    // A unique id is shown as the ARN while its role lives.
    let grantees: Vec<_> = kms.grants().iter().map(|it| it.grantee().to_owned()).collect();
    assert!(grantees.contains(&"arn:aws:sts::111122223333:assumed-role/worker/later".to_owned()));
    // Fact 8b.1: STS ARNs omit the role's path.
    let with_path = "arn:aws:sts::111122223333:assumed-role/service/worker/session";
    refused(create(with_path).await)
        .is("InvalidArnException", &format!("ARN is not valid: {with_path}"));
    // Fact 8b.3.
    for nobody in [
        "arn:aws:sts::111122223333:assumed-role/nobody/session",
        "arn:aws:sts::999988887777:federated-user/guest",
    ] {
        refused(create(nobody).await).is(
            "InvalidArnException",
            &format!("ARN does not refer to a valid principal: {nobody}"),
        );
    }
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(
        by_role(key(orders), grantee(worker), retiring(worker), operations(Decrypt)),
        by_session(
            key(orders),
            grantee("arn:aws:sts::111122223333:assumed-role/worker/night"),
            operations(Decrypt)
        )
    )
)]
async fn a_deleted_role_leaves_its_unique_id_facts_8b_11_9_1(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let dead = worker.unique_id().unwrap();
    let session = format!("{dead}:night");
    kms.delete_principal("worker").unwrap();
    let client = client(&admin);

    let listed = client.list_grants().key_id(orders.id()).send().await.unwrap();
    let grantees: Vec<_> = listed.grants().iter().filter_map(|it| it.grantee_principal()).collect();
    assert!(grantees.contains(&dead) && grantees.contains(&session.as_str()));
    assert!(listed.grants().iter().any(|it| it.retiring_principal() == Some(dead)));

    let arn = format!("ARN does not refer to a valid principal: {}", worker.arn());
    let filtered = client.list_grants().key_id(orders.id()).grantee_principal(worker.arn());
    refused(filtered.send().await).is("InvalidArnException", &arn);
    let retirable = client.list_retirable_grants().retiring_principal(worker.arn());
    refused(retirable.send().await).is("InvalidArnException", &arn);
    for id in [dead, &session] {
        let filtered = client.list_grants().key_id(orders.id()).grantee_principal(id);
        refused(filtered.send().await)
            .is("InvalidArnException", "Input does not refer to a valid principal");
        let retirable = client.list_retirable_grants().retiring_principal(id);
        refused(retirable.send().await)
            .is("NotFoundException", &format!("Retiring principal {id} could not be found"));
        let create = client.create_grant().key_id(orders.id()).grantee_principal(id);
        refused(create.operations(GrantOperation::Decrypt).send().await)
            .is("InvalidArnException", "GranteePrincipal does not refer to a valid principal.");
    }
    // Its credentials are gone, too (row 56).
    let call = super::calls::client(&worker).list_keys().send().await;
    refused(call).is(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    );
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(
        key(orders),
        grantee(worker),
        retiring(worker),
        operations(DescribeKey),
        name = "nightly"
    ))
)]
async fn a_recreated_role_is_another_principal_facts_8b_12_9_2(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
    access: Grant,
) {
    let describe = |caller: &Caller| client(caller).describe_key().key_id(orders.id()).send();
    describe(&worker).await.unwrap();
    let reborn = kms.recreate_role("worker").unwrap();
    assert_eq!(reborn.arn(), worker.arn());
    refused(describe(&reborn).await).has_code("AccessDeniedException");
    let retire = client(&reborn).retire_grant().grant_token(access.token());
    refused(retire.send().await).has_code("AccessDeniedException");
    let create = client(&admin).create_grant().key_id(orders.id()).name("nightly");
    let create = create.grantee_principal(reborn.arn()).retiring_principal(reborn.arn());
    let created = create.operations(GrantOperation::DescribeKey).send().await.unwrap();
    assert_ne!(created.grant_id(), Some(access.id()));
    describe(&reborn).await.unwrap();
    assert_eq!(kms.grants().len(), 2);
}

#[kms_test(
    keys(orders),
    users(alice),
    grants(access(key(orders), grantee(alice), operations(DescribeKey)))
)]
async fn a_user_is_a_principal_of_its_own(kms: Kms, alice: Caller, admin: Caller, orders: Key) {
    describe(&alice, orders.id()).await.unwrap();
    kms.delete_principal("alice").unwrap();
    let listed = client(&admin).list_grants().key_id(orders.id()).send().await.unwrap();
    assert_eq!(listed.grants()[0].grantee_principal(), alice.unique_id());
}

#[kms_test(
    roles(worker(
        allow("kms:*"),
        session = "night",
        session_policy = "policies/allow_describe_only.json"
    )),
    users(alice(allow("kms:ListKeys")))
)]
async fn a_recreated_role_has_its_session_and_policies_again(
    kms: Kms,
    worker: Caller,
    alice: Caller,
) {
    let reborn = kms.recreate_role("worker").unwrap();
    assert_eq!(reborn.caller_arn(), worker.caller_arn());
    assert_ne!(reborn.credentials(), worker.credentials());
    assert_eq!(kms.caller("worker").credentials(), reborn.credentials());
    refused(client(&reborn).list_keys().send().await).has_code("AccessDeniedException");
    // A user is no role, and is left alone.
    assert!(kms.recreate_role("alice").is_err());
    client(&alice).list_keys().send().await.unwrap();
}

#[kms_test]
async fn each_sign_in_has_credentials_of_its_own(kms: Kms) {
    let everything = r#"{"Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*"}}"#;
    let bare = kms.federated_user("guest", None).unwrap();
    let allowed = kms.federated_user("guest", Some(everything)).unwrap();
    client(&allowed).list_keys().send().await.unwrap();
    refused(client(&bare).list_keys().send().await).has_code("AccessDeniedException");
    assert!(kms.session("admin", "").is_err() && kms.session("admin", "a/b").is_err());
    // STS API reference, `GetFederationToken`.
    let longest = "a".repeat(32);
    for name in ["ab", &longest, "_+=,.@-"] {
        assert!(kms.federated_user(name, None).is_ok(), "{name}");
    }
    for name in ["", "a", "a b", "team/guest", &format!("{longest}a"), "gäste"] {
        let told = kms.federated_user(name, None).unwrap_err().to_string();
        assert!(told.contains("is not a valid federated user name"), "{told}");
    }
}

#[kms_test(users(alice), roles(worker))]
fn only_roles_have_sessions(kms: Kms) {
    assert!(kms.session("worker", "night").is_ok());
    let told = kms.session("alice", "night").unwrap_err().to_string();
    assert!(told.contains("`alice` is not a role"), "{told}");
}
