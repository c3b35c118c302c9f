//! `GrantTokens`: what they help with, and what not (`kms-facts.md` 5, sections 5.3 to 5.5 and 10.14).

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{Consistency, RoleDeclaration};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{Made, client, create, equals, grant, granted, pairs};
use super::refusal::{denied, refused};
use super::uses::{self, Bench, With, key_for};

use GrantOperation::{CreateGrant, Decrypt, DescribeKey, Encrypt, ReEncryptFrom, ReEncryptTo};

fn with_token(token: &str) -> With {
    With { tokens: vec![token.to_owned()], ..With::default() }
}

/// Fact 5.1: until a new grant has arrived, its token opens what it allows, in every operation that takes tokens.
#[tokio::test]
async fn a_token_opens_a_grant_that_has_not_arrived_in_all_operations_facts_5_1_5_5() {
    let fixture = uses::keys().consistency(Consistency::eventual());
    let bench = Bench::new(fixture.start().unwrap()).await;
    let (kms, worker) = (&bench.kms, bench.worker());
    let other = kms.key("other");
    grant(&kms.caller("admin"), other.arn(), worker.arn(), &[ReEncryptFrom, ReEncryptTo]).await;
    kms.settle();
    for operation in GrantOperation::ALL {
        if *operation == GrantOperation::RetireGrant {
            continue; // takes one token, of what it retires
        }
        let behind = worker.stale().unwrap();
        let key = kms.key(key_for(*operation));
        let mut operations = vec![*operation];
        if *operation == CreateGrant {
            operations.push(DescribeKey);
        }
        let made = grant(&kms.caller("admin"), key.arn(), worker.arn(), &operations).await;
        let text = denied(&behind, operation.as_str(), key.arn(), "identity-based policy");
        let without = bench.attempt(&behind, *operation, &made, With::default());
        without.await.unwrap_err().is_denial(&text);
        let with = bench.attempt(&behind, *operation, &made, with_token(&made.token));
        assert_eq!(with.await, Ok(()), "{operation}");
        kms.settle();
        // Fact 5.3: once it has arrived, it is the grant that counts, with or without a token.
        for with in [With::default(), with_token(&made.token)] {
            let refusal = bench.attempt(&worker, *operation, &made, with).await;
            assert_eq!(refusal, Ok(()), "{operation}");
        }
        // CreateGrant has made some that would stand in the way.
        kms.settle();
        for left in kms.grants().iter().filter(|it| it.key_arn() == key.arn()) {
            let revoke = client(&kms.caller("admin")).revoke_grant();
            let revoke = revoke.key_id(key.arn()).grant_id(left.id());
            revoke.send().await.unwrap();
        }
        kms.settle();
    }
}

/// Fact 5.4: a token is not a bearer credential.
#[tokio::test]
async fn a_token_helps_only_its_grantee_fact_5_4() {
    let fixture = uses::keys().role(RoleDeclaration::new("thief"));
    let bench = Bench::new(fixture.start().unwrap()).await;
    let (kms, thief) = (&bench.kms, bench.kms.caller("thief"));
    let key = kms.key("sealing");
    let made = grant(&kms.caller("admin"), key.arn(), bench.worker().arn(), &[Decrypt]).await;
    let text = denied(&thief, "Decrypt", key.arn(), "identity-based policy");
    let refusal = bench.attempt(&thief, Decrypt, &made, with_token(&made.token));
    refusal.await.unwrap_err().is_denial(&text);
    // Nor does it open another operation, or another key, to the grantee.
    let worker = bench.worker();
    let text = denied(&worker, "Encrypt", key.arn(), "identity-based policy");
    let refusal = bench.attempt(&worker, Encrypt, &made, with_token(&made.token));
    refusal.await.unwrap_err().is_denial(&text);
    let elsewhere = Made { key: kms.key("other").arn().to_owned(), ..made.clone() };
    let refusal = bench.attempt(&worker, Encrypt, &elsewhere, with_token(&made.token));
    refusal.await.unwrap_err().has_code("AccessDeniedException");
}

/// A token does not set aside what its grant asks for, nor an explicit deny.
#[tokio::test]
async fn a_token_sets_no_constraint_aside() {
    let fixture = uses::keys().consistency(Consistency::eventual());
    let context = [("tenant", "acme")];
    let bench = Bench::with_context(fixture.start().unwrap(), &context).await;
    bench.kms.settle();
    let (kms, worker) = (&bench.kms, bench.worker());
    let key = kms.key("sealing");
    let made = granted(
        create(&kms.caller("admin"), key.arn(), worker.arn(), &[Decrypt])
            .constraints(equals(&context)),
    )
    .await;
    let behind = worker.stale().unwrap();
    let refusal = bench.attempt(&behind, Decrypt, &made, with_token(&made.token));
    refusal.await.unwrap_err().has_code("AccessDeniedException");
    let with = With { context: pairs(&context), ..with_token(&made.token) };
    let refusal = bench.attempt(&behind, Decrypt, &made, with).await;
    assert_eq!(refusal, Ok(()));
}

#[tokio::test]
async fn the_token_of_an_ended_grant_does_not_help() {
    let bench = Bench::new(uses::keys().start().unwrap()).await;
    let (kms, worker, admin) = (&bench.kms, bench.worker(), bench.kms.caller("admin"));
    let key = kms.key("sealing");
    for retire in [true, false] {
        let made = grant(&kms.caller("admin"), key.arn(), worker.arn(), &[Decrypt]).await;
        if retire {
            let call = client(&admin).retire_grant().grant_token(&made.token);
            call.send().await.unwrap();
        } else {
            let call = client(&admin).revoke_grant().key_id(key.arn());
            call.grant_id(&made.id).send().await.unwrap();
        }
        let refusal = bench.attempt(&worker, Decrypt, &made, with_token(&made.token));
        let text = denied(&worker, "Decrypt", key.arn(), "identity-based policy");
        refusal.await.unwrap_err().is_denial(&text);
    }
}

/// What is no token at all, or one of another fixture, is as good as none (INVENTED(garbage-tokens)).
#[kms_test(
    keys(orders),
    roles(worker, stranger),
    grants(access(key(orders), grantee(worker), operations(DescribeKey)))
)]
async fn invalid_tokens_are_ignored(worker: Caller, stranger: Caller, orders: Key) {
    let describe = |caller: &Caller, token: &str| {
        let call = client(caller).describe_key().key_id(orders.arn());
        call.grant_tokens(token).send()
    };
    let elsewhere = "A".repeat(491);
    for token in ["garbage", "!", &elsewhere] {
        describe(&worker, token).await.unwrap();
        let text = denied(&stranger, "DescribeKey", orders.arn(), "identity-based policy");
        refused(describe(&stranger, token).await).is_denial(&text);
    }
}

/// The model's limits: ten tokens, none empty, none over 8,192 characters.
#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Encrypt, DescribeKey)))
)]
async fn a_call_takes_at_most_ten_tokens(kms: Kms, worker: Caller, orders: Key) {
    let token = kms.grant("access").token().to_owned();
    let describe = |tokens: Vec<String>| {
        let call = client(&worker).describe_key().key_id(orders.arn());
        call.set_grant_tokens(Some(tokens)).send()
    };
    let encrypt = |tokens: Vec<String>| {
        let call = client(&worker).encrypt().key_id(orders.arn());
        call.plaintext(aws_sdk_kms::primitives::Blob::new(*b"x"))
            .set_grant_tokens(Some(tokens))
            .send()
    };
    describe(vec![]).await.unwrap();
    describe(vec![token.clone(); 10]).await.unwrap();
    encrypt(vec![token.clone(); 10]).await.unwrap();
    let eleven = refused(describe(vec![token.clone(); 11]).await);
    eleven.has_code("ValidationException");
    let told = eleven.message.unwrap();
    assert!(told.contains("'grantTokens'"), "{told}");
    assert!(told.ends_with("Member must have length less than or equal to 10"), "{told}");
    refused(encrypt(vec![token; 11]).await).has_code("ValidationException");
    for wrong in [String::new(), "x".repeat(8193)] {
        refused(describe(vec![wrong]).await).has_code("ValidationException");
    }
    describe(vec!["x".repeat(8192)]).await.unwrap();
}

/// Ten tokens of grants that have not arrived: the right one may stand anywhere.
#[tokio::test]
async fn one_right_token_among_ten_is_enough() {
    let kms = uses::keys().consistency(Consistency::eventual()).start().unwrap();
    kms.settle();
    let (key, worker) = (kms.key("sealing"), kms.caller("worker"));
    let mut tokens = Vec::new();
    for _ in 0..9 {
        tokens.push(grant(&kms.caller("admin"), key.arn(), worker.arn(), &[Decrypt]).await.token);
    }
    let right = grant(&kms.caller("admin"), key.arn(), worker.arn(), &[DescribeKey]).await;
    for at in [0, 4, 9] {
        let mut tokens = tokens.clone();
        tokens.insert(at, right.token.clone());
        let behind = worker.stale().unwrap();
        let call = client(&behind).describe_key().key_id(key.arn());
        let call = call.set_grant_tokens(Some(tokens)).send();
        call.await.unwrap();
    }
    let behind = worker.stale().unwrap();
    let call = client(&behind).describe_key().key_id(key.arn());
    let call = call.set_grant_tokens(Some(tokens)).send();
    refused(call.await).has_code("AccessDeniedException");
}
