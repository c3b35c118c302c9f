//! `allow("..", on(orders))`: a policy for one key, without a file.

use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration, UserDeclaration};
use kms_fixture::{Caller, Fixture, Key, Scenario, kms_test};
use serde_json::json;

use super::calls::client;
use super::refusal::refused;

#[kms_test(
    keys(orders, archive, other),
    roles(worker(
        allow("kms:ListGrants", "kms:Describe*", on(orders, archive)),
        allow("kms:ListKeys")
    ))
)]
async fn actions_are_allowed_on_one_key(worker: Caller, orders: Key, archive: Key, other: Key) {
    let client = client(&worker);
    let list = |key: &Key| client.list_grants().key_id(key.arn()).send();
    list(&orders).await.unwrap();
    list(&archive).await.unwrap();
    assert_eq!(refused(list(&other).await).code, "AccessDeniedException");
    client.describe_key().key_id(archive.id()).send().await.unwrap();
    client.list_keys().send().await.unwrap();
}

#[kms_test(keys(orders), users(guest(federated = true, allow("kms:ListGrants", on(orders)))))]
async fn a_federated_user_too(guest: Caller, orders: Key) {
    client(&guest).list_grants().key_id(orders.arn()).send().await.unwrap();
}

#[test]
fn a_scenario_and_the_builder_have_it_too() {
    let document = json!({
        "keys": {"orders": {}},
        "users": {"alice": {"allow": ["kms:ListKeys", {"actions": ["kms:ListGrants"], "on": ["orders"]}]}},
    });
    let scenario: Scenario = serde_json::from_value(document.clone()).unwrap();
    let builder = Fixture::builder().key(KeyDeclaration::new("orders"));
    let alice = UserDeclaration::new("alice").allow(["kms:ListKeys"]);
    let alice = alice.allow_on(["kms:ListGrants"], ["orders"]);
    builder.user(alice).start().unwrap();
    let written = serde_json::to_value(&scenario).unwrap();
    assert_eq!(written["users"], document["users"]);
    Fixture::builder().scenario(scenario).start().unwrap();
}

#[test]
fn what_is_not_declared_is_refused() {
    let told = |allow: serde_json::Value| {
        let document = json!({"keys": {"orders": {}}, "roles": {"worker": {"allow": allow}}});
        serde_json::from_value::<Scenario>(document).unwrap_err().to_string()
    };
    for (allow, expected) in [
        (
            json!([{"actions": ["kms:Decrypt"], "on": ["ordres"]}]),
            "$.roles.worker.allow[0].on[0]: no key named `ordres` is declared; a key with a similar name exists: `orders`",
        ),
        (
            json!([{"actions": ["kms:Decript"], "on": ["orders"]}]),
            "$.roles.worker.allow[0].actions[0]: KMS has no action `kms:Decript`; an action with a similar name exists: `kms:Decrypt`",
        ),
        (
            json!([{"actions": ["kms:Decrypt"]}]),
            "$.roles.worker.allow[0].on: `on` needs at least one key",
        ),
        (
            json!([{"action": ["kms:Decrypt"], "on": ["orders"]}]),
            "$.roles.worker.allow[0].action: unknown member `action`; a member with a similar name exists: `actions`",
        ),
        (
            json!([7]),
            "$.roles.worker.allow[0]: expected an action or an object with `actions` and `on`, found a number",
        ),
        (
            json!(["kms:ListGrant"]),
            "$.roles.worker.allow[0]: KMS has no action `kms:ListGrant`; an action with a similar name exists: `kms:ListGrants`",
        ),
    ] {
        assert!(told(allow).contains(expected), "{expected}");
    }
    let nowhere = RoleDeclaration::new("worker").allow_on(["kms:Decrypt"], [""; 0]);
    let told = Fixture::builder().role(nowhere).start().unwrap_err().to_string();
    assert!(told.contains("`on` needs at least one key"), "{told}");
}
