//! A refused call says why, in the test's own names; the answer stays AWS's.

mod ciphertexts;
mod retirements;
mod times;
mod truth;

use aws_sdk_kms::primitives::Blob;
use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Grant, Key, Kms, Operation, kms_test};

use super::calls::{client, create, describe, encrypt, granted, pairs, retire, subset};
use super::refusal::refused;

/// Returns the sentences of the last call.
#[track_caller]
fn last(kms: &Kms) -> Vec<String> {
    kms.calls().last().unwrap().why().to_vec()
}

/// Decrypts what the administrator has encrypted with this context.
async fn decrypt(kms: &Kms, caller: &Caller, sealed: &[(&str, &str)], context: &[(&str, &str)]) {
    let encrypt = client(&kms.caller("admin")).encrypt().key_id(kms.key("orders").id());
    let encrypt = encrypt.plaintext(Blob::new("secret"));
    let sealed = encrypt.set_encryption_context(Some(pairs(sealed))).send().await.unwrap();
    let decrypt = client(caller).decrypt().ciphertext_blob(sealed.ciphertext_blob.unwrap());
    let _ = decrypt.set_encryption_context(Some(pairs(context))).send().await;
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(
        access(
            key(orders),
            grantee(worker),
            retiring(janitor),
            operations(Decrypt),
            context_subset(pair("tenant", "7"))
        ),
        older(key(orders), grantee(worker), retiring(janitor), operations(Decrypt))
    ),
    consistency(eventual(seconds = 30))
)]
async fn a_denial_says_what_each_grant_lacks(
    kms: Kms,
    orders: Key,
    worker: Caller,
    janitor: Caller,
    older: Grant,
) {
    retire(&janitor, older.token()).await.unwrap();
    kms.settle();
    granted(create(&kms.caller("admin"), orders.arn(), worker.arn(), &["Decrypt"])).await;
    decrypt(&kms, &worker, &[("tenant", "8")], &[("tenant", "8")]).await;

    assert_eq!(
        last(&kms),
        [
            r#"access allows Decrypt to worker, but needs context tenant = "7"; the call has "8""#,
            "grant-1 (call 2) has not arrived: 0 of 30 s have passed on the fixture's clock",
            "older ended with call 1, RetireGrant by janitor",
            "no policy of worker allows kms:Decrypt; the key policy trusts the account",
            "this is a matter of time: the call is allowed 30 s later on the fixture's clock, or at once with the grant's token",
            "help: `kms.clock().advance(..)` moves the clock, `kms.settle()` lets every change arrive, `.grant_tokens(..)` passes the token",
        ]
    );
    // The table shows the key, too, which is not in the request.
    let table = kms.calls().to_string();
    let row = table.lines().find(|it| it.contains(" Decrypt ")).unwrap();
    assert!(row.contains("orders") && row.ends_with("AccessDeniedException"), "{table}");
    let below = table.split_once("AccessDeniedException\n").unwrap().1;
    assert!(below.starts_with("     access allows Decrypt to worker, but"), "{table}");
}

#[kms_test(keys(orders), roles(worker))]
async fn the_answer_is_aws_s_own(kms: Kms, orders: Key, worker: Caller) {
    let text = format!(
        "User: {} is not authorized to perform: kms:Encrypt on resource: {} because no identity-based policy allows \
         the kms:Encrypt action",
        worker.caller_arn(),
        orders.arn()
    );
    encrypt(&worker, orders.id()).await.unwrap_err().is_denial(&text);
    assert_eq!(kms.calls()[0].error_message().unwrap().matches("worker").count(), 1);
    // Neither what is compared nor what is written contains it.
    let written = serde_json::to_string(&kms.calls()).unwrap();
    assert!(!written.contains("the key policy trusts"), "{written}");
}

#[kms_test(
    keys(orders),
    roles(worker, other),
    grants(access(key(orders), grantee(other), operations(Decrypt, Encrypt)))
)]
async fn another_principal_s_grant_comes_near(kms: Kms, orders: Key, worker: Caller) {
    encrypt(&worker, orders.id()).await.unwrap_err();
    assert_eq!(last(&kms)[0], "access allows Encrypt to other, not to worker");
    // No grant allows this to anyone.
    describe(&worker, orders.id()).await.unwrap_err();
    assert_eq!(
        last(&kms),
        ["no policy of worker allows kms:DescribeKey; the key policy trusts the account"]
    );
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(
        key(orders),
        grantee(worker),
        operations(Encrypt, GenerateDataKey),
        context_equals(pair("tenant", "7"))
    ))
)]
async fn a_grant_that_lacks_two_things_names_both(kms: Kms, orders: Key, worker: Caller) {
    let both = [("tenant", "8"), ("purpose", "backup")];
    decrypt(&kms, &worker, &both, &both).await;
    assert_eq!(
        last(&kms)[0],
        "access allows Encrypt, GenerateDataKey to worker, not Decrypt, but needs context tenant = \"7\" and nothing \
         else; the call has \"8\" and purpose = \"backup\""
    );
    encrypt(&worker, orders.id()).await.unwrap_err();
    assert_eq!(
        last(&kms)[0],
        "access allows Encrypt to worker, but needs context tenant = \"7\"; the call has no context"
    );
}

#[tokio::test]
async fn each_policy_says_whether_it_allowed_denied_or_was_silent() {
    let document = |effect: &str, action: &str, rest: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "{effect}", "Action": "{action}", {rest}}}]}}"#
        )
    };
    let everywhere = r#""Resource": "*""#;
    let elsewhere = r#""Resource": "arn:aws:kms:us-east-1:111122223333:key/other""#;
    let at_home = r#""Resource": "*", "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}"#;
    let kms = Fixture::builder()
        .key("orders")
        .key(KeyDeclaration::new("shut").policy(document(
            "Deny",
            "kms:*",
            r#""Resource": "*", "Principal": {"AWS": "*"}"#,
        )))
        .key(KeyDeclaration::new("alien").policy(document(
            "Allow",
            "kms:*",
            r#""Resource": "*", "Principal": {"AWS": "444455556666"}"#,
        )))
        .role(RoleDeclaration::new("denied").policy(document(
            "Deny",
            "kms:DescribeKey",
            everywhere,
        )))
        .role(RoleDeclaration::new("elsewhere").policy(document("Allow", "kms:*", elsewhere)))
        .role(RoleDeclaration::new("via").policy(document("Allow", "kms:DescribeKey", at_home)))
        .role(RoleDeclaration::new("bound").allow(["kms:DescribeKey"]).boundary(document(
            "Allow",
            "kms:Encrypt",
            everywhere,
        )))
        .role(RoleDeclaration::new("guest").allow(["kms:DescribeKey"]).session_policy(document(
            "Deny",
            "kms:DescribeKey",
            everywhere,
        )))
        .start()
        .unwrap();
    let trusts = "; the key policy trusts the account";
    for (caller, key, expected) in [
        ("denied", "orders", vec![format!("a policy of denied denies kms:DescribeKey{trusts}")]),
        (
            "elsewhere",
            "orders",
            vec![format!("a policy of elsewhere allows kms:DescribeKey, but not on orders{trusts}")],
        ),
        (
            "via",
            "orders",
            vec![format!(
                "a policy of via allows kms:DescribeKey, but its conditions do not hold{trusts}"
            )],
        ),
        (
            "bound",
            "orders",
            vec![
                format!("a policy of bound allows kms:DescribeKey{trusts}"),
                "the permissions boundary of bound does not allow kms:DescribeKey".to_owned(),
            ],
        ),
        (
            "guest",
            "orders",
            vec![
                format!("a policy of guest allows kms:DescribeKey{trusts}"),
                "the session policy of guest denies kms:DescribeKey".to_owned(),
            ],
        ),
        (
            "admin",
            "shut",
            vec![
                "a policy of admin allows kms:DescribeKey; the key policy denies kms:DescribeKey to admin"
                    .to_owned(),
            ],
        ),
        (
            "admin",
            "alien",
            vec![
                "a policy of admin allows kms:DescribeKey; the key policy allows kms:DescribeKey neither to admin nor \
                 to the account"
                    .to_owned(),
            ],
        ),
    ] {
        describe(&kms.caller(caller), kms.key(key).id()).await.unwrap_err();
        assert_eq!(last(&kms), expected, "{caller}");
    }
    // An operation without a key.
    refused(client(&kms.caller("bound")).list_keys().send().await)
        .has_code("AccessDeniedException");
    assert_eq!(last(&kms)[0], "no policy of bound allows kms:ListKeys");
}

/// A session policy limits what a grant to the role allows.
#[tokio::test]
async fn a_grant_that_a_session_policy_limits_says_so() {
    let nothing = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Sign", "Resource": "*"}]}"#;
    let access = GrantDeclaration::new("access")
        .key("orders")
        .grantee("worker")
        .operations([GrantOperation::Encrypt]);
    let kms = Fixture::builder()
        .key("orders")
        .role(RoleDeclaration::new("worker").session_policy(nothing))
        .grant(access)
        .start()
        .unwrap();
    encrypt(&kms.caller("worker"), kms.key("orders").id()).await.unwrap_err();
    assert_eq!(
        last(&kms)[0],
        "access allows Encrypt to worker, but needs the session policy of worker that allows kms:Encrypt, too"
    );
}

#[kms_test(
    keys(orders),
    roles(worker, helper),
    grants(access(
        key(orders),
        grantee(worker),
        operations(CreateGrant, Decrypt),
        context_subset(pair("tenant", "7"))
    ))
)]
async fn a_grant_that_cannot_be_passed_on_says_why(
    kms: Kms,
    orders: Key,
    worker: Caller,
    helper: Caller,
) {
    let constrained = |operations: &[&str]| {
        create(&worker, orders.arn(), helper.arn(), operations)
            .constraints(subset(&[("tenant", "7")]))
    };
    refused(constrained(&["Encrypt"]).send().await).has_code("AccessDeniedException");
    assert_eq!(
        last(&kms)[0],
        "access allows CreateGrant to worker, but does not include Encrypt, which the new grant would allow"
    );
    refused(create(&worker, orders.arn(), helper.arn(), &["Decrypt"]).send().await);
    assert_eq!(
        last(&kms)[0],
        "access allows CreateGrant to worker, but has stricter constraints than the new grant would have"
    );
    granted(constrained(&["Decrypt"])).await;
    assert!(last(&kms).is_empty());
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Encrypt)))
)]
async fn a_deleted_role_s_grant_names_a_deleted_principal(kms: Kms, orders: Key) {
    let after = kms.recreate_role("worker").unwrap();
    encrypt(&after, orders.id()).await.unwrap_err();
    let first = last(&kms).remove(0);
    assert!(first.starts_with("access allows Encrypt to a deleted principal (AROA"), "{first}");
    assert!(first.ends_with("), not to worker"), "{first}");
}

#[kms_test(keys(orders), roles(worker))]
async fn a_call_for_another_region_says_so(kms: Kms, worker: Caller) {
    let elsewhere = super::calls::client_in(&worker, "eu-west-1");
    refused(elsewhere.list_keys().send().await)
        .is("InvalidSignatureException", "Credential should be scoped to a valid region.");
    assert_eq!(
        last(&kms),
        [
            "the call was signed by worker for eu-west-1; the fixture is in us-east-1, and no key has a replica in eu-west-1",
            "help: `sdk_config()` has the fixture's Region; `regions = \"any\"` serves all of them",
        ]
    );
}

#[kms_test(keys(orders, other(account = "444455556666")), roles(worker(allow("kms:*"))))]
async fn what_an_answer_hides_the_test_may_know(kms: Kms, worker: Caller) {
    let missing = kms.key("other").arn().replace(kms.key("other").id(), kms.key("orders").id());
    describe(&worker, &missing).await.unwrap_err();
    assert_eq!(last(&kms).len(), 1);
    assert!(last(&kms)[0].contains("does not exist"), "{:?}", last(&kms));
    kms.calls().of(Operation::DescribeKey).refused().assert_count(1);
}

/// Describes as `caller`. Returns the reasons of the refusal.
async fn hidden(kms: &Kms, caller: &Caller, key: &str) -> Vec<String> {
    let refusal = refused(client(caller).describe_key().key_id(key).send().await);
    assert_eq!(refusal.code, "AccessDeniedException");
    last(kms)
}

#[kms_test(
    keys(orders(alias = "alias/orders")),
    roles(stranger(account = "444455556666")),
    consistency(eventual(seconds = 30))
)]
async fn what_another_account_does_not_see_is_missing_or_late(
    kms: Kms,
    orders: Key,
    stranger: Caller,
) {
    let made = client(&kms.caller("admin")).create_key().send().await.unwrap();
    let made = made.key_metadata.unwrap().arn.unwrap();
    // Time does not help: the key's policy trusts its own account only.
    let late = "the key has not arrived: 0 of 30 s have passed on the fixture's clock";
    assert_eq!(hidden(&kms, &stranger, &made).await, [late]);

    let of_stranger = orders.arn().replace(kms.account(), "444455556666");
    let elsewhere = of_stranger.replace("444455556666", "555566667777");
    let missing = "the key does not exist in this Region; the answer hides that";
    assert_eq!(hidden(&kms, &stranger, &elsewhere).await, [missing]);

    let alias = |name: &str| format!("arn:aws:kms:us-east-1:{}:alias/{name}", kms.account());
    let no_alias = "the alias does not exist in this Region; the answer hides that";
    assert_eq!(hidden(&kms, &stranger, &alias("nothing")).await, [no_alias]);
}
