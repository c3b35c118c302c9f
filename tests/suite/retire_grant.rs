//! RetireGrant: who may, by what (`kms-facts.md` 3.4, 4).

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{denied, refused};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn the_retiring_principal_retires_by_token(kms: Kms, janitor: Caller, access: Grant) {
    client(&janitor).retire_grant().grant_token(access.token()).send().await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn the_retiring_principal_retires_by_key_and_id(kms: Kms, janitor: Caller, access: Grant) {
    let retire = client(&janitor).retire_grant().key_id(access.key_arn()).grant_id(access.id());
    retire.send().await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn a_bare_key_id_is_accepted_fact_8b_14(kms: Kms, admin: Caller, orders: Key, access: Grant) {
    client(&admin).retire_grant().key_id(orders.id()).grant_id(access.id()).send().await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker, other),
    grants(
        plain(key(orders), grantee(worker), operations(Decrypt)),
        retirable(key(orders), grantee(worker), operations(Decrypt, RetireGrant))
    )
)]
async fn the_grantee_retires_only_with_the_operation(
    kms: Kms,
    worker: Caller,
    plain: Grant,
    retirable: Grant,
) {
    let retire = |grant: &Grant| client(&worker).retire_grant().grant_token(grant.token()).send();
    let text = denied(&worker, "RetireGrant", plain.key_arn(), "identity-based policy");
    refused(retire(&plain).await).is("AccessDeniedException", &text);
    retire(&retirable).await.unwrap();
    assert_eq!(kms.grants().len(), 1);
}

#[kms_test(
    keys(orders),
    roles(worker, stranger, delegate(allow("kms:RetireGrant"))),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn the_owning_account_delegates(kms: Kms, stranger: Caller, delegate: Caller, access: Grant) {
    let retire = |caller: &Caller| client(caller).retire_grant().grant_token(access.token()).send();
    refused(retire(&stranger).await).has_code("AccessDeniedException");
    retire(&delegate).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn the_root_of_the_owning_account_may(kms: Kms, access: Grant) {
    let root = kms.root("111122223333").unwrap();
    client(&root).retire_grant().grant_token(access.token()).send().await.unwrap();
    assert!(kms.grants().is_empty());
}

/// A key policy neither allows nor denies RetireGrant (section 4).
#[kms_test(
    keys(orders(policy = "policies/retire_in_key_policy.json")),
    roles(worker, named, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn the_key_policy_has_no_say(kms: Kms, named: Caller, janitor: Caller, access: Grant) {
    let retire = |caller: &Caller| client(caller).retire_grant().grant_token(access.token()).send();
    refused(retire(&named).await).has_code("AccessDeniedException");
    retire(&janitor).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker, janitor(policy = "policies/deny_retire.json")),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn an_explicit_deny_beats_the_grant(janitor: Caller, access: Grant) {
    let retire = client(&janitor).retire_grant().grant_token(access.token());
    let text = format!(
        "User: {} is not authorized to perform: kms:RetireGrant on resource: {} with an explicit deny in an \
         identity-based policy",
        janitor.caller_arn(),
        access.key_arn()
    );
    refused(retire.send().await).is("AccessDeniedException", &text);
}

#[kms_test(
    keys(orders, invoices),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn what_cannot_be_retired_says_why(admin: Caller, invoices: Key, access: Grant) {
    let retire = || client(&admin).retire_grant();
    let by_token = |token: &str| retire().grant_token(token).send();
    for token in ["x", &access.token()[1..], &access.token().replace('A', "B")] {
        refused(by_token(token).await).has_code("InvalidGrantTokenException");
    }
    let unknown = retire().key_id(access.key_arn()).grant_id("0".repeat(64));
    refused(unknown.send().await).has_code("NotFoundException");
    let malformed = retire().key_id(access.key_arn()).grant_id("nonsense");
    refused(malformed.send().await).has_code("InvalidGrantIdException");
    // The grant exists, on another key.
    let elsewhere = retire().key_id(invoices.arn()).grant_id(access.id());
    refused(elsewhere.send().await).has_code("NotFoundException");
    let alias = retire().key_id("alias/orders").grant_id(access.id());
    refused(alias.send().await)
        .is("InvalidArnException", "Key Aliases are not supported for this operation.");
    // Nothing, a half, too much (section 10.4).
    let half = retire().key_id(access.key_arn());
    let much = retire().key_id(access.key_arn()).grant_id(access.id()).grant_token(access.token());
    for wrong in [retire(), half, much] {
        refused(wrong.send().await).has_code("ValidationException");
    }
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn a_retired_grant_cannot_be_retired_again(janitor: Caller, admin: Caller, access: Grant) {
    let retire = || client(&janitor).retire_grant().grant_token(access.token()).send();
    retire().await.unwrap();
    refused(retire().await).has_code("InvalidGrantTokenException");
    let by_id = client(&admin).retire_grant().key_id(access.key_arn()).grant_id(access.id());
    refused(by_id.send().await).has_code("NotFoundException");
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn a_dry_run_retires_nothing_row_15(
    kms: Kms,
    worker: Caller,
    janitor: Caller,
    access: Grant,
) {
    let dry = |caller: &Caller| {
        client(caller).retire_grant().grant_token(access.token()).dry_run(true).send()
    };
    refused(dry(&janitor).await).is(
        "DryRunOperationException",
        "The request would have succeeded, but the DryRun option is set.",
    );
    refused(dry(&worker).await).has_code("AccessDeniedException");
    assert_eq!(kms.grants().len(), 1);
}
