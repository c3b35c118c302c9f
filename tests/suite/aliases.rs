//! CreateAlias, UpdateAlias, DeleteAlias, ListAliases.

use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{denied, refused};

#[kms_test(keys(orders, invoices))]
async fn an_alias_lives_moves_and_dies(kms: Kms, admin: Caller, orders: Key, invoices: Key) {
    let client = client(&admin);
    let create = client.create_alias().alias_name("alias/app").target_key_id(orders.id());
    create.clone().send().await.unwrap();
    refused(create.send().await).is(
        "AlreadyExistsException",
        "An alias with the name arn:aws:kms:us-east-1:111122223333:alias/app already exists",
    );
    let update = client.update_alias().alias_name("alias/app").target_key_id(invoices.arn());
    update.send().await.unwrap();
    assert_eq!(kms.keys()[1].aliases(), ["alias/app"]);
    let listed = client.list_aliases().send().await.unwrap();
    let alias = &listed.aliases()[0];
    assert_eq!(alias.alias_name(), Some("alias/app"));
    assert_eq!(alias.alias_arn(), Some("arn:aws:kms:us-east-1:111122223333:alias/app"));
    // The bare key id, never an ARN.
    assert_eq!(alias.target_key_id(), Some(invoices.id()));
    assert!(alias.creation_date().is_some() && alias.last_updated_date().is_some());
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
async fn names_have_rules_row_40(admin: Caller, orders: Key) {
    let create = |name: &str| {
        client(&admin).create_alias().alias_name(name).target_key_id(orders.id()).send()
    };
    refused(create("orders").await).is(
        "ValidationException",
        "Alias must start with the prefix \"alias/\". Please see \
         https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",
    );
    refused(create("alias/my-alias!").await).is(
        "ValidationException",
        "1 validation error detected: Value 'alias/my-alias!' at 'aliasName' failed to satisfy constraint: Member \
         must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    );
    refused(create("alias/Service:Test").await)
        .is("ValidationException", "alias/Service:Test contains invalid characters for an alias");
    refused(create("alias/aws/orders").await).is_silent("NotAuthorizedException");
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
    let missing = client.update_alias().alias_name("alias/none").target_key_id(orders.id());
    refused(missing.send().await).has_code("NotFoundException");
}

#[kms_test(keys(orders), roles(worker, half(policy = "policies/alias_on_key_only.json")))]
async fn both_the_alias_and_the_key_must_be_allowed(worker: Caller, half: Caller, orders: Key) {
    let create = |caller: &Caller| {
        client(caller).create_alias().alias_name("alias/app").target_key_id(orders.id()).send()
    };
    let on_key = denied(&worker, "CreateAlias", orders.arn(), "identity-based policy");
    refused(create(&worker).await).is("AccessDeniedException", &on_key);
    let alias = "arn:aws:kms:us-east-1:111122223333:alias/app";
    let on_alias = denied(&half, "CreateAlias", alias, "identity-based policy");
    refused(create(&half).await).is("AccessDeniedException", &on_alias);
}

#[kms_test(keys(a(alias = "alias/a"), b(alias = "alias/b"), c(alias = "alias/c")))]
async fn aliases_come_in_pages(admin: Caller) {
    for limit in 1..=4 {
        let pages = client(&admin).list_aliases().limit(limit).into_paginator();
        let aliases: Vec<_> = pages.items().send().collect::<Result<_, _>>().await.unwrap();
        let names: Vec<_> = aliases.iter().filter_map(|it| it.alias_name()).collect();
        assert_eq!(names, ["alias/a", "alias/b", "alias/c"]);
    }
}
