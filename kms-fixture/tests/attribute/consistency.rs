//! All forms of `consistency(..)` and `leaks(..)`.

use kms_fixture::{Caller, Key, Kms, kms_test};

#[kms_test(consistency(strong), leaks(allow))]
fn the_defaults(_kms: Kms) {}

#[kms_test(consistency(eventual))]
fn the_default_times() {}

#[kms_test(consistency(eventual()))]
fn with_parentheses() {}

#[kms_test(consistency(eventual(seconds = 60)))]
fn a_minute(_kms: Kms) {}

#[kms_test(
    consistency(eventual(seconds = 86_400u32, list_seconds = 0, jitter = true)),
    leaks(deny)
)]
async fn all_arguments(_kms: Kms) {}

#[kms_test(consistency(strong), leaks(deny), cassette, snapshot)]
#[ignore = "there is no cassette"]
fn a_cassette(_kms: Kms) {}

#[kms_test(keys(orders), roles(worker), leaks(deny))]
async fn a_revoked_grant_is_not_a_leak(admin: Caller, worker: Caller, orders: Key) {
    let client = aws_sdk_kms::Client::new(&admin.sdk_config());
    let grant = client.create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    let granted = grant.operations("Decrypt".into()).send().await.unwrap();
    let revoke = client.revoke_grant().key_id(orders.id());
    revoke.grant_id(granted.grant_id().unwrap()).send().await.unwrap();
}
