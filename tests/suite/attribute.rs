//! `#[kms_test]` itself: what it declares, injects and passes on.

use std::error::Error;

use kms_fixture::model::{GrantOperation, KeySpec, KeyState, KeyUsage};
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::client;

#[kms_test(
    keys(orders, archive(state(Disabled))),
    roles(worker, janitor),
    grants(access(
        key(orders),
        grantee(worker),
        retiring(janitor),
        operations(Decrypt, GenerateDataKey)
    ))
)]
async fn a_retired_grant_is_gone(kms: Kms, janitor: Caller, access: Grant) {
    let client = aws_sdk_kms::Client::new(&janitor.sdk_config());
    client.retire_grant().grant_token(access.token()).send().await.unwrap();
    assert!(kms.grants().is_empty());
}

#[kms_test]
fn without_anything_there_is_one_account_and_its_administrator(kms: Kms, admin: Caller) {
    assert_eq!((kms.region(), kms.account()), ("us-east-1", "111122223333"));
    assert_eq!(kms.arn(), admin.arn());
    assert!(kms.keys().is_empty() && kms.grants().is_empty() && kms.calls().is_empty());
}

#[kms_test(region = "eu-west-1", account = "444455556666", keys(orders))]
fn region_and_account_are_those_asked_for(kms: Kms, orders: Key) {
    assert!(orders.arn().starts_with("arn:aws:kms:eu-west-1:444455556666:key/"));
    assert_eq!(kms.arn(), "arn:aws:iam::444455556666:role/Admin");
}

#[kms_test(keys(orders(
    state(Disabled),
    spec(RSA_2048),
    usage(SIGN_VERIFY),
    multi_region = true,
    account = "444455556666",
    alias = "alias/orders",
    description = "for orders",
    tags(team = "payments", pair("cost-center", "42"))
)))]
fn a_key_has_what_it_was_declared_with(kms: Kms, orders: Key) {
    let keys = kms.keys();
    let key = &keys[0];
    assert!(key.id().starts_with("mrk-"));
    assert_eq!((key.id(), key.arn()), (orders.id(), orders.arn()));
    assert_eq!(key.account(), "444455556666");
    assert_eq!((key.state(), key.spec()), (KeyState::Disabled, KeySpec::RSA_2048));
    assert_eq!(key.usage(), KeyUsage::SIGN_VERIFY);
    assert_eq!(key.description(), "for orders");
    assert_eq!(key.aliases(), ["alias/orders"]);
    let tags = [("team", "payments"), ("cost-center", "42")];
    assert_eq!(key.tags(), tags.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[kms_test(keys(imported(origin(EXTERNAL))))]
fn a_key_for_imported_material_waits_for_it_row_14(kms: Kms) {
    assert_eq!(kms.keys()[0].state(), KeyState::PendingImport);
}

#[kms_test(roles(worker(name = "service/Worker", account = "444455556666", session = "night")))]
fn a_role_is_called_through_a_session(worker: Caller) {
    assert_eq!(worker.arn(), "arn:aws:iam::444455556666:role/service/Worker");
    // STS ARNs omit the role's path (fact 8b.1).
    assert_eq!(worker.caller_arn(), "arn:aws:sts::444455556666:assumed-role/Worker/night");
    assert!(worker.credentials().session_token().is_some());
}

/// STS takes no session name of one letter.
#[kms_test(roles(w))]
fn a_short_name_is_not_a_session_name(w: Caller) {
    assert_eq!(w.caller_arn(), "arn:aws:sts::111122223333:assumed-role/w/session");
}

#[kms_test(users(alice(name = "team/alice")))]
fn a_user_has_lasting_credentials(alice: Caller) {
    assert_eq!(alice.arn(), "arn:aws:iam::111122223333:user/team/alice");
    assert_eq!(alice.arn(), alice.caller_arn());
    assert!(alice.credentials().access_key_id().starts_with("AKIA"));
    assert_eq!(alice.credentials().session_token(), None);
}

#[kms_test(
    grants(
        second(key(orders), grantee(alice), operations(Encrypt), context_equals(tenant = "acme")),
        first(
            key(orders),
            grantee(worker),
            retiring("arn:aws:iam::111122223333:root"),
            operations(Decrypt, CreateGrant),
            name = "nightly",
            context_subset(pair("aws:service", "x"))
        )
    ),
    users(alice),
    roles(worker),
    keys(orders)
)]
fn declarations_may_come_in_any_order(kms: Kms, first: Grant, second: Grant, orders: Key) {
    assert_eq!(kms.grants().len(), 2);
    let grants = kms.grants();
    let grant = grants.iter().find(|it| it.id() == first.id()).unwrap();
    assert_eq!(grant.name(), Some("nightly"));
    assert_eq!(grant.retiring(), Some("arn:aws:iam::111122223333:root"));
    assert_eq!(grant.operations(), [GrantOperation::Decrypt, GrantOperation::CreateGrant]);
    assert_eq!(grant.issuing_account(), "111122223333");
    assert_eq!(second.key_arn(), orders.arn());
}

#[kms_test(keys(orders), roles(worker))]
#[allow(clippy::used_underscore_binding)] // they are there to be looked at
fn an_underscore_means_the_same_name(_kms: Kms, _orders: Key, mut _worker: Caller) {
    _worker = _kms.caller("worker");
    assert_eq!(_worker.arn(), _kms.caller("worker").arn());
    assert_eq!(_orders.arn(), _kms.key("orders").arn());
}

#[kms_test(keys(orders))]
async fn a_test_may_return_a_result(kms: Kms, orders: Key) -> Result<(), Box<dyn Error>> {
    let client = aws_sdk_kms::Client::new(&kms.sdk_config());
    let answer = client.describe_key().key_id(orders.id()).send().await?;
    assert_eq!(answer.key_metadata().unwrap().arn(), Some(orders.arn()));
    Ok(())
}

#[kms_test]
#[should_panic(expected = "no key named `orders` is declared")]
fn asking_for_what_is_not_declared_panics(kms: Kms) {
    let _ = kms.key("orders");
}

#[kms_test(flavor = "multi_thread", worker_threads = 2, keys(orders))]
async fn a_test_may_use_several_threads(admin: Caller, orders: Key) {
    let calls = (0..8).map(|_| {
        let (client, id) = (client(&admin), orders.id().to_owned());
        tokio::spawn(async move { client.describe_key().key_id(id).send().await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
}

#[kms_test(start_paused = true, keys(orders))]
async fn a_paused_clock_does_not_stop_the_fixture(admin: Caller, orders: Key) {
    let before = tokio::time::Instant::now();
    client(&admin).describe_key().key_id(orders.id()).send().await.unwrap();
    assert_eq!(before, tokio::time::Instant::now());
}

#[kms_test(consistency(strong), unknown_principals = "accept", keys(orders))]
async fn undeclared_principals_can_be_accepted(kms: Kms, admin: Caller, orders: Key) {
    let stranger = "arn:aws:iam::999988887777:role/Stranger";
    let create = client(&admin).create_grant().key_id(orders.id()).grantee_principal(stranger);
    create.operations("Decrypt".into()).send().await.unwrap();
    assert_eq!(kms.grants()[0].grantee(), stranger);
}

macro_rules! for_every_spec {
    ($($test:ident: $spec:ident, $usage:ident;)*) => { $(
        #[kms_test(keys(key(spec($spec), usage($usage))))]
        fn $test(kms: Kms) {
            assert_eq!(kms.keys()[0].spec(), KeySpec::$spec);
            assert_eq!(kms.keys()[0].usage(), KeyUsage::$usage);
        }
    )* };
}

for_every_spec! {
    an_elliptic_curve_key_can_be_declared: ECC_NIST_P384, KEY_AGREEMENT;
    an_hmac_key_can_be_declared: HMAC_512, GENERATE_VERIFY_MAC;
    a_post_quantum_key_can_be_declared: ML_DSA_65, SIGN_VERIFY;
}
