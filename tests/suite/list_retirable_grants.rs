//! ListRetirableGrants (`kms-facts.md` 3.3).

use std::collections::BTreeSet;

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, create, granted, retirable};
use super::refusal::{denied, denied_blindly, refused};

#[kms_test(
    keys(orders, invoices(account = "444455556666")),
    roles(worker, janitor(allow("kms:ListRetirableGrants"))),
    grants(
        here(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        there(key(invoices), grantee(worker), retiring(janitor), operations(Decrypt)),
        retirable_by_grantee(key(orders), grantee(janitor), operations(Decrypt, RetireGrant)),
        retirable_by_account(
            key(orders),
            grantee(worker),
            retiring("arn:aws:iam::111122223333:root"),
            operations(Decrypt)
        ),
        retirable_by_session(
            key(orders),
            grantee(worker),
            retiring("arn:aws:sts::111122223333:assumed-role/janitor/janitor"),
            operations(Decrypt)
        ),
        plain(key(orders), grantee(worker), operations(Decrypt))
    )
)]
async fn it_spans_keys_and_accounts_but_only_the_named_principal_facts_3_3_1_3_3_2(
    janitor: Caller,
    here: Grant,
    there: Grant,
) {
    let listed = client(&janitor).list_retirable_grants().retiring_principal(janitor.arn());
    let listed = listed.send().await.unwrap();
    let ids: BTreeSet<_> = listed.grants().iter().filter_map(|it| it.grant_id()).collect();
    assert_eq!(ids, [here.id(), there.id()].into());
    assert!(!listed.truncated());
    let foreign = listed.grants().iter().find(|it| it.grant_id() == Some(there.id())).unwrap();
    assert_eq!(foreign.key_id(), Some(there.key_arn()));
    assert_eq!(foreign.issuing_account(), Some("arn:aws:iam::444455556666:root"));
}

#[kms_test(
    keys(orders(policy = "policies/only_named.json")),
    roles(named, worker, lister(allow("kms:ListRetirableGrants"))),
    grants(access(key(orders), grantee(worker), retiring(named), operations(Decrypt)))
)]
async fn only_identity_policies_decide_fact_3_3_3(named: Caller, lister: Caller, access: Grant) {
    assert_eq!(retirable(&lister, named.arn()).await, [access.id()]);
    // Neither the key policy nor being the retiring principal is enough.
    let text = denied(&named, "ListRetirableGrants", named.arn(), "identity-based policy");
    let list = client(&named).list_retirable_grants().retiring_principal(named.arn());
    refused(list.send().await).is_denial(&text);
}

#[kms_test(roles(worker, janitor(policy = "policies/list_retirable_of_janitor.json")))]
async fn its_resource_is_the_retiring_principal_fact_3_3_3(worker: Caller, janitor: Caller) {
    assert!(retirable(&janitor, janitor.arn()).await.is_empty());
    let list = client(&janitor).list_retirable_grants().retiring_principal(worker.arn());
    refused(list.send().await).has_code("AccessDeniedException");
}

#[kms_test(roles(stranger(account = "444455556666", allow("kms:*"))))]
async fn a_principal_of_another_account_is_refused_fact_3_3_1(admin: Caller, stranger: Caller) {
    for (caller, account) in [(&admin, "444455556666"), (&stranger, "111122223333")] {
        let root = format!("arn:aws:iam::{account}:root");
        let list = client(caller).list_retirable_grants().retiring_principal(root);
        refused(list.send().await).is_denial(&denied_blindly(caller, "ListRetirableGrants"));
    }
    let list = client(&admin).list_retirable_grants().retiring_principal(stranger.arn());
    refused(list.send().await).is_denial(&denied_blindly(&admin, "ListRetirableGrants"));
    assert!(retirable(&stranger, "arn:aws:iam::444455556666:root").await.is_empty());
}

#[kms_test(keys(orders))]
async fn other_names_are_not_principals_facts_3_3_4_3_3_5_8b_11(admin: Caller, orders: Key) {
    let list = |principal: &str| {
        client(&admin).list_retirable_grants().retiring_principal(principal).send()
    };
    for nobody in [orders.arn(), "arn:aws:iam::111122223333:role/Nobody"] {
        refused(list(nobody).await).is(
            "InvalidArnException",
            &format!("ARN does not refer to a valid principal: {nobody}"),
        );
    }
    let nobody = "AROAXXXXXXXXXXXXXXXXX:session";
    refused(list(nobody).await)
        .is("NotFoundException", &format!("Retiring principal {nobody} could not be found"));
    refused(list("dynamodb.amazonaws.com").await).has_code("InvalidArnException");
}

#[kms_test]
async fn it_needs_exactly_one_principal(admin: Caller) {
    let list = || client(&admin).list_retirable_grants();
    let service = "dynamodb.us-east-1.amazonaws.com";
    let both = list().retiring_principal(admin.arn()).retiring_service_principal(service);
    for wrong in [list(), both] {
        refused(wrong.send().await).has_code("ValidationException");
    }
    // Only services may ask for a service, whatever the caller's policies say.
    refused(list().retiring_service_principal(service).send().await)
        .has_code("AccessDeniedException");
}

#[kms_test(keys(orders), roles(janitor))]
async fn a_page_has_fifty_grants_unless_limited(
    kms: Kms,
    admin: Caller,
    janitor: Caller,
    orders: Key,
) {
    for _ in 0..51 {
        let create = create(&admin, orders.id(), janitor.arn(), &["Decrypt"]);
        granted(create.retiring_principal(janitor.arn())).await;
    }
    let list = || client(&admin).list_retirable_grants().retiring_principal(janitor.arn());
    let first = list().send().await.unwrap();
    assert_eq!((first.grants().len(), first.truncated()), (50, true));
    let rest = list().marker(first.next_marker().unwrap()).send().await.unwrap();
    assert_eq!((rest.grants().len(), rest.truncated()), (1, false));
    let grants = client(&admin).list_grants().key_id(orders.id()).send().await.unwrap();
    assert_eq!((grants.grants().len(), grants.truncated()), (50, true));
    assert_eq!(list().limit(100).send().await.unwrap().grants().len(), 51);
    assert_eq!(kms.grants().len(), 51);
}

/// The pages of the operations have another bound than the model, whose 1,000 holds in other lists.
#[kms_test(keys(orders), roles(janitor))]
async fn a_page_of_grants_has_a_hundred_at_most_fact_15_18_row_36(
    admin: Caller,
    janitor: Caller,
    orders: Key,
) {
    let grants = |limit| client(&admin).list_grants().key_id(orders.id()).limit(limit).send();
    let retirable = |limit| {
        let list = client(&admin).list_retirable_grants().retiring_principal(janitor.arn());
        list.limit(limit).send()
    };
    for (limit, bound) in [(101, 100), (1000, 100), (1001, 1000)] {
        let text = format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have \
             value less than or equal to {bound}"
        );
        refused(grants(limit).await).is("ValidationException", &text);
        refused(retirable(limit).await).is("ValidationException", &text);
    }
    grants(100).await.unwrap();
    retirable(100).await.unwrap();
    client(&admin).list_keys().limit(1000).send().await.unwrap();
}
