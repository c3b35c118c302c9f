//! CreateAlias, UpdateAlias, DeleteAlias, ListAliases (rows 4, 6 and 40).

use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use serde_json::json;

use super::calls::client;
use super::refusal::{denied, outcome, refused};

#[kms_test(keys(orders, invoices))]
async fn an_alias_is_created_moved_and_deleted(
    kms: Kms,
    admin: Caller,
    orders: Key,
    invoices: Key,
) {
    let client = client(&admin);
    let create = client.create_alias().alias_name("alias/app").target_key_id(orders.id());
    create.clone().send().await.unwrap();
    refused(create.send().await).is(
        "AlreadyExistsException",
        "An alias with the name arn:aws:kms:us-east-1:111122223333:alias/app already exists",
    );
    let before = client.list_aliases().key_id(orders.id()).send().await.unwrap();
    let created_at = before.aliases()[0].creation_date().copied();
    assert_eq!(before.aliases()[0].last_updated_date().copied(), created_at);
    kms.clock().advance(std::time::Duration::from_hours(1));
    let update = client.update_alias().alias_name("alias/app").target_key_id(invoices.arn());
    update.send().await.unwrap();
    assert_eq!(kms.keys()[1].aliases(), ["alias/app"]);
    let listed = client.list_aliases().send().await.unwrap();
    let alias = &listed.aliases()[0];
    assert_eq!(alias.alias_name(), Some("alias/app"));
    assert_eq!(alias.alias_arn(), Some("arn:aws:kms:us-east-1:111122223333:alias/app"));
    // The bare key id, never an ARN.
    assert_eq!(alias.target_key_id(), Some(invoices.id()));
    // Moving an alias keeps the date of its creation.
    assert_eq!(alias.creation_date().copied(), created_at);
    assert!(alias.last_updated_date().copied() > created_at);
    let described = client.describe_key().key_id("alias/app").send().await.unwrap();
    assert_eq!(described.key_metadata().unwrap().arn(), Some(invoices.arn()));
    let of_orders = client.list_aliases().key_id(orders.id()).send().await.unwrap();
    assert!(of_orders.aliases().is_empty());
    let delete = client.delete_alias().alias_name("alias/app");
    delete.clone().send().await.unwrap();
    refused(delete.send().await).is(
        "NotFoundException",
        "Alias arn:aws:kms:us-east-1:111122223333:alias/app is not found.",
    );
}

#[kms_test(keys(orders))]
async fn wrong_alias_names_are_refused_row_40(admin: Caller, orders: Key) {
    let create = |name: &str| {
        client(&admin).create_alias().alias_name(name).target_key_id(orders.id()).send()
    };
    for name in ["orders", "Alias/orders", "alias", "aliases/orders", "a"] {
        let delete = client(&admin).delete_alias().alias_name(name);
        for refusal in [refused(create(name).await), refused(delete.send().await)] {
            refusal.is(
                "ValidationException",
                "Alias must start with the prefix \"alias/\". Please see \
                 https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",
            );
        }
    }
    refused(create("alias/my-alias!").await).is(
        "ValidationException",
        "1 validation error detected: Value 'alias/my-alias!' at 'aliasName' failed to satisfy constraint: Member \
         must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    );
    refused(create("alias/Service:Test").await)
        .is("ValidationException", "alias/Service:Test contains invalid characters for an alias");
    for name in ["alias/aws/s3", "alias/aws/orders"] {
        refused(create(name).await).is_silent("NotAuthorizedException");
    }
    for name in ["alias/my-alias_/", "alias/my_alias-/", "alias/a/b/c", "alias/-"] {
        create(name).await.unwrap();
    }
    let nested = client(&admin).create_alias().alias_name("alias/b").target_key_id("alias/a");
    refused(nested.send().await)
        .is("ValidationException", "Aliases must refer to keys. Not aliases");
}

#[kms_test(keys(orders, macs(spec(HMAC_256)), doomed(state(PendingDeletion))))]
async fn an_alias_moves_between_keys_of_one_kind(
    admin: Caller,
    orders: Key,
    macs: Key,
    doomed: Key,
) {
    let client = client(&admin);
    client.create_alias().alias_name("alias/app").target_key_id(orders.id()).send().await.unwrap();
    let update =
        |key: &Key| client.update_alias().alias_name("alias/app").target_key_id(key.id()).send();
    refused(update(&macs).await).has_code("ValidationException");
    refused(update(&doomed).await)
        .is("KMSInvalidStateException", &format!("{} is pending deletion.", doomed.arn()));
    let none = "Alias arn:aws:kms:us-east-1:111122223333:alias/none is not found.";
    let missing = client.update_alias().alias_name("alias/none").target_key_id(orders.id());
    refused(missing.send().await).is("NotFoundException", none);
    let missing = client.delete_alias().alias_name("alias/none");
    refused(missing.send().await).is("NotFoundException", none);
}

const ACTIONS: [&str; 3] = ["CreateAlias", "UpdateAlias", "DeleteAlias"];
const ALIASES: &str = "arn:aws:kms:us-east-1:111122223333:alias/*";
const KEYS: &str = "arn:aws:kms:us-east-1:111122223333:key/*";

/// API reference: each call needs a permission on the alias and one on the key.
#[tokio::test]
async fn both_the_alias_and_the_key_must_be_allowed() {
    for action in ACTIONS {
        for (resources, missing) in
            [(vec![ALIASES, KEYS], None), (vec![KEYS], Some("alias")), (vec![ALIASES], Some("key"))]
        {
            let policy = json!({"Version": "2012-10-17", "Statement": {
                "Effect": "Allow", "Action": format!("kms:{action}"), "Resource": resources,
            }});
            let kms = Fixture::builder()
                .key(KeyDeclaration::new("orders").alias("alias/orders"))
                .role(RoleDeclaration::new("worker").policy(policy.to_string()))
                .start()
                .unwrap();
            let (worker, key) = (kms.caller("worker"), kms.key("orders"));
            let calls = client(&worker);
            let update = calls.update_alias().alias_name("alias/orders").target_key_id(key.id());
            let create = calls.create_alias().alias_name("alias/new").target_key_id(key.id());
            let (outcome, alias) = match action {
                "CreateAlias" => (outcome(create.send().await), "alias/new"),
                "UpdateAlias" => (outcome(update.send().await), "alias/orders"),
                _ => {
                    let delete = calls.delete_alias().alias_name("alias/orders");
                    (outcome(delete.send().await), "alias/orders")
                }
            };
            let Some(missing) = missing else {
                outcome.unwrap();
                continue;
            };
            // The resource that lacks it is named.
            let alias = ALIASES.replace("alias/*", alias);
            let resource = if missing == "key" { key.arn() } else { &alias };
            let text = denied(&worker, action, resource, "identity-based policy");
            outcome.unwrap_err().is_denial(&text);
        }
    }
}

#[kms_test(
    keys(ours(alias = "alias/same"), theirs(account = "444455556666", alias = "alias/same")),
    roles(partner(account = "444455556666", allow("kms:*")))
)]
async fn each_account_has_aliases_of_its_own(
    admin: Caller,
    partner: Caller,
    ours: Key,
    theirs: Key,
) {
    for (caller, key) in [(&admin, &ours), (&partner, &theirs)] {
        let described = client(caller).describe_key().key_id("alias/same").send().await.unwrap();
        assert_eq!(described.key_metadata().unwrap().arn(), Some(key.arn()));
        let listed = client(caller).list_aliases().send().await.unwrap();
        assert_eq!(listed.aliases().len(), 1);
        assert_eq!(listed.aliases()[0].target_key_id(), Some(key.id()));
    }
}

/// Whether the alias is made for the key, or moved to it.
#[kms_test(keys(orders, invoices))]
async fn a_key_has_fifty_aliases_at_most_fact_15_14(
    kms: Kms,
    admin: Caller,
    orders: Key,
    invoices: Key,
) {
    let client = client(&admin);
    let create = |name: &str, key: &Key| {
        client.create_alias().alias_name(format!("alias/{name}")).target_key_id(key.id()).send()
    };
    let update = |name: &str, key: &Key| {
        client.update_alias().alias_name(format!("alias/{name}")).target_key_id(key.id()).send()
    };
    for number in 0..50 {
        create(&number.to_string(), &orders).await.unwrap();
    }
    create("other", &invoices).await.unwrap();
    refused(create("more", &orders).await).has_code("LimitExceededException");
    refused(update("other", &orders).await).has_code("LimitExceededException");
    // The quota is for one key, and an alias that the key has is no other one.
    update("7", &orders).await.unwrap();
    update("7", &invoices).await.unwrap();
    update("other", &orders).await.unwrap();
    assert_eq!(kms.keys().iter().map(|it| it.aliases().len()).sum::<usize>(), 51);
}
