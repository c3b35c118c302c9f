//! ListGrants (`kms-facts.md` 3.2).

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, create, describe, entries, granted, ids, listed};
use super::refusal::{denied, refused};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(
        bare(key(orders), grantee(worker), operations(Decrypt)),
        full(
            key(orders),
            grantee(worker),
            retiring(janitor),
            operations(Encrypt, Decrypt),
            name = "nightly",
            context_subset(tenant = "acme")
        )
    )
)]
async fn an_entry_has_the_members_of_section_3_2(
    admin: Caller,
    orders: Key,
    bare: Grant,
    full: Grant,
) {
    let listed = client(&admin).list_grants().key_id(orders.id()).send().await.unwrap();
    assert!(!listed.truncated());
    assert_eq!(listed.next_marker(), None);
    let entry = |grant: &Grant| {
        let found = listed.grants().iter().find(|it| it.grant_id() == Some(grant.id()));
        found.unwrap().clone()
    };
    let bare = entry(&bare);
    // A whole second, unlike the date of a key (fact 2.12).
    assert_eq!(bare.creation_date().unwrap().subsec_nanos(), 0);
    // The full ARN whatever the request used (fact 2.11); no name is the empty string (fact 9.6).
    assert_eq!(bare.key_id(), Some(orders.arn()));
    assert_eq!(bare.name(), Some(""));
    assert_eq!(bare.issuing_account(), Some("arn:aws:iam::111122223333:root"));
    assert_eq!(bare.operations(), [GrantOperation::Decrypt]);
    assert_eq!((bare.retiring_principal(), bare.constraints()), (None, None));
    let full = entry(&full);
    assert_eq!(full.name(), Some("nightly"));
    assert_eq!(full.grantee_principal(), Some("arn:aws:iam::111122223333:role/worker"));
    assert_eq!(full.retiring_principal(), Some("arn:aws:iam::111122223333:role/janitor"));
    let subset = full.constraints().unwrap().encryption_context_subset().unwrap();
    assert_eq!(subset["tenant"], "acme");
    // ListRetirableGrants shows the same entry.
    let retirable = client(&admin).list_retirable_grants();
    let retirable = retirable.retiring_principal("arn:aws:iam::111122223333:role/janitor");
    assert_eq!(retirable.send().await.unwrap().grants(), [full]);
}

/// Made and declared, in lists and in the fixture's own view.
#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(declared(
        key(orders),
        grantee(worker),
        retiring(janitor),
        operations(DescribeKey, CreateGrant, Encrypt, Decrypt)
    ))
)]
async fn operations_are_listed_in_the_order_of_the_model_fact_15_5(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
    orders: Key,
) {
    let requested = ["DescribeKey", "Encrypt", "CreateGrant", "Decrypt", "Encrypt"];
    let create = create(&admin, orders.id(), worker.arn(), &requested);
    granted(create.retiring_principal(janitor.arn())).await;
    let in_order = ["Decrypt", "Encrypt", "CreateGrant", "DescribeKey"].map(GrantOperation::from);
    let retirable = client(&admin).list_retirable_grants().retiring_principal(janitor.arn());
    let retirable = retirable.send().await.unwrap();
    let entries = entries(&admin, orders.id()).await;
    assert_eq!((entries.len(), retirable.grants().len()), (2, 2));
    for entry in entries.iter().chain(retirable.grants()) {
        assert_eq!(entry.operations(), in_order);
    }
    for grant in kms.grants() {
        let words: Vec<_> = grant.operations().iter().map(|it| it.as_str()).collect();
        assert_eq!(words, in_order.each_ref().map(GrantOperation::as_str));
    }
}

#[kms_test(
    keys(orders),
    roles(worker, other),
    grants(
        a(key(orders), grantee(worker), operations(Decrypt)),
        b(key(orders), grantee(other), operations(Decrypt)),
        by_session(
            key(orders),
            grantee("arn:aws:sts::111122223333:assumed-role/worker/worker"),
            operations(Decrypt)
        )
    )
)]
async fn filters_are_exact_fact_3_2_5(
    kms: Kms,
    admin: Caller,
    orders: Key,
    worker: Caller,
    a: Grant,
    by_session: Grant,
) {
    let list = || client(&admin).list_grants().key_id(orders.id());
    let by_grantee = list().grantee_principal(worker.arn()).send().await.unwrap();
    assert_eq!(ids(by_grantee.grants()), [a.id()]);
    // A session of the role is another principal than the role.
    let of_session = list().grantee_principal(worker.caller_arn()).send().await.unwrap();
    assert_eq!(ids(of_session.grants()), [by_session.id()]);
    let by_id = list().grant_id(a.id()).send().await.unwrap();
    assert_eq!(ids(by_id.grants()), [a.id()]);
    let other = kms.caller("other").arn().to_owned();
    let both = list().grant_id(a.id()).grantee_principal(&other);
    assert!(both.send().await.unwrap().grants().is_empty());
    let both = list().grant_id(kms.grant("b").id()).grantee_principal(other);
    assert_eq!(ids(both.send().await.unwrap().grants()), [kms.grant("b").id()]);
}

/// Section 10.2 leaves open what AWS says of an unknown id.
#[kms_test(keys(orders))]
async fn unknown_filters_find_nothing_or_are_refused_facts_3_2_6_8b_11(admin: Caller, orders: Key) {
    let list = || client(&admin).list_grants().key_id(orders.id());
    let unknown = list().grant_id("0".repeat(64)).send().await.unwrap();
    assert!(unknown.grants().is_empty() && !unknown.truncated());
    refused(list().grant_id("no-grant").send().await).has_code("InvalidGrantIdException");
    let nobody = "arn:aws:iam::111122223333:role/Nobody";
    refused(list().grantee_principal(nobody).send().await)
        .is("InvalidArnException", &format!("ARN does not refer to a valid principal: {nobody}"));
    let nobody = "AROAXXXXXXXXXXXXXXXXX:session";
    refused(list().grantee_principal(nobody).send().await)
        .is("InvalidArnException", "Input does not refer to a valid principal");
}

#[kms_test(keys(orders), roles(worker, lister(allow("kms:ListGrants"))))]
async fn the_key_policy_leaves_the_decision_to_the_account(
    worker: Caller,
    lister: Caller,
    orders: Key,
) {
    assert!(entries(&lister, orders.id()).await.is_empty());
    let text = denied(&worker, "ListGrants", orders.arn(), "identity-based policy");
    refused(client(&worker).list_grants().key_id(orders.id()).send().await).is_denial(&text);
}

/// Fact 9.7: the key policy comes first.
#[kms_test(
    keys(orders(policy = "policies/only_named.json")),
    roles(named, lister(allow("kms:ListGrants")))
)]
async fn without_delegation_identity_policies_do_not_allow_listing_row_16_fact_9_7(
    named: Caller,
    lister: Caller,
    orders: Key,
) {
    assert!(listed(&named, orders.id()).await.is_empty());
    let text = denied(&lister, "ListGrants", orders.arn(), "resource-based policy");
    refused(client(&lister).list_grants().key_id(orders.id()).send().await).is_denial(&text);
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(
        key(orders),
        grantee(worker),
        retiring(worker),
        operations(Decrypt, DescribeKey, CreateGrant, RetireGrant)
    ))
)]
async fn no_grant_allows_listing_section_4_fact_9_10(worker: Caller, orders: Key) {
    describe(&worker, orders.id()).await.unwrap();
    let text = denied(&worker, "ListGrants", orders.arn(), "identity-based policy");
    refused(client(&worker).list_grants().key_id(orders.id()).send().await).is_denial(&text);
}

#[kms_test(keys(orders))]
async fn a_key_without_grants_has_an_empty_list(admin: Caller, orders: Key) {
    let listed = client(&admin).list_grants().key_id(orders.id()).send().await.unwrap();
    assert!(listed.grants().is_empty() && !listed.truncated());
}

#[kms_test(keys(orders))]
async fn only_services_filter_by_service_principal(admin: Caller, orders: Key) {
    let list = client(&admin).list_grants().key_id(orders.id());
    let list = list.grantee_service_principal("dynamodb.us-east-1.amazonaws.com");
    refused(list.send().await).has_code("AccessDeniedException");
}

/// Grants and their JSON are kept; names change. Facts 8b.11, 8b.12.
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
async fn a_list_shows_each_principal_as_it_is_now_whatever_an_earlier_list_showed(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
    by_role: Grant,
) {
    let client = client(&admin);
    let list = async || {
        let page = client.list_grants().key_id(orders.id()).send().await.unwrap();
        let mut found: Vec<_> = page
            .grants()
            .iter()
            .map(|it| {
                (it.grantee_principal().unwrap().to_owned(), it.retiring_principal().is_some())
            })
            .collect();
        found.sort();
        found
    };
    let session = "arn:aws:sts::111122223333:assumed-role/worker/night".to_owned();
    let alive = [(worker.arn().to_owned(), true), (session, false)];
    assert_eq!((list().await, list().await), (alive.to_vec(), alive.to_vec()));

    let dead = worker.unique_id().unwrap().to_owned();
    let gone = [(dead.clone(), true), (format!("{dead}:night"), false)];
    kms.delete_principal("worker").unwrap();
    assert_eq!((list().await, list().await), (gone.to_vec(), gone.to_vec()));
    // A later role of the same name is another principal.
    kms.recreate_role("worker").unwrap();
    assert_eq!(list().await, gone);

    // A grant that ends leaves the list, and one that is made comes into it.
    client.revoke_grant().key_id(orders.id()).grant_id(by_role.id()).send().await.unwrap();
    assert_eq!(list().await, gone[1..]);
    let create = client.create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    create.operations(GrantOperation::Decrypt).send().await.unwrap();
    assert_eq!(list().await, [gone[1].clone(), (worker.arn().to_owned(), false)]);

    // The journal has every page as it was.
    let journal = kms.calls();
    let pages: Vec<_> = journal.iter().filter(|it| it.operation() == "ListGrants").collect();
    let grants = |at: usize| pages[at].output()["Grants"].as_array().unwrap().len();
    assert_eq!((grants(0), grants(5)), (2, 1));
    assert_eq!(pages[0].output(), pages[1].output());
    assert_eq!(pages[2].output(), pages[4].output());
    assert_ne!(pages[1].output(), pages[2].output());
}
