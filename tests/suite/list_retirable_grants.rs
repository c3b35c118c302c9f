//! ListRetirableGrants (`kms-facts.md` 3.3).

use std::collections::BTreeSet;

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{denied, denied_blindly, refused};

#[kms_test(
    keys(orders, invoices(account = "444455556666")),
    roles(worker, janitor(allow("kms:ListRetirableGrants"))),
    grants(
        here(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        there(key(invoices), grantee(worker), retiring(janitor), operations(Decrypt)),
        retirable_by_grantee(key(orders), grantee(janitor), operations(Decrypt, RetireGrant)),
        plain(key(orders), grantee(worker), operations(Decrypt))
    )
)]
async fn it_spans_keys_and_accounts_but_only_the_named_principal(
    kms: Kms,
    janitor: Caller,
    here: Grant,
    there: Grant,
) {
    // Facts 3.3.1 and 3.3.2.
    let listed = client(&janitor).list_retirable_grants().retiring_principal(janitor.arn());
    let listed = listed.send().await.unwrap();
    let ids: BTreeSet<_> = listed.grants().iter().filter_map(|it| it.grant_id()).collect();
    assert_eq!(ids, [here.id(), there.id()].into());
    let foreign = listed.grants().iter().find(|it| it.grant_id() == Some(there.id())).unwrap();
    assert_eq!(foreign.key_id(), Some(there.key_arn()));
    assert_eq!(foreign.issuing_account(), Some("arn:aws:iam::444455556666:root"));

    let pages = client(&janitor).list_retirable_grants().retiring_principal(janitor.arn()).limit(1);
    let all: Vec<_> =
        pages.into_paginator().items().send().collect::<Result<_, _>>().await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(kms.grants().len(), 4);
}

#[kms_test(roles(worker, lister(allow("kms:ListRetirableGrants"))))]
async fn only_identity_policies_decide_fact_3_3_3(worker: Caller, lister: Caller) {
    let list =
        |caller: &Caller| client(caller).list_retirable_grants().retiring_principal(worker.arn());
    assert!(list(&lister).send().await.unwrap().grants().is_empty());
    let text = denied(&worker, "ListRetirableGrants", worker.arn(), "identity-based policy");
    refused(list(&worker).send().await).is("AccessDeniedException", &text);
}

#[kms_test(roles(stranger(account = "444455556666")))]
async fn a_principal_of_another_account_is_refused_fact_3_3_1(admin: Caller, stranger: Caller) {
    let list = client(&admin).list_retirable_grants().retiring_principal(stranger.arn());
    refused(list.send().await)
        .is("AccessDeniedException", &denied_blindly(&admin, "ListRetirableGrants"));
}

#[kms_test(keys(orders))]
async fn what_is_no_principal_is_refused(admin: Caller, orders: Key) {
    let list = |principal: &str| {
        client(&admin).list_retirable_grants().retiring_principal(principal).send()
    };
    for nobody in [orders.arn(), "arn:aws:iam::111122223333:role/Nobody"] {
        refused(list(nobody).await).is(
            "InvalidArnException",
            &format!("ARN does not refer to a valid principal: {nobody}"),
        );
    }
    refused(list("dynamodb.amazonaws.com").await).has_code("InvalidArnException");
    let nothing = client(&admin).list_retirable_grants().send().await;
    refused(nothing).has_code("ValidationException");
    let service = client(&admin).list_retirable_grants();
    let service = service.retiring_service_principal("dynamodb.us-east-1.amazonaws.com");
    // Only services may ask so, whatever the caller's policies say.
    refused(service.send().await).has_code("AccessDeniedException");
}

#[kms_test(roles(janitor))]
async fn the_default_page_has_fifty_grants(kms: Kms, admin: Caller, janitor: Caller) {
    let client = client(&admin);
    let key = client.create_key().send().await.unwrap();
    let key = key.key_metadata().unwrap().key_id().to_owned();
    for _ in 0..51 {
        let create = client.create_grant().key_id(&key).retiring_principal(janitor.arn());
        let create = create.grantee_principal(janitor.arn()).operations("Decrypt".into());
        create.send().await.unwrap();
    }
    let list = || client.list_retirable_grants().retiring_principal(janitor.arn());
    let first = list().send().await.unwrap();
    assert_eq!((first.grants().len(), first.truncated()), (50, true));
    let rest = list().marker(first.next_marker().unwrap()).send().await.unwrap();
    assert_eq!((rest.grants().len(), rest.truncated()), (1, false));
    // The model's bound is 1000 (row 36).
    assert_eq!(list().limit(1000).send().await.unwrap().grants().len(), 51);
    refused(list().limit(1001).send().await).is(
        "ValidationException",
        "1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have value \
         less than or equal to 1000",
    );
    assert_eq!(kms.grants().len(), 51);
}
