//! `kms.calls()`: who called what, by declared names.

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};
use serde_json::json;

use super::calls::{client, describe, retire};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn calls_speak_in_declared_names(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
    access: Grant,
    orders: Key,
) {
    let _ = client(&worker).retire_grant().grant_token(access.token()).send().await;
    let create = client(&admin).create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    let created = create.operations("Encrypt".into()).send().await.unwrap();
    let revoke = client(&admin).revoke_grant().key_id(orders.arn());
    revoke.grant_id(created.grant_id().unwrap()).send().await.unwrap();
    retire(&janitor, access.token()).await.unwrap();

    let calls = kms.calls();
    assert_eq!(
        serde_json::to_value(&calls).unwrap(),
        json!([
            {
                "caller": "worker",
                "operation": "RetireGrant",
                "input": {"GrantToken": "access"},
                "error": "AccessDeniedException",
                "message": "User: worker is not authorized to perform: kms:RetireGrant on resource: orders because no \
                            identity-based policy allows the kms:RetireGrant action",
            },
            {
                "caller": "admin",
                "operation": "CreateGrant",
                "input": {"KeyId": "orders", "GranteePrincipal": "worker", "Operations": ["Encrypt"]},
                "output": {"GrantId": "grant-1", "GrantToken": "grant-1"},
            },
            {
                "caller": "admin",
                "operation": "RevokeGrant",
                "input": {"KeyId": "orders", "GrantId": "grant-1"},
            },
            {
                "caller": "janitor",
                "operation": "RetireGrant",
                "input": {"GrantToken": "access"},
            },
        ])
    );
    assert_eq!(calls[2].target(), Some("grant-1"));
    assert!(!calls[0].is_ok() && calls[1].is_ok());
    let table = calls.to_string();
    let lines: Vec<_> = table.lines().filter(|it| !it.starts_with("     ")).collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[0].starts_with("#  caller   operation    on       outcome"), "{table}");
    assert!(
        lines[1].contains("worker")
            && lines[1].contains("access")
            && lines[1].contains("AccessDenied")
    );
    assert!(lines[4].ends_with("ok"), "{table}");
}

#[kms_test]
async fn keys_that_the_test_makes_are_numbered(kms: Kms, admin: Caller) {
    let created = client(&admin).create_key().send().await.unwrap();
    let id = created.key_metadata().unwrap().key_id();
    describe(&admin, id).await.unwrap();
    let calls = kms.calls();
    assert_eq!(calls[0].target(), Some("key-1"));
    assert_eq!(calls[1].input(), &json!({"KeyId": "key-1"}));
    assert_eq!(calls[1].output()["KeyMetadata"]["Arn"], "key-1");
}
