//! Denials that are a matter of time.

use std::time::Duration;

use kms_fixture::{Caller, Key, Kms, kms_test};

use super::last;
use crate::calls::{client, create, encrypt, granted, retire, retire_by_id};
use crate::refusal::refused;

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn the_table_says_how_long_to_wait(kms: Kms, orders: Key, worker: Caller) {
    granted(create(&kms.caller("admin"), orders.arn(), worker.arn(), &["Encrypt"])).await;
    kms.clock().advance(Duration::from_secs(10));
    encrypt(&worker, orders.id()).await.unwrap_err();
    let sentences = last(&kms);
    let expected = "this is a matter of time: the call is allowed 20 s later on the fixture's clock, or at once with the grant's token";
    assert_eq!(sentences[sentences.len() - 2], expected);
    assert!(kms.calls().to_string().contains(expected));

    kms.clock().advance(Duration::from_secs(19));
    encrypt(&worker, orders.id()).await.unwrap_err();
    kms.clock().advance(Duration::from_secs(1));
    encrypt(&worker, orders.id()).await.unwrap();
}

/// Each way that the reasons name helps, alone.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn the_table_names_what_a_test_can_do(kms: Kms, orders: Key, worker: Caller) {
    let grant = || async {
        granted(create(&kms.caller("admin"), orders.arn(), worker.arn(), &["Encrypt"])).await
    };
    let made = grant().await;
    encrypt(&worker, orders.id()).await.unwrap_err();
    let help = last(&kms).pop().unwrap();
    for way in ["help: ", "`kms.clock().advance(..)`", "`kms.settle()`", "`.grant_tokens(..)`"] {
        assert!(help.contains(way), "{help}");
    }
    let with_token = client(&worker).encrypt().key_id(orders.id()).grant_tokens(made.token);
    with_token.plaintext(aws_sdk_kms::primitives::Blob::new("x")).send().await.unwrap();
    kms.settle();
    encrypt(&worker, orders.id()).await.unwrap();
}

#[kms_test(keys(orders), roles(worker, janitor), consistency(eventual(seconds = 30)))]
async fn a_grant_that_has_not_arrived_can_be_retired_by_its_token(
    kms: Kms,
    orders: Key,
    worker: Caller,
    janitor: Caller,
) {
    let create = create(&kms.caller("admin"), orders.arn(), worker.arn(), &["Encrypt"]);
    let made = granted(create.retiring_principal(janitor.arn())).await;
    retire_by_id(&janitor, orders.arn(), &made.id).await.unwrap_err();
    let help = last(&kms).pop().unwrap();
    assert!(help.starts_with("help: ") && help.contains("`.grant_token(..)`"), "{help}");
    retire(&janitor, &made.token).await.unwrap();
}

/// Time does not help a call that lacks something else as well.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn a_call_that_lacks_more_than_time_gets_no_such_advice(
    kms: Kms,
    orders: Key,
    worker: Caller,
) {
    granted(create(&kms.caller("admin"), orders.arn(), worker.arn(), &["Decrypt"])).await;
    encrypt(&worker, orders.id()).await.unwrap_err();
    let reasons = last(&kms);
    assert!(reasons.iter().any(|it| it.contains("has not arrived")), "{reasons:?}");
    assert!(reasons.iter().all(|it| !it.contains("help: ")), "{reasons:?}");
}

/// No time helps a caller that sees only settled changes.
#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn a_stale_caller_is_told_so(kms: Kms, orders: Key, worker: Caller) {
    granted(create(&kms.caller("admin"), orders.arn(), worker.arn(), &["Encrypt"])).await;
    kms.clock().advance(Duration::from_mins(1));
    encrypt(&worker.stale().unwrap(), orders.id()).await.unwrap_err();
    assert_eq!(
        last(&kms),
        [
            "grant-1 (call 1) is not settled, and the call sees only settled changes",
            "no policy of worker allows kms:Encrypt; the key policy trusts the account",
        ]
    );
}

#[kms_test(keys(orders), roles(worker(session_seconds = 900)))]
async fn an_expired_session_says_since_when(kms: Kms, worker: Caller) {
    kms.clock().advance(Duration::from_secs(1000));
    refused(client(&worker).list_keys().send().await).has_code("ExpiredTokenException");
    assert_eq!(last(&kms), ["the session of worker expired 100 s ago on the fixture's clock"]);
}
