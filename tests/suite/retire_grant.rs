//! RetireGrant: who may, by what (`kms-facts.md` 3.4, 4).

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::{client, describe, grant, listed, retire, retire_by_id, revoke};
use super::refusal::{denied, denied_by, refused};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(
        by_token(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        by_arn(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        kept(key(orders), grantee(worker), retiring(janitor), operations(Decrypt))
    )
)]
async fn the_retiring_principal_retires_by_token_or_key_and_id_fact_3_4_1(
    kms: Kms,
    admin: Caller,
    janitor: Caller,
    orders: Key,
    kept: Grant,
) {
    retire(&janitor, kms.grant("by_token").token()).await.unwrap();
    assert_eq!(listed(&admin, orders.id()).await.len(), 2);
    retire_by_id(&janitor, orders.arn(), kms.grant("by_arn").id()).await.unwrap();
    assert_eq!(listed(&admin, orders.id()).await, [kept.id()]);
}

/// Recorded: any text but an ARN is refused, before the key is looked for.
#[kms_test(
    keys(orders(alias = "alias/orders")),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn the_key_is_named_by_its_arn_alone_facts_3_4_2_8b_14_15_3(
    kms: Kms,
    admin: Caller,
    janitor: Caller,
    orders: Key,
    access: Grant,
) {
    let missing = "134f2428-cec1-4b25-a1ae-9048164dba47";
    for caller in [&admin, &janitor] {
        for text in [orders.id(), missing, "alias/orders", "invalid", "arn:aws:kms"] {
            let refusal = retire_by_id(caller, text, access.id()).await.unwrap_err();
            refusal.is("NotFoundException", &format!("Invalid arn {text}"));
        }
    }
    assert_eq!(kms.grants().len(), 1);
    retire_by_id(&janitor, orders.arn(), access.id()).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker),
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
    let text = denied(&worker, "RetireGrant", plain.key_arn(), "identity-based policy");
    retire(&worker, plain.token()).await.unwrap_err().is_denial(&text);
    retire(&worker, retirable.token()).await.unwrap();
    assert_eq!(kms.grants().len(), 1);
}

#[kms_test(
    keys(orders),
    roles(worker, stranger, delegate(allow("kms:RetireGrant"))),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn the_owning_account_may_delegate_facts_3_1_15_15_6(
    kms: Kms,
    stranger: Caller,
    delegate: Caller,
    access: Grant,
) {
    retire(&stranger, access.token()).await.unwrap_err().has_code("AccessDeniedException");
    retire(&delegate, access.token()).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn the_root_of_the_owning_account_may(kms: Kms, access: Grant) {
    let root = kms.root("111122223333").unwrap();
    retire(&root, access.token()).await.unwrap();
    assert!(kms.grants().is_empty());
}

/// A key policy neither allows nor denies RetireGrant (section 4).
#[kms_test(
    keys(orders(policy = "policies/retire_in_key_policy.json")),
    roles(worker, named, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn the_key_policy_has_no_effect(kms: Kms, named: Caller, janitor: Caller, access: Grant) {
    retire(&named, access.token()).await.unwrap_err().has_code("AccessDeniedException");
    retire(&janitor, access.token()).await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker, janitor(policy = "policies/deny_retire.json")),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn an_explicit_deny_beats_the_grant(janitor: Caller, access: Grant) {
    let text = denied_by(&janitor, "RetireGrant", access.key_arn(), "an identity-based policy");
    retire(&janitor, access.token()).await.unwrap_err().is_denial(&text);
}

#[kms_test(
    keys(orders, invoices),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn a_grant_that_is_not_there_cannot_be_retired_fact_3_5_2(
    admin: Caller,
    invoices: Key,
    access: Grant,
) {
    let unknown = "0".repeat(64);
    // The grant exists, on another key.
    for (key, id) in [(access.key_arn(), unknown.as_str()), (invoices.arn(), access.id())] {
        retire_by_id(&admin, key, id).await.unwrap_err().has_code("NotFoundException");
    }
}

/// Fact 2.6: a token is opaque, and valid only as a whole.
#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn a_changed_token_is_invalid_fact_2_6(kms: Kms, admin: Caller, access: Grant) {
    let token = access.token();
    let mut wrong: Vec<_> =
        ["x", "é", "\n", " "].map(str::to_owned).into_iter().chain(["a".repeat(8192)]).collect();
    wrong.extend([format!("{token}="), format!("{token}A"), format!(" {token}")]);
    wrong.extend([token[1..].to_owned(), token[..token.len() - 1].to_owned()]);
    for at in (0..token.len()).step_by(7).chain(token.len() - 8..token.len()) {
        let other = if &token[at..=at] == "A" { "B" } else { "A" };
        wrong.push(format!("{}{other}{}", &token[..at], &token[at + 1..]));
    }
    for token in wrong {
        let refusal = retire(&admin, &token).await.unwrap_err();
        refusal.has_code("InvalidGrantTokenException");
    }
    assert_eq!(kms.grants().len(), 1);
}

/// Section 10.4: nothing, a half, and too much.
#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn a_token_or_key_and_id_are_required(admin: Caller, access: Grant) {
    let retire = || client(&admin).retire_grant();
    for wrong in [
        retire(),
        retire().key_id(access.key_arn()),
        retire().grant_id(access.id()),
        retire().key_id(access.key_arn()).grant_id(access.id()).grant_token(access.token()),
    ] {
        refused(wrong.send().await).has_code("ValidationException");
    }
}

/// Section 10.3 asks what a second RetireGrant by token says.
#[kms_test(keys(orders), roles(worker))]
async fn a_grant_ends_once_facts_3_4_5_3_5_2(admin: Caller, worker: Caller, orders: Key) {
    for is_retired in [true, false] {
        let made = grant(&admin, orders.id(), worker.arn(), &["DescribeKey"]).await;
        describe(&worker, orders.id()).await.unwrap();
        if is_retired {
            retire(&admin, &made.token).await.unwrap();
        } else {
            revoke(&admin, orders.id(), &made.id).await.unwrap();
        }
        describe(&worker, orders.id()).await.unwrap_err().has_code("AccessDeniedException");
        let by_token = retire(&admin, &made.token).await.unwrap_err();
        by_token.has_code("InvalidGrantTokenException");
        let by_id = retire_by_id(&admin, orders.arn(), &made.id).await.unwrap_err();
        by_id.has_code("NotFoundException");
        let revoked = revoke(&admin, orders.arn(), &made.id).await.unwrap_err();
        revoked.has_code("NotFoundException");
    }
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
    let dry =
        |caller: &Caller| client(caller).retire_grant().grant_token(access.token()).dry_run(true);
    refused(dry(&janitor).send().await).is_dry_run();
    refused(dry(&worker).send().await).has_code("AccessDeniedException");
    let by_id = client(&janitor).retire_grant().key_id(access.key_arn());
    refused(by_id.clone().grant_id(access.id()).dry_run(true).send().await).is_dry_run();
    let unknown = by_id.clone().grant_id("0".repeat(64)).dry_run(true);
    refused(unknown.send().await).has_code("NotFoundException");
    assert_eq!(kms.grants().len(), 1);
    by_id.grant_id(access.id()).dry_run(false).send().await.unwrap();
    assert!(kms.grants().is_empty());
}
