//! What a grant opens, and that it is shut when the grant is gone: each of the 19 grant operations (`kms-facts.md` 4).

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use serde_json::json;

use super::calls::{Made, client, equals, grant, pairs, retire, revoke};
use super::refusal::{Refusal, denied, refused};
use super::uses::{self, Bench, With, has_dry_run, key_for};

use GrantOperation::{CreateGrant, DescribeKey, ReEncryptFrom, ReEncryptTo, RetireGrant};

/// A grant of `operation`, with what it cannot be alone.
fn with_companion(operation: GrantOperation) -> Vec<GrantOperation> {
    match operation {
        // Row 8.
        CreateGrant => vec![CreateGrant, DescribeKey],
        _ => vec![operation],
    }
}

/// A bench whose worker may re-encrypt from and to `other`, so that one half of ReEncrypt is left to be granted.
async fn bench() -> Bench {
    let bench = Bench::new(uses::keys().start().unwrap()).await;
    let (kms, worker) = (&bench.kms, bench.worker());
    let halves = [ReEncryptFrom, ReEncryptTo];
    grant(&kms.caller("admin"), kms.key("other").arn(), worker.arn(), &halves).await;
    bench
}

#[track_caller]
fn is_denied(outcome: Result<(), Refusal>, caller: &Caller, operation: GrantOperation, key: &str) {
    let text = denied(caller, operation.as_str(), key, "identity-based policy");
    outcome.expect_err(operation.as_str()).is_denial(&text);
}

#[track_caller]
fn is_dry_run(outcome: Result<(), Refusal>) {
    outcome.unwrap_err().is_dry_run();
}

#[tokio::test]
async fn each_operation_works_while_its_grant_lives_and_fails_when_it_is_retired() {
    let bench = bench().await;
    let (kms, worker) = (&bench.kms, bench.worker());
    for operation in GrantOperation::ALL {
        let key = kms.key(key_for(*operation));
        let operations = with_companion(*operation);
        let made = grant(&kms.caller("admin"), key.arn(), worker.arn(), &operations).await;
        assert_eq!(bench.outcome_of(&worker, *operation, &made).await, Ok(()));
        match *operation {
            // Has retired itself.
            RetireGrant => assert!(kms.grants().iter().all(|it| it.id() != made.id)),
            _ => retire(&kms.caller("admin"), &made.token).await.unwrap(),
        }
        if *operation == CreateGrant {
            // What it has made lives on, and is no parent.
            assert_eq!(bench.outcome_of(&worker, DescribeKey, &made).await, Ok(()));
            let child = kms.grants().into_iter();
            let mut child = child.filter(|it| it.operations() == [DescribeKey]);
            revoke(&kms.caller("admin"), key.arn(), child.next().unwrap().id()).await.unwrap();
        }
        if *operation == RetireGrant {
            let again = bench.outcome_of(&worker, RetireGrant, &made).await;
            again.unwrap_err().has_code("NotFoundException");
        } else {
            let refusal = bench.outcome_of(&worker, *operation, &made).await;
            is_denied(refusal, &worker, *operation, key.arn());
        }
    }
}

/// Row by row: one grant operation opens one operation of the API. DryRun asks without doing.
#[tokio::test]
async fn each_grant_operation_opens_its_own_operation_alone() {
    let bench = bench().await;
    let (kms, worker) = (&bench.kms, bench.worker());
    for granted in GrantOperation::ALL {
        let key = kms.key(key_for(*granted));
        let operations = with_companion(*granted);
        let made = grant(&kms.caller("admin"), key.arn(), worker.arn(), &operations).await;
        for asked in uses::operations_of(key_for(*granted)) {
            let with = With { dry_run: true, ..With::default() };
            let refusal = bench.attempt(&worker, asked, &made, with).await;
            match (operations.contains(&asked), has_dry_run(asked)) {
                (true, true) => is_dry_run(refusal),
                (true, false) => assert_eq!(refusal, Ok(())),
                (false, _) => is_denied(refusal, &worker, asked, key.arn()),
            }
        }
        revoke(&kms.caller("admin"), key.arn(), &made.id).await.unwrap();
    }
}

#[tokio::test]
async fn re_encryption_needs_both_halves() {
    let bench = Bench::new(uses::keys().start().unwrap()).await;
    let (kms, worker) = (&bench.kms, bench.worker());
    let (sealing, other) = (kms.key("sealing"), kms.key("other"));
    let from = grant(&kms.caller("admin"), sealing.arn(), worker.arn(), &[ReEncryptFrom]).await;
    let refusal = bench.outcome_of(&worker, ReEncryptFrom, &from).await;
    is_denied(refusal, &worker, ReEncryptTo, other.arn());
    revoke(&kms.caller("admin"), sealing.arn(), &from.id).await.unwrap();
    let to = grant(&kms.caller("admin"), other.arn(), worker.arn(), &[ReEncryptTo]).await;
    let at_sealing = Made { key: sealing.arn().to_owned(), ..to };
    let refusal = bench.outcome_of(&worker, ReEncryptFrom, &at_sealing).await;
    is_denied(refusal, &worker, ReEncryptFrom, sealing.arn());
    // Decrypt and Encrypt are others.
    let both = [GrantOperation::Decrypt, GrantOperation::Encrypt];
    grant(&kms.caller("admin"), sealing.arn(), worker.arn(), &both).await;
    let refusal = bench.outcome_of(&worker, ReEncryptFrom, &at_sealing).await;
    is_denied(refusal, &worker, ReEncryptFrom, sealing.arn());
}

#[tokio::test]
async fn a_revoked_grant_opens_nothing_and_another_one_still_does() {
    let bench = bench().await;
    let (kms, worker, key) = (&bench.kms, bench.worker(), bench.kms.key("sealing"));
    let decrypt = [GrantOperation::Decrypt];
    let one = grant(&kms.caller("admin"), key.arn(), worker.arn(), &decrypt).await;
    let two = grant(&kms.caller("admin"), key.arn(), worker.arn(), &decrypt).await;
    for (revoked, left) in [(&one, true), (&two, false)] {
        revoke(&kms.caller("admin"), key.arn(), &revoked.id).await.unwrap();
        let refusal = bench.outcome_of(&worker, decrypt[0], &one).await;
        if left {
            assert_eq!(refusal, Ok(()));
        } else {
            is_denied(refusal, &worker, decrypt[0], key.arn());
        }
    }
}

/// Row 18 and fact 9.14: a key policy can take away what is granted.
#[tokio::test]
async fn a_deny_in_the_key_policy_closes_what_a_grant_has_opened_row_18() {
    let bench = bench().await;
    let (kms, worker, key) = (&bench.kms, bench.worker(), bench.kms.key("sealing"));
    let decrypt = GrantOperation::Decrypt;
    let made = grant(&kms.caller("admin"), key.arn(), worker.arn(), &[decrypt]).await;
    assert_eq!(bench.outcome_of(&worker, decrypt, &made).await, Ok(()));
    let root = "arn:aws:iam::111122223333:root";
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Deny", "Principal": {"AWS": worker.arn()}, "Action": "kms:Decrypt", "Resource": "*"},
    ]});
    let put = client(&kms.caller("admin")).put_key_policy();
    put.key_id(key.arn()).policy(policy.to_string()).send().await.unwrap();
    let text = format!(
        "User: {} is not authorized to perform: kms:Decrypt on resource: {} with an explicit deny in a \
         resource-based policy",
        worker.caller_arn(),
        key.arn()
    );
    let refusal = bench.outcome_of(&worker, decrypt, &made).await.unwrap_err();
    refusal.is_denial(&text);
}

/// Row 16: with a key policy that trusts nobody, the grant is all that there is.
#[tokio::test]
async fn without_delegation_a_revoked_grant_leaves_nothing_row_16() {
    let admin_only = json!({"Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/Admin"}}});
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("orders").policy(admin_only.to_string()))
        .role(RoleDeclaration::new("worker").allow(["kms:*"]))
        .start()
        .unwrap();
    let (worker, key) = (kms.caller("worker"), kms.key("orders"));
    let encrypt = || {
        let call = client(&worker).encrypt().key_id(key.arn());
        call.plaintext(aws_sdk_kms::primitives::Blob::new(*b"x")).send()
    };
    let operations = [GrantOperation::Encrypt];
    let made = grant(&kms.caller("admin"), key.arn(), worker.arn(), &operations).await;
    encrypt().await.unwrap();
    revoke(&kms.caller("admin"), key.arn(), &made.id).await.unwrap();
    let text = denied(&worker, "Encrypt", key.arn(), "resource-based policy");
    refused(encrypt().await).is_denial(&text);
}

/// Fact 8b.9, with work to do: what a child may, its parent's end does not take away.
#[kms_test(
    keys(orders),
    roles(parent, child),
    grants(wide(
        key(orders),
        grantee(parent),
        operations(CreateGrant, Encrypt),
        context_subset(tenant = "acme")
    ))
)]
async fn a_child_grant_outlives_its_parent(kms: Kms, parent: Caller, child: Caller, orders: Key) {
    let create = client(&parent).create_grant().key_id(orders.arn());
    let create = create.grantee_principal(child.arn()).operations("Encrypt".into());
    create.constraints(equals(&[("tenant", "acme")])).send().await.unwrap();
    revoke(&kms.caller("admin"), orders.arn(), kms.grant("wide").id()).await.unwrap();
    let encrypt = |caller: &Caller, context: &[(&str, &str)]| {
        let call = client(caller).encrypt().key_id(orders.arn());
        call.plaintext(aws_sdk_kms::primitives::Blob::new(*b"x"))
            .set_encryption_context(Some(pairs(context)))
            .send()
    };
    encrypt(&child, &[("tenant", "acme")]).await.unwrap();
    refused(encrypt(&child, &[]).await).has_code("AccessDeniedException");
    refused(encrypt(&parent, &[("tenant", "acme")]).await).has_code("AccessDeniedException");
}

/// DryRun of what ends grants: it ends none, and a caller who may not is told so.
#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn a_dry_run_ends_nothing_row_15(kms: Kms, admin: Caller, worker: Caller, janitor: Caller) {
    let access = kms.grant("access");
    let retire = |caller: &Caller| {
        let call = client(caller).retire_grant().grant_token(access.token());
        call.dry_run(true).send()
    };
    let revoke = |caller: &Caller| {
        let call = client(caller).revoke_grant().key_id(access.key_arn());
        call.grant_id(access.id()).dry_run(true).send()
    };
    is_dry_run(Err(refused(retire(&janitor).await)));
    is_dry_run(Err(refused(retire(&admin).await)));
    is_dry_run(Err(refused(revoke(&admin).await)));
    for (operation, refusal) in [
        ("RetireGrant", refused(retire(&worker).await)),
        ("RevokeGrant", refused(revoke(&janitor).await)),
    ] {
        let caller = if operation == "RetireGrant" { &worker } else { &janitor };
        let text = denied(caller, operation, access.key_arn(), "identity-based policy");
        refusal.is_denial(&text);
    }
    assert_eq!(kms.grants().len(), 1);
}
