//! RevokeGrant obeys the key policy (`kms-facts.md` 3.5, 4).

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{denied, refused};

#[kms_test(
    keys(orders),
    roles(worker, janitor, remover(allow("kms:RevokeGrant"))),
    grants(access(
        key(orders),
        grantee(worker),
        retiring(janitor),
        operations(Decrypt, RetireGrant)
    ))
)]
async fn the_account_decides_and_the_grant_has_no_say(
    kms: Kms,
    worker: Caller,
    janitor: Caller,
    remover: Caller,
    access: Grant,
) {
    let revoke = |caller: &Caller| {
        client(caller).revoke_grant().key_id(access.key_arn()).grant_id(access.id()).send()
    };
    for caller in [&worker, &janitor] {
        let text = denied(caller, "RevokeGrant", access.key_arn(), "identity-based policy");
        refused(revoke(caller).await).is("AccessDeniedException", &text);
    }
    revoke(&remover).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders, invoices),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn what_is_not_there_is_not_found_row_5(
    kms: Kms,
    admin: Caller,
    invoices: Key,
    access: Grant,
) {
    let revoke =
        |key: &str, grant: &str| client(&admin).revoke_grant().key_id(key).grant_id(grant).send();
    refused(revoke(access.key_arn(), &"0".repeat(64)).await).has_code("NotFoundException");
    refused(revoke(invoices.arn(), access.id()).await).has_code("NotFoundException");
    refused(revoke(access.key_arn(), "nonsense").await).has_code("InvalidGrantIdException");
    refused(revoke("alias/orders", access.id()).await).has_code("InvalidArnException");
    revoke(access.key_arn(), access.id()).await.unwrap();
    refused(revoke(access.key_arn(), access.id()).await).has_code("NotFoundException");
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn a_dry_run_revokes_nothing_row_15(kms: Kms, admin: Caller, access: Grant) {
    let revoke = client(&admin).revoke_grant().key_id(access.key_arn()).grant_id(access.id());
    refused(revoke.dry_run(true).send().await).is(
        "DryRunOperationException",
        "The request would have succeeded, but the DryRun option is set.",
    );
    assert_eq!(kms.grants().len(), 1);
}
