//! RevokeGrant obeys the key policy (`kms-facts.md` 3.5, 4).

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, listed, retire, retire_by_id, revoke};
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
async fn policies_decide_and_the_grant_does_not_facts_3_5_4_9_10(
    kms: Kms,
    worker: Caller,
    janitor: Caller,
    remover: Caller,
    access: Grant,
) {
    for caller in [&worker, &janitor] {
        let text = denied(caller, "RevokeGrant", access.key_arn(), "identity-based policy");
        revoke(caller, access.key_arn(), access.id()).await.unwrap_err().is_denial(&text);
    }
    // RevokeGrant is not RetireGrant: the console's administrators have one and lack the other (fact 9.13).
    retire(&remover, access.token()).await.unwrap_err().has_code("AccessDeniedException");
    revoke(&remover, access.key_arn(), access.id()).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders(policy = "policies/only_named.json")),
    roles(worker, named),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn the_key_policy_may_name_the_caller_section_4(kms: Kms, named: Caller, access: Grant) {
    revoke(&named, access.key_arn(), access.id()).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders, invoices),
    roles(worker),
    grants(
        access(key(orders), grantee(worker), operations(Decrypt)),
        kept(key(orders), grantee(worker), operations(Decrypt))
    )
)]
async fn an_unknown_grant_is_not_found_row_5_facts_3_5_1_3_5_2(
    admin: Caller,
    orders: Key,
    invoices: Key,
    access: Grant,
    kept: Grant,
) {
    for (key, id, code) in [
        (orders.arn(), "0".repeat(64).as_str(), "NotFoundException"),
        (invoices.arn(), access.id(), "NotFoundException"),
        ("alias/orders", access.id(), "InvalidArnException"),
    ] {
        revoke(&admin, key, id).await.unwrap_err().has_code(code);
    }
    revoke(&admin, orders.arn(), access.id()).await.unwrap();
    assert_eq!(listed(&admin, orders.id()).await, [kept.id()]);
    let again = revoke(&admin, orders.arn(), access.id()).await.unwrap_err();
    again.has_code("NotFoundException");
}

/// Section 10.2 leaves the code open.
#[kms_test(keys(orders))]
async fn a_malformed_grant_id_is_invalid(admin: Caller, orders: Key) {
    let id = "0123456789abcdef".repeat(4);
    for malformed in ["x", &id[1..], &format!("{id}0"), &"g".repeat(64), &id.to_uppercase()] {
        for outcome in [
            revoke(&admin, orders.arn(), malformed).await,
            retire_by_id(&admin, orders.arn(), malformed).await,
        ] {
            outcome.unwrap_err().has_code("InvalidGrantIdException");
        }
    }
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn a_dry_run_revokes_nothing_row_15(kms: Kms, admin: Caller, worker: Caller, access: Grant) {
    let dry = |caller: &Caller, id: &str| {
        client(caller).revoke_grant().key_id(access.key_arn()).grant_id(id).dry_run(true).send()
    };
    refused(dry(&admin, access.id()).await).is_dry_run();
    refused(dry(&admin, &"0".repeat(64)).await).has_code("NotFoundException");
    refused(dry(&worker, access.id()).await).has_code("AccessDeniedException");
    assert_eq!(kms.grants().len(), 1);
}
