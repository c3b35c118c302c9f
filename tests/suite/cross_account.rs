//! Two accounts (`kms-facts.md` 4 step 6, 8b.7, 8b.8; row 20).

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{denied_across, denied_blindly, refused};

#[kms_test(keys(orders), roles(partner(account = "444455556666", allow("kms:*"))))]
async fn a_foreign_key_is_not_told_from_a_missing_one_row_20(partner: Caller, orders: Key) {
    let text = denied_blindly(&partner, "DescribeKey");
    let missing = "arn:aws:kms:us-east-1:111122223333:key/134f2428-cec1-4b25-a1ae-9048164dba47";
    for arn in [orders.arn(), missing] {
        let describe = client(&partner).describe_key().key_id(arn).send().await;
        refused(describe).is("AccessDeniedException", &text);
    }
    // A bare id is looked for at home (row 2).
    let home =
        format!("Key 'arn:aws:kms:us-east-1:444455556666:key/{}' does not exist", orders.id());
    let describe = client(&partner).describe_key().key_id(orders.id()).send().await;
    refused(describe).is("NotFoundException", &home);
}

#[kms_test(
    keys(orders(policy = "policies/trusts_partner.json")),
    roles(
        partner(account = "444455556666", allow("kms:DescribeKey")),
        bare(account = "444455556666")
    )
)]
async fn both_accounts_must_allow_section_4(partner: Caller, bare: Caller, orders: Key) {
    client(&partner).describe_key().key_id(orders.arn()).send().await.unwrap();
    let text = denied_across(&bare, "DescribeKey", "identity-based policy");
    refused(client(&bare).describe_key().key_id(orders.arn()).send().await)
        .is("AccessDeniedException", &text);
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
    let describe = |caller: &Caller| client(caller).describe_key().key_id(orders.arn()).send();
    let retire = |caller: &Caller, grant: &str| {
        client(caller).retire_grant().grant_token(kms.grant(grant).token()).send()
    };
    describe(&allowed).await.unwrap();
    refused(describe(&bare).await)
        .is("AccessDeniedException", &denied_across(&bare, "DescribeKey", "identity-based policy"));
    refused(retire(&bare, "a").await)
        .is("AccessDeniedException", &denied_across(&bare, "RetireGrant", "identity-based policy"));
    refused(retire(&narrowed, "c").await)
        .is("AccessDeniedException", &denied_across(&narrowed, "RetireGrant", "session policy"));
    retire(&allowed, "b").await.unwrap();
    // One that the grant does not name sees nothing.
    refused(retire(&allowed, "a").await)
        .is("AccessDeniedException", &denied_blindly(&allowed, "RetireGrant"));
}

#[kms_test(
    keys(orders(policy = "policies/trusts_partner.json")),
    roles(
        maker(account = "444455556666", allow("kms:CreateGrant")),
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
        let create =
            client(&maker).create_grant().key_id(orders.arn()).retiring_principal(principal);
        let create = create.grantee_principal(principal).operations("DescribeKey".into());
        create.send().await.unwrap();
    }
    assert_eq!(kms.grants()[0].issuing_account(), "444455556666");
    let describe = |caller: &Caller| client(caller).describe_key().key_id(orders.arn()).send();
    describe(&worker).await.unwrap();
    refused(describe(&narrowed).await)
        .is("AccessDeniedException", &denied_across(&narrowed, "DescribeKey", "session policy"));
    // The exact session is not limited.
    let create = client(&maker).create_grant().key_id(orders.arn());
    let create = create.grantee_principal(narrowed.caller_arn()).operations("DescribeKey".into());
    create.send().await.unwrap();
    describe(&narrowed).await.unwrap();
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
    let listed = client(&partner).list_grants().key_id(access.key_arn()).send().await.unwrap();
    assert_eq!(listed.grants().len(), 1);
    let retire = client(&partner).retire_grant().key_id(access.key_arn()).grant_id(access.id());
    refused(retire.send().await)
        .is("AccessDeniedException", &denied_blindly(&partner, "RetireGrant"));
    let revoke = client(&partner).revoke_grant().key_id(access.key_arn()).grant_id(access.id());
    revoke.send().await.unwrap();
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
    let retire = |caller: &Caller| client(caller).retire_grant().grant_token(access.token()).send();
    refused(retire(&bare).await)
        .is("AccessDeniedException", &denied_across(&bare, "RetireGrant", "identity-based policy"));
    retire(&delegate).await.unwrap();
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
    let describe = || client(&worker).describe_key().key_id(orders.arn()).send();
    refused(describe().await).has_code("AccessDeniedException");
    let create = client(&maker).create_grant().key_id(orders.arn());
    create.grantee_principal(worker.arn()).operations("DescribeKey".into()).send().await.unwrap();
    // Whatever the order of their ids.
    describe().await.unwrap();
}

#[kms_test(
    keys(orders(policy = "policies/denies_partner.json")),
    roles(partner(account = "444455556666", allow("kms:*")))
)]
async fn a_deny_in_a_foreign_key_policy_is_not_told_row_20(partner: Caller, orders: Key) {
    let describe = client(&partner).describe_key().key_id(orders.arn()).send().await;
    refused(describe).is("AccessDeniedException", &denied_blindly(&partner, "DescribeKey"));
}
