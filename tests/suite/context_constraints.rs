//! `EncryptionContextEquals` and `EncryptionContextSubset` at work (API reference, GrantConstraints; `kms-facts.md` 4).

use aws_sdk_kms::primitives::Blob;
use kms_fixture::model::GrantOperation;
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{client, create, equals, grant, granted, pairs, revoke, subset};
use super::refusal::{Refusal, denied, outcome, refused};
use super::uses::{self, Bench, With};

use GrantOperation::{Decrypt, DescribeKey, Encrypt};

const ACME: &[(&str, &str)] = &[("tenant", "acme"), ("table", "orders")];

/// Those that know an encryption context: all cryptographic operations with symmetric keys.
const CONSTRAINED: &[GrantOperation] = &[
    GrantOperation::Decrypt,
    GrantOperation::Encrypt,
    GrantOperation::GenerateDataKey,
    GrantOperation::GenerateDataKeyWithoutPlaintext,
    GrantOperation::GenerateDataKeyPair,
    GrantOperation::GenerateDataKeyPairWithoutPlaintext,
    GrantOperation::ReEncryptFrom,
    GrantOperation::ReEncryptTo,
];

async fn bench() -> Bench {
    let bench = Bench::with_context(uses::keys().start().unwrap(), ACME).await;
    let halves = [GrantOperation::ReEncryptFrom, GrantOperation::ReEncryptTo];
    let other = bench.kms.key("other");
    grant(&bench.kms.caller("admin"), other.arn(), bench.worker().arn(), &halves).await;
    bench
}

fn in_context(context: &[(&str, &str)]) -> With {
    With { context: pairs(context), ..With::default() }
}

#[tokio::test]
async fn constraints_bind_every_cryptographic_operation_of_a_symmetric_key() {
    let bench = bench().await;
    let (kms, worker) = (&bench.kms, bench.worker());
    let key = kms.key("sealing");
    for constraints in [equals(ACME), subset(&ACME[..1])] {
        let made = granted(
            create(&kms.caller("admin"), key.arn(), worker.arn(), CONSTRAINED)
                .constraints(constraints),
        )
        .await;
        for operation in CONSTRAINED {
            let ok = bench.outcome_of(&worker, *operation, &made).await;
            assert_eq!(ok, Ok(()), "{operation}");
            for context in [&[][..], &[("tenant", "other"), ("table", "orders")]] {
                let with = in_context(context);
                let refusal = bench.attempt(&worker, *operation, &made, with).await;
                let action = operation.as_str();
                let text = denied(&worker, action, key.arn(), "identity-based policy");
                refusal.unwrap_err().is_denial(&text);
            }
        }
        let revoke = client(&kms.caller("admin")).revoke_grant();
        let revoke = revoke.key_id(key.arn()).grant_id(made.id);
        revoke.send().await.unwrap();
    }
}

/// Not DescribeKey, not RetireGrant, not CreateGrant: what these do knows no encryption context.
#[tokio::test]
async fn constraints_do_not_touch_what_has_no_context() {
    let bench = bench().await;
    let (kms, worker) = (&bench.kms, bench.worker());
    let key = kms.key("sealing");
    let operations = [DescribeKey, GrantOperation::CreateGrant, GrantOperation::RetireGrant];
    let made = granted(
        create(&kms.caller("admin"), key.arn(), worker.arn(), &operations)
            .constraints(equals(ACME)),
    )
    .await;
    let describe = bench.attempt(&worker, DescribeKey, &made, With::default());
    assert_eq!(describe.await, Ok(()));
    // That its child is as strict is another rule (fact 8b.9).
    let create = client(&worker).create_grant().key_id(key.arn());
    let create = create
        .grantee_principal(worker.arn())
        .operations("DescribeKey".into())
        .constraints(equals(ACME));
    create.send().await.unwrap();
    let retire = bench.attempt(&worker, GrantOperation::RetireGrant, &made, With::default());
    assert_eq!(retire.await, Ok(()));
}

/// Case by case: what the constraint asks for, what the request says, and whether that fits.
#[kms_test(keys(orders), roles(worker))]
async fn equality_is_of_the_whole_and_a_subset_may_have_more(
    kms: Kms,
    worker: Caller,
    orders: Key,
) {
    let (a, b, c) = (("a", "1"), ("b", "2"), ("c", "3"));
    for (wanted, said, by_equals, by_subset) in [
        (&[a, b][..], &[a, b][..], true, true),
        // Pairs have no order.
        (&[a, b], &[b, a], true, true),
        (&[a, b], &[a, b, c], false, true),
        (&[a, b], &[a], false, false),
        (&[a], &[], false, false),
        (&[a], &[("a", "2")], false, false),
        (&[a], &[("b", "1")], false, false),
        (&[a], &[("a", "1 ")], false, false),
        // Values are compared with their case; so are keys, here (INVENTED(context-case)).
        (&[("a", "x")], &[("a", "X")], false, false),
        (&[("a", "x")], &[("A", "x")], false, false),
        (&[("a", "é")], &[("a", "é")], true, true),
    ] {
        for (constraints, allowed) in [(equals(wanted), by_equals), (subset(wanted), by_subset)] {
            let made = granted(
                create(&kms.caller("admin"), orders.arn(), worker.arn(), &[Encrypt])
                    .constraints(constraints),
            )
            .await;
            let outcome = encrypt(&worker, &orders, said).await;
            assert_eq!(outcome.is_ok(), allowed, "{wanted:?} {said:?}");
            if let Err(refusal) = outcome {
                refusal.has_code("AccessDeniedException");
            }
            revoke(&kms.caller("admin"), orders.arn(), &made.id).await.unwrap();
        }
    }
}

/// One grant must match by itself: halves of two do not add up.
#[kms_test(keys(orders), roles(worker))]
async fn several_grants_each_stand_for_themselves(kms: Kms, worker: Caller, orders: Key) {
    let (a, b) = (("a", "1"), ("b", "2"));
    let one = granted(
        create(&kms.caller("admin"), orders.arn(), worker.arn(), &[Encrypt])
            .constraints(equals(&[a])),
    )
    .await;
    granted(
        create(&kms.caller("admin"), orders.arn(), worker.arn(), &[Encrypt])
            .constraints(equals(&[b])),
    )
    .await;
    granted(
        create(&kms.caller("admin"), orders.arn(), worker.arn(), &[Decrypt])
            .constraints(subset(&[])),
    )
    .await;
    for (context, allowed) in [(&[a][..], true), (&[b], true), (&[a, b], false), (&[], false)] {
        let outcome = encrypt(&worker, &orders, context).await;
        assert_eq!(outcome.is_ok(), allowed, "{context:?}");
    }
    // And one that asks for nothing allows all.
    let open = grant(&kms.caller("admin"), orders.arn(), worker.arn(), &[Encrypt]).await;
    encrypt(&worker, &orders, &[a, b]).await.unwrap();
    revoke(&kms.caller("admin"), orders.arn(), &open.id).await.unwrap();
    revoke(&kms.caller("admin"), orders.arn(), &one.id).await.unwrap();
    encrypt(&worker, &orders, &[a]).await.unwrap_err().has_code("AccessDeniedException");
    encrypt(&worker, &orders, &[b]).await.unwrap();
}

#[kms_test(keys(orders), roles(worker))]
async fn many_grants_of_one_grantee_are_told_apart(kms: Kms, worker: Caller, orders: Key) {
    const MANY: usize = 300;
    let mut made = Vec::new();
    for tenant in 0..MANY {
        let tenant = format!("tenant-{tenant}");
        let asked = [("tenant", tenant.as_str())];
        let constraints = if made.len() % 2 == 0 { equals(&asked) } else { subset(&asked) };
        made.push(
            granted(
                create(&kms.caller("admin"), orders.arn(), worker.arn(), &[Encrypt])
                    .constraints(constraints),
            )
            .await,
        );
    }
    for tenant in [0, 1, MANY / 2, MANY / 2 + 1, MANY - 2, MANY - 1] {
        let name = format!("tenant-{tenant}");
        let context = [("tenant", name.as_str())];
        encrypt(&worker, &orders, &context).await.unwrap();
        let more = [("tenant", name.as_str()), ("x", "y")];
        let outcome = encrypt(&worker, &orders, &more).await;
        assert_eq!(outcome.is_ok(), tenant % 2 == 1);
        revoke(&kms.caller("admin"), orders.arn(), &made[tenant].id).await.unwrap();
        encrypt(&worker, &orders, &context).await.unwrap_err().has_code("AccessDeniedException");
    }
    let stranger = [("tenant", "tenant-300")];
    encrypt(&worker, &orders, &stranger).await.unwrap_err().has_code("AccessDeniedException");
}

/// The grant opens the key; the ciphertext is bound to its own context all the same.
#[kms_test(keys(orders), roles(worker))]
async fn a_grant_does_not_open_a_ciphertext_of_another_context_row_49(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let blob = client(&admin).encrypt().key_id(orders.arn()).plaintext(Blob::new("x"));
    let blob = blob.set_encryption_context(Some(pairs(ACME))).send().await.unwrap();
    let blob = blob.ciphertext_blob.unwrap();
    let tenant = &[("tenant", "acme")];
    granted(
        create(&kms.caller("admin"), orders.arn(), worker.arn(), &[Decrypt])
            .constraints(subset(tenant)),
    )
    .await;
    let decrypt = |context: &[(&str, &str)]| {
        let call = client(&worker).decrypt().ciphertext_blob(blob.clone());
        call.set_encryption_context(Some(pairs(context))).send()
    };
    refused(decrypt(tenant).await).is_silent("InvalidCiphertextException");
    refused(decrypt(&[]).await).has_code("AccessDeniedException");
    decrypt(ACME).await.unwrap();
}

async fn encrypt(caller: &Caller, key: &Key, context: &[(&str, &str)]) -> Result<(), Refusal> {
    let call = client(caller).encrypt().key_id(key.arn()).plaintext(Blob::new("x"));
    outcome(call.set_encryption_context(Some(pairs(context))).send().await)
}
