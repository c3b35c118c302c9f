//! Two accounts (`kms-facts.md` 4 step 6, 8b.7, 8b.8; row 20).

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::authorization::managing;
use super::calls::{
    client, create, describe, entries, grant, listed, retire, retire_by_id, revoke,
};
use super::refusal::{denied_across, denied_blindly, refused};

#[kms_test(keys(orders), roles(partner(account = "444455556666", allow("kms:*"))))]
async fn a_foreign_key_looks_like_a_missing_one_row_20(partner: Caller, orders: Key) {
    let text = denied_blindly(&partner, "DescribeKey");
    let missing = "arn:aws:kms:us-east-1:111122223333:key/134f2428-cec1-4b25-a1ae-9048164dba47";
    for arn in [orders.arn(), missing] {
        describe(&partner, arn).await.unwrap_err().is_denial(&text);
    }
    // A bare id is looked for at home (row 2).
    let home =
        format!("Key 'arn:aws:kms:us-east-1:444455556666:key/{}' does not exist", orders.id());
    describe(&partner, orders.id()).await.unwrap_err().is("NotFoundException", &home);
}

#[kms_test(
    keys(orders(policy = "policies/trusts_partner.json")),
    roles(
        partner(account = "444455556666", allow("kms:DescribeKey")),
        bare(account = "444455556666")
    )
)]
async fn both_accounts_must_allow_section_4(partner: Caller, bare: Caller, orders: Key) {
    describe(&partner, orders.arn()).await.unwrap();
    let text = denied_across(&bare, "DescribeKey", "identity-based policy");
    describe(&bare, orders.arn()).await.unwrap_err().is_denial(&text);
}

#[kms_test(
    keys(orders),
    roles(
        bare(account = "444455556666"),
        allowed(account = "444455556666", allow("kms:DescribeKey", "kms:RetireGrant")),
        narrowed(
            account = "444455556666",
            allow("kms:*"),
            session_policy = "policies/nothing.json"
        )
    ),
    grants(
        a(key(orders), grantee(bare), retiring(bare), operations(DescribeKey)),
        b(key(orders), grantee(allowed), retiring(allowed), operations(DescribeKey)),
        c(key(orders), grantee(narrowed), retiring(narrowed), operations(DescribeKey))
    )
)]
async fn the_owners_grant_also_needs_an_identity_policy_fact_8b_7(
    kms: Kms,
    bare: Caller,
    allowed: Caller,
    narrowed: Caller,
    orders: Key,
) {
    describe(&allowed, orders.arn()).await.unwrap();
    describe(&bare, orders.arn()).await.unwrap_err().is_denial(&denied_across(
        &bare,
        "DescribeKey",
        "identity-based policy",
    ));
    retire(&bare, kms.grant("a").token()).await.unwrap_err().is_denial(&denied_across(
        &bare,
        "RetireGrant",
        "identity-based policy",
    ));
    retire(&narrowed, kms.grant("c").token()).await.unwrap_err().is_denial(&denied_across(
        &narrowed,
        "RetireGrant",
        "session policy",
    ));
    retire(&allowed, kms.grant("b").token()).await.unwrap();
    // One that the grant does not name sees nothing.
    retire(&allowed, kms.grant("a").token())
        .await
        .unwrap_err()
        .is_denial(&denied_blindly(&allowed, "RetireGrant"));
}

#[kms_test(
    keys(orders(policy = "policies/trusts_partner.json")),
    roles(
        maker(account = "444455556666", allow("kms:CreateGrant", "kms:ListGrants")),
        worker(account = "444455556666"),
        narrowed(account = "444455556666", session_policy = "policies/nothing.json")
    )
)]
async fn a_grant_of_ones_own_account_suffices_fact_8b_8(
    kms: Kms,
    maker: Caller,
    worker: Caller,
    narrowed: Caller,
    orders: Key,
) {
    for principal in [worker.arn(), narrowed.arn()] {
        let create = create(&maker, orders.arn(), principal, &["DescribeKey"]);
        create.retiring_principal(principal).send().await.unwrap();
    }
    assert_eq!(kms.grants()[0].issuing_account(), "444455556666");
    let entry = entries(&maker, orders.arn()).await.remove(0);
    assert_eq!(entry.issuing_account(), Some("arn:aws:iam::444455556666:root"), "fact 2.11");
    describe(&worker, orders.arn()).await.unwrap();
    describe(&narrowed, orders.arn()).await.unwrap_err().is_denial(&denied_across(
        &narrowed,
        "DescribeKey",
        "session policy",
    ));
    // The exact session is not limited.
    grant(&maker, orders.arn(), narrowed.caller_arn(), &["DescribeKey"]).await;
    describe(&narrowed, orders.arn()).await.unwrap();
}

#[kms_test(
    keys(orders(policy = "policies/trusts_partner.json")),
    roles(
        worker,
        partner(
            account = "444455556666",
            allow("kms:ListGrants", "kms:RevokeGrant", "kms:RetireGrant")
        )
    ),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn listing_and_revoking_work_across_accounts_retiring_does_not(
    partner: Caller,
    access: Grant,
) {
    assert_eq!(listed(&partner, access.key_arn()).await, [access.id()]);
    let retired = retire_by_id(&partner, access.key_arn(), access.id()).await;
    retired.unwrap_err().is_denial(&denied_blindly(&partner, "RetireGrant"));
    revoke(&partner, access.key_arn(), access.id()).await.unwrap();
}

#[kms_test(
    keys(orders),
    roles(
        worker,
        delegate(account = "444455556666", allow("kms:RetireGrant")),
        bare(account = "444455556666")
    ),
    grants(access(
        key(orders),
        grantee(worker),
        retiring("arn:aws:iam::444455556666:root"),
        operations(Decrypt)
    ))
)]
async fn a_retiring_account_delegates_section_4(bare: Caller, delegate: Caller, access: Grant) {
    retire(&bare, access.token()).await.unwrap_err().is_denial(&denied_across(
        &bare,
        "RetireGrant",
        "identity-based policy",
    ));
    retire(&delegate, access.token()).await.unwrap();
}

#[kms_test(
    keys(orders(policy = "policies/trusts_partner.json")),
    roles(
        maker(account = "444455556666", allow("kms:CreateGrant")),
        worker(account = "444455556666")
    ),
    grants(
        a(key(orders), grantee(worker), operations(DescribeKey)),
        b(key(orders), grantee(worker), operations(DescribeKey)),
        c(key(orders), grantee(worker), operations(DescribeKey))
    )
)]
async fn the_best_of_several_grants_counts_fact_8b_8(maker: Caller, worker: Caller, orders: Key) {
    describe(&worker, orders.arn()).await.unwrap_err().has_code("AccessDeniedException");
    grant(&maker, orders.arn(), worker.arn(), &["DescribeKey"]).await;
    // Whatever the order of their ids.
    describe(&worker, orders.arn()).await.unwrap();
}

#[kms_test(
    keys(orders(policy = "policies/denies_partner.json")),
    roles(partner(account = "444455556666", allow("kms:*")))
)]
async fn a_deny_in_a_foreign_key_policy_is_not_disclosed_row_20(partner: Caller, orders: Key) {
    let text = denied_blindly(&partner, "DescribeKey");
    describe(&partner, orders.arn()).await.unwrap_err().is_denial(&text);
}

/// API reference, "Cross-account use: No". Both policies would allow it.
#[kms_test(
    keys(orders(policy = "policies/trusts_partner_with_all.json")),
    roles(partner(account = "444455556666", allow("kms:*")))
)]
async fn managing_a_key_is_for_its_own_account(partner: Caller, orders: Key) {
    describe(&partner, orders.arn()).await.unwrap();
    for (operation, outcome) in managing(&partner, orders.arn()).await {
        outcome.expect_err(operation).is_denial(&denied_blindly(&partner, operation));
    }
    let alias = client(&partner).create_alias().alias_name("alias/theirs");
    refused(alias.target_key_id(orders.arn()).send().await).has_code("AccessDeniedException");
}
