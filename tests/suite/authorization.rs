//! Who may do what on a key, in one account: key policy, identity policies, boundary, session policy, grants
//! (`kms-facts.md` 4, 8b.4 to 8b.6).

use kms_fixture::{Caller, Key, kms_test};

use super::calls::client;
use super::refusal::{denied, refused};

async fn describe(caller: &Caller, key: &Key) -> Option<super::refusal::Refusal> {
    let outcome = client(caller).describe_key().key_id(key.arn()).send().await;
    outcome.is_err().then(|| refused(outcome))
}

#[kms_test(
    keys(orders),
    roles(
        bare,
        allowed(allow("kms:Describe*")),
        filed(policy = "policies/allow_describe_only.json")
    ),
    users(alice, bob(allow("KMS:describekey")))
)]
async fn the_default_policy_leaves_it_to_identity_policies_row_17(
    bare: Caller,
    allowed: Caller,
    filed: Caller,
    alice: Caller,
    bob: Caller,
    orders: Key,
) {
    for caller in [&allowed, &filed, &bob] {
        assert_eq!(describe(caller, &orders).await, None);
    }
    for caller in [&bare, &alice] {
        let text = denied(caller, "DescribeKey", orders.arn(), "identity-based policy");
        describe(caller, &orders).await.unwrap().is("AccessDeniedException", &text);
    }
}

#[kms_test(keys(orders(policy = "policies/only_named.json")), roles(named, other(allow("kms:*"))))]
async fn without_delegation_identity_policies_do_nothing_row_16(
    named: Caller,
    other: Caller,
    orders: Key,
) {
    assert_eq!(describe(&named, &orders).await, None);
    let text = denied(&other, "DescribeKey", orders.arn(), "resource-based policy");
    describe(&other, &orders).await.unwrap().is("AccessDeniedException", &text);
}

#[kms_test(
    keys(orders(policy = "policies/only_named.json")),
    roles(named),
    grants(access(key(orders), grantee(named), operations(Decrypt)))
)]
async fn a_deny_in_the_key_policy_wins_row_18(kms: kms_fixture::Kms, admin: Caller, orders: Key) {
    let grant = kms.grant("access");
    let revoke = client(&admin).revoke_grant().key_id(orders.id()).grant_id(grant.id());
    let text = format!(
        "User: {} is not authorized to perform: kms:RevokeGrant on resource: {} with an explicit deny in a \
         resource-based policy",
        admin.caller_arn(),
        orders.arn()
    );
    refused(revoke.send().await).is("AccessDeniedException", &text);
}

#[kms_test(keys(orders(policy = "policies/only_named.json")), roles(named))]
async fn the_root_has_no_access_of_its_own_section_4(kms: kms_fixture::Kms, orders: Key) {
    let root = kms.root("111122223333").unwrap();
    let text = denied(&root, "DescribeKey", orders.arn(), "resource-based policy");
    describe(&root, &orders).await.unwrap().is("AccessDeniedException", &text);
}

#[kms_test(
    keys(orders),
    roles(
        denied_by_identity(allow("kms:*"), policy = "policies/deny_describe.json"),
        denied_by_boundary(allow("kms:*"), boundary = "policies/deny_describe.json"),
        denied_by_session(allow("kms:*"), session_policy = "policies/deny_describe.json")
    ),
    grants(
        a(key(orders), grantee(denied_by_identity), operations(DescribeKey)),
        b(key(orders), grantee(denied_by_boundary), operations(DescribeKey)),
        c(key(orders), grantee(denied_by_session), operations(DescribeKey))
    )
)]
async fn an_explicit_deny_anywhere_wins_over_a_grant(kms: kms_fixture::Kms, orders: Key) {
    for (name, policy) in [
        ("denied_by_identity", "an identity-based policy"),
        ("denied_by_boundary", "a permissions boundary"),
        ("denied_by_session", "a session policy"),
    ] {
        let caller = kms.caller(name);
        let text = format!(
            "User: {} is not authorized to perform: kms:DescribeKey on resource: {} with an explicit deny in {policy}",
            caller.caller_arn(),
            orders.arn()
        );
        describe(&caller, &orders).await.unwrap().is("AccessDeniedException", &text);
    }
}

#[kms_test(
    keys(orders),
    roles(
        bounded(boundary = "policies/nothing.json"),
        narrowed(session_policy = "policies/nothing.json")
    ),
    grants(
        a(key(orders), grantee(bounded), operations(DescribeKey)),
        b(key(orders), grantee(narrowed), operations(DescribeKey))
    )
)]
async fn a_role_grant_is_limited_by_what_lacks_an_allow_fact_8b_5(
    bounded: Caller,
    narrowed: Caller,
    orders: Key,
) {
    let text = denied(&bounded, "DescribeKey", orders.arn(), "permissions boundary");
    describe(&bounded, &orders).await.unwrap().is("AccessDeniedException", &text);
    let text = denied(&narrowed, "DescribeKey", orders.arn(), "session policy");
    describe(&narrowed, &orders).await.unwrap().is("AccessDeniedException", &text);
}

#[kms_test(
    keys(orders),
    roles(
        bounded(boundary = "policies/nothing.json"),
        narrowed(session_policy = "policies/nothing.json"),
        stopped(session_policy = "policies/deny_describe.json")
    ),
    grants(
        a(
            key(orders),
            grantee("arn:aws:sts::111122223333:assumed-role/bounded/bounded"),
            operations(DescribeKey)
        ),
        b(
            key(orders),
            grantee("arn:aws:sts::111122223333:assumed-role/narrowed/narrowed"),
            operations(DescribeKey)
        ),
        c(
            key(orders),
            grantee("arn:aws:sts::111122223333:assumed-role/stopped/stopped"),
            operations(DescribeKey)
        )
    )
)]
async fn an_exact_session_grant_is_not_limited_by_a_missing_allow_fact_8b_4(
    bounded: Caller,
    narrowed: Caller,
    stopped: Caller,
    orders: Key,
) {
    assert_eq!(describe(&bounded, &orders).await, None);
    assert_eq!(describe(&narrowed, &orders).await, None);
    let text = format!(
        "User: {} is not authorized to perform: kms:DescribeKey on resource: {} with an explicit deny in a session \
         policy",
        stopped.caller_arn(),
        orders.arn()
    );
    describe(&stopped, &orders).await.unwrap().is("AccessDeniedException", &text);
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(
        key(orders),
        grantee("arn:aws:sts::111122223333:assumed-role/worker/worker"),
        operations(DescribeKey)
    ))
)]
async fn another_session_is_another_principal_fact_8b_2(
    kms: kms_fixture::Kms,
    worker: Caller,
    orders: Key,
) {
    assert_eq!(describe(&worker, &orders).await, None);
    let other = kms.session("worker", "other").unwrap();
    let text = denied(&other, "DescribeKey", orders.arn(), "identity-based policy");
    describe(&other, &orders).await.unwrap().is("AccessDeniedException", &text);
}

#[kms_test(
    keys(orders),
    grants(access(
        key(orders),
        grantee("arn:aws:sts::111122223333:federated-user/guest"),
        operations(DescribeKey)
    ))
)]
async fn a_federated_user_holds_a_grant_whatever_its_session_policy_fact_8b_6(
    kms: kms_fixture::Kms,
    orders: Key,
) {
    let nothing = include_str!("policies/nothing.json");
    let guest = kms.federated_user("guest", Some(nothing)).unwrap();
    assert_eq!(describe(&guest, &orders).await, None);
    let other = kms.federated_user("other", None).unwrap();
    describe(&other, &orders).await.unwrap().has_code("AccessDeniedException");
}

#[kms_test(
    keys(orders),
    roles(worker, janitor(session_policy = "policies/nothing.json")),
    grants(
        by_session(
            key(orders),
            grantee(worker),
            retiring("arn:aws:sts::111122223333:assumed-role/janitor/janitor"),
            operations(Decrypt)
        ),
        by_role(key(orders), grantee(worker), retiring(janitor), operations(Decrypt))
    )
)]
async fn a_session_that_may_do_nothing_retires_what_names_it_fact_8b_13(
    kms: kms_fixture::Kms,
    janitor: Caller,
) {
    let retire =
        |name: &str| client(&janitor).retire_grant().grant_token(kms.grant(name).token()).send();
    retire("by_session").await.unwrap();
    refused(retire("by_role").await).is(
        "AccessDeniedException",
        &denied(&janitor, "RetireGrant", kms.key("orders").arn(), "session policy"),
    );
}
