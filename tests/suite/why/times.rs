//! Denials that are a matter of time.

use std::time::Duration;

use kms_fixture::{Caller, Key, Kms, kms_test};

use super::last;
use crate::calls::{client, create, encrypt, granted};
use crate::refusal::refused;

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn the_table_says_how_long_to_wait(kms: Kms, orders: Key, worker: Caller) {
    granted(create(&kms.caller("admin"), orders.arn(), worker.arn(), &["Encrypt"])).await;
    kms.clock().advance(Duration::from_secs(10));
    encrypt(&worker, orders.id()).await.unwrap_err();
    let sentences = last(&kms);
    let expected = "this is a matter of time: the call is allowed 20 s later on the fixture's clock, or at once with the grant's token";
    assert_eq!(sentences.last().unwrap(), expected);
    assert!(kms.calls().to_string().contains(expected));

    kms.clock().advance(Duration::from_secs(19));
    encrypt(&worker, orders.id()).await.unwrap_err();
    kms.clock().advance(Duration::from_secs(1));
    encrypt(&worker, orders.id()).await.unwrap();
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
