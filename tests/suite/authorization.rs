//! Who may do what on a key, in one account: key policy, identity policies, boundary, session policy, grants
//! (`kms-facts.md` 4, 8b.4 to 8b.6).

use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{client, create, describe, retire, revoke};
use super::refusal::{Refusal, denied, denied_by, outcome};

/// Operations on a key name it, the others name `*`.
#[kms_test(keys(orders), roles(worker), users(alice))]
async fn a_declared_caller_may_do_nothing_rows_17_21(kms: Kms, orders: Key) {
    for caller in [kms.caller("worker"), kms.caller("alice")] {
        let calls = client(&caller);
        let created = create(&caller, orders.id(), caller.arn(), &["Decrypt"]).send().await;
        for (operation, outcome) in managing(&caller, orders.id()).await.into_iter().chain([
            ("ListGrants", outcome(calls.list_grants().key_id(orders.id()).send().await)),
            ("CreateGrant", outcome(created)),
            ("RevokeGrant", revoke(&caller, orders.id(), &"0".repeat(64)).await),
            ("DescribeKey", describe(&caller, orders.id()).await),
        ]) {
            let text = denied(&caller, operation, orders.arn(), "identity-based policy");
            outcome.expect_err(operation).is_denial(&text);
        }
        for (operation, outcome) in [
            ("ListKeys", outcome(calls.list_keys().send().await)),
            ("CreateKey", outcome(calls.create_key().send().await)),
            ("ListAliases", outcome(calls.list_aliases().send().await)),
        ] {
            outcome.expect_err(operation).is_denial(&format!(
                "User: {} is not authorized to perform: kms:{operation} on resource: *",
                caller.caller_arn()
            ));
        }
    }
}

/// Makes each call that manages a key.
pub(super) async fn managing(
    caller: &Caller,
    key: &str,
) -> Vec<(&'static str, Result<(), Refusal>)> {
    let calls = client(caller);
    let put = calls.put_key_policy().key_id(key).policy("{}");
    let tags = calls.tag_resource().key_id(key).set_tags(Some(vec![]));
    let untag = calls.untag_resource().key_id(key).set_tag_keys(Some(vec![]));
    let update = calls.update_key_description().key_id(key).description("");
    vec![
        ("DisableKey", outcome(calls.disable_key().key_id(key).send().await)),
        ("EnableKey", outcome(calls.enable_key().key_id(key).send().await)),
        ("ScheduleKeyDeletion", outcome(calls.schedule_key_deletion().key_id(key).send().await)),
        ("CancelKeyDeletion", outcome(calls.cancel_key_deletion().key_id(key).send().await)),
        ("GetKeyPolicy", outcome(calls.get_key_policy().key_id(key).send().await)),
        ("PutKeyPolicy", outcome(put.send().await)),
        ("ListKeyPolicies", outcome(calls.list_key_policies().key_id(key).send().await)),
        ("ListResourceTags", outcome(calls.list_resource_tags().key_id(key).send().await)),
        ("TagResource", outcome(tags.send().await)),
        ("UntagResource", outcome(untag.send().await)),
        ("UpdateKeyDescription", outcome(update.send().await)),
    ]
}

#[kms_test(
    keys(orders),
    roles(
        bounded(allow("kms:*"), boundary = "policies/nothing.json"),
        narrowed(allow("kms:*"), session_policy = "policies/nothing.json")
    )
)]
async fn a_boundary_and_a_session_policy_limit_an_identity_policy(
    bounded: Caller,
    narrowed: Caller,
    orders: Key,
) {
    for (caller, policy) in [(&bounded, "permissions boundary"), (&narrowed, "session policy")] {
        let text = denied(caller, "DescribeKey", orders.arn(), policy);
        describe(caller, orders.id()).await.unwrap_err().is_denial(&text);
    }
}

/// The key policy trusts one role alone, which grants to the account.
#[kms_test(
    keys(orders(policy = "policies/only_named.json")),
    roles(named, allowed(allow("kms:DescribeKey")), bare)
)]
async fn a_grant_to_the_account_leaves_the_decision_to_its_policies(
    named: Caller,
    allowed: Caller,
    bare: Caller,
    orders: Key,
) {
    describe(&allowed, orders.id()).await.unwrap_err().has_code("AccessDeniedException");
    let root = "arn:aws:iam::111122223333:root";
    create(&named, orders.id(), root, &["DescribeKey"]).send().await.unwrap();
    describe(&allowed, orders.id()).await.unwrap();
    describe(&bare, orders.id()).await.unwrap_err().has_code("AccessDeniedException");
}

/// Section 4: SourceArn is for DescribeKey, too, but not where a role calls.
#[kms_test(keys(orders), roles(worker))]
async fn a_source_arn_does_not_limit_a_role_fact_15_19(admin: Caller, worker: Caller, orders: Key) {
    let source = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    let constraints = aws_sdk_kms::types::GrantConstraints::builder().source_arn(source).build();
    let create = create(&admin, orders.id(), worker.arn(), &["DescribeKey"]);
    create.constraints(constraints).send().await.unwrap();
    describe(&worker, orders.id()).await.unwrap();
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
        describe(caller, orders.id()).await.unwrap();
    }
    for caller in [&bare, &alice] {
        let text = denied(caller, "DescribeKey", orders.arn(), "identity-based policy");
        describe(caller, orders.id()).await.unwrap_err().is_denial(&text);
    }
}

#[kms_test(keys(orders(policy = "policies/only_named.json")), roles(named, other(allow("kms:*"))))]
async fn without_delegation_identity_policies_do_nothing_row_16(
    named: Caller,
    other: Caller,
    orders: Key,
) {
    describe(&named, orders.id()).await.unwrap();
    let text = denied(&other, "DescribeKey", orders.arn(), "resource-based policy");
    describe(&other, orders.id()).await.unwrap_err().is_denial(&text);
}

#[kms_test(
    keys(orders(policy = "policies/only_named.json")),
    roles(named),
    grants(access(key(orders), grantee(named), operations(Decrypt)))
)]
async fn a_deny_in_the_key_policy_wins_row_18(kms: Kms, admin: Caller, orders: Key) {
    let text = denied_by(&admin, "RevokeGrant", orders.arn(), "a resource-based policy");
    revoke(&admin, orders.id(), kms.grant("access").id()).await.unwrap_err().is_denial(&text);
}

#[kms_test(keys(orders(policy = "policies/only_named.json")), roles(named))]
async fn the_root_has_no_access_of_its_own_section_4(kms: Kms, orders: Key) {
    let root = kms.root("111122223333").unwrap();
    let text = denied(&root, "DescribeKey", orders.arn(), "resource-based policy");
    describe(&root, orders.id()).await.unwrap_err().is_denial(&text);
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
async fn an_explicit_deny_anywhere_wins_over_a_grant(kms: Kms, orders: Key) {
    for (name, policy) in [
        ("denied_by_identity", "an identity-based policy"),
        ("denied_by_boundary", "a permissions boundary"),
        ("denied_by_session", "a session policy"),
    ] {
        let caller = kms.caller(name);
        let text = denied_by(&caller, "DescribeKey", orders.arn(), policy);
        describe(&caller, orders.id()).await.unwrap_err().is_denial(&text);
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
    describe(&bounded, orders.id()).await.unwrap_err().is_denial(&text);
    let text = denied(&narrowed, "DescribeKey", orders.arn(), "session policy");
    describe(&narrowed, orders.id()).await.unwrap_err().is_denial(&text);
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
    describe(&bounded, orders.id()).await.unwrap();
    describe(&narrowed, orders.id()).await.unwrap();
    let text = denied_by(&stopped, "DescribeKey", orders.arn(), "a session policy");
    describe(&stopped, orders.id()).await.unwrap_err().is_denial(&text);
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
async fn another_session_is_another_principal_fact_8b_2(kms: Kms, worker: Caller, orders: Key) {
    describe(&worker, orders.id()).await.unwrap();
    let other = kms.session("worker", "other").unwrap();
    let text = denied(&other, "DescribeKey", orders.arn(), "identity-based policy");
    describe(&other, orders.id()).await.unwrap_err().is_denial(&text);
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
    kms: Kms,
    orders: Key,
) {
    let nothing = include_str!("policies/nothing.json");
    let guest = kms.federated_user("guest", Some(nothing)).unwrap();
    describe(&guest, orders.id()).await.unwrap();
    let other = kms.federated_user("other", None).unwrap();
    describe(&other, orders.id()).await.unwrap_err().has_code("AccessDeniedException");
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
async fn a_session_that_may_do_nothing_retires_what_names_it_fact_8b_13(kms: Kms, janitor: Caller) {
    retire(&janitor, kms.grant("by_session").token()).await.unwrap();
    let text = denied(&janitor, "RetireGrant", kms.key("orders").arn(), "session policy");
    retire(&janitor, kms.grant("by_role").token()).await.unwrap_err().is_denial(&text);
}
