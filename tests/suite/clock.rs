//! The clock of a fixture: nothing goes by the machine's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};

use super::calls::{client, describe};
use super::refusal::refused;

const DAY: Duration = Duration::from_hours(24);

/// 2026-01-01T00:00:00Z.
fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(490_896)
}

#[kms_test]
fn the_clock_stands_until_a_test_moves_it(kms: Kms) {
    let (clock, other) = (kms.clock(), kms.clone().clock());
    assert_eq!((clock.now(), other.now()), (start(), start()));
    clock.advance(DAY);
    other.clone().advance(Duration::from_nanos(1));
    let now = start() + DAY + Duration::from_nanos(1);
    assert_eq!((clock.now(), other.now(), kms.clock().now()), (now, now, now));
    clock.advance(Duration::ZERO);
    assert_eq!(clock.now(), now);
    assert_eq!(format!("{clock:?}"), format!("Clock({now:?})"));
    // Other fixtures have their own.
    assert_eq!(Fixture::builder().start().unwrap().clock().now(), start());
}

#[kms_test]
fn any_thread_can_move_the_clock(kms: Kms) {
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| (0..100).for_each(|_| kms.clock().advance(Duration::from_secs(1))));
        }
    });
    assert_eq!(kms.clock().now(), start() + Duration::from_secs(800));
}

#[kms_test(keys(orders), roles(worker))]
async fn dates_are_those_of_the_clock(kms: Kms, admin: Caller, worker: Caller, orders: Key) {
    let client = client(&admin);
    let made = |key: String| {
        let describe = client.describe_key().key_id(key).send();
        async move { describe.await.unwrap().key_metadata.unwrap().creation_date.unwrap() }
    };
    assert_eq!(made(orders.id().to_owned()).await, start().into());
    kms.clock().advance(DAY * 3);
    let later = start() + DAY * 3;
    let key = client.create_key().send().await.unwrap().key_metadata.unwrap();
    assert_eq!(key.creation_date.unwrap(), later.into());
    assert_eq!(made(orders.id().to_owned()).await, start().into());
    let create = client.create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    create.operations("Decrypt".into()).send().await.unwrap();
    let listed = client.list_grants().key_id(orders.id()).send().await.unwrap();
    assert_eq!(listed.grants()[0].creation_date().copied(), Some(later.into()));
    assert_eq!(kms.grants()[0].created(), later);
}

/// The signature of a request is good for some minutes; the SDK signs by the fixture's clock.
#[kms_test(keys(orders))]
async fn clients_follow_it_in_the_process(kms: Kms, admin: Caller, orders: Key) {
    clients_follow(&kms, &admin, &orders).await;
}

#[kms_test(transport = "tcp", keys(orders))]
async fn clients_follow_it_over_tcp(kms: Kms, admin: Caller, orders: Key) {
    clients_follow(&kms, &admin, &orders).await;
}

async fn clients_follow(kms: &Kms, admin: &Caller, orders: &Key) {
    let client = client(admin);
    for by in [Duration::ZERO, DAY, DAY * 3, DAY * 365 * 100] {
        kms.clock().advance(by);
        client.describe_key().key_id(orders.id()).send().await.unwrap();
    }
}

#[kms_test(
    keys(orders),
    roles(worker(allow("kms:*"), session_seconds = 900), other(allow("kms:*")))
)]
async fn credentials_of_a_session_expire_in_the_process(
    kms: Kms,
    worker: Caller,
    other: Caller,
    orders: Key,
) {
    credentials_expire(&kms, &worker, &other, &orders).await;
}

#[kms_test(
    transport = "tcp",
    keys(orders),
    roles(worker(allow("kms:*"), session_seconds = 900), other(allow("kms:*")))
)]
async fn credentials_of_a_session_expire_over_tcp(
    kms: Kms,
    worker: Caller,
    other: Caller,
    orders: Key,
) {
    credentials_expire(&kms, &worker, &other, &orders).await;
}

async fn credentials_expire(kms: &Kms, worker: &Caller, other: &Caller, orders: &Key) {
    let end = start() + Duration::from_mins(15);
    assert_eq!(worker.credentials().expiry(), Some(end));
    assert_eq!(other.credentials().expiry(), None);
    let before = client(worker);
    let describe = |client: &aws_sdk_kms::Client| client.describe_key().key_id(orders.id()).send();
    describe(&before).await.unwrap();
    kms.clock().advance(Duration::from_secs(899));
    describe(&before).await.unwrap();
    kms.clock().advance(Duration::from_secs(1));
    for late in [&before, &client(worker)] {
        refused(describe(late).await)
            .is("ExpiredTokenException", "The security token included in the request is expired");
    }
    describe(&client(other)).await.unwrap();
    // Signed in again.
    let again = kms.session("worker", "again").unwrap();
    assert_eq!(again.credentials().expiry(), Some(end + Duration::from_mins(15)));
    describe(&client(&again)).await.unwrap();
    // Nobody learns whether credentials that are not theirs have expired.
    let mut config = worker.sdk_config().to_builder();
    let stolen = worker.credentials();
    let wrong = aws_sdk_kms::config::Credentials::new(
        stolen.access_key_id(),
        "not the secret",
        stolen.session_token().map(str::to_owned),
        None,
        "test",
    );
    config
        .set_credentials_provider(Some(aws_sdk_kms::config::SharedCredentialsProvider::new(wrong)));
    let forged = aws_sdk_kms::Client::new(&config.build());
    refused(describe(&forged).await).has_code("InvalidSignatureException");
}

/// Whoever is derived from a session has its credentials' time.
#[kms_test(
    keys(orders),
    roles(worker(allow("kms:*"), session_seconds = 900)),
    consistency(eventual)
)]
async fn a_stale_caller_expires_with_its_session(kms: Kms, worker: Caller, orders: Key) {
    let behind = worker.stale().unwrap();
    kms.clock().advance(Duration::from_mins(15));
    let describe = client(&behind).describe_key().key_id(orders.id());
    refused(describe.send().await).has_code("ExpiredTokenException");
}

#[kms_test(keys(orders))]
async fn the_clock_goes_some_five_hundred_years(kms: Kms, admin: Caller, orders: Key) {
    kms.clock().advance(DAY * 365 * 500);
    describe(&admin, orders.id()).await.unwrap();
    let at = kms.clock().now();
    for too_far in [DAY * 365 * 100, Duration::MAX] {
        let told = panic_of(|| kms.clock().advance(too_far));
        assert_eq!(
            told,
            format!(
                "the clock cannot be moved forward by {too_far:?}: its limit is some 500 years"
            )
        );
    }
    // It stands where it stood, and the fixture is as good as before.
    assert_eq!(kms.clock().now(), at);
    describe(&admin, orders.id()).await.unwrap();
}

#[test]
fn a_recording_has_the_time_that_it_was_recorded_at() {
    let cassette =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../cassettes/emulator/nothing_declared.json");
    let kms = Fixture::builder().replay(cassette).start().unwrap();
    let why = "is only possible with the fake, but this fixture replays or records\n\
               help: leave `cassette` out of this test";
    assert_eq!(panic_of(|| kms.clock().advance(DAY)), format!("moving the clock {why}"));
    assert_eq!(panic_of(|| kms.settle()), format!("letting changes arrive {why}"));
    let admin = kms.caller("admin");
    let asked = format!("a stale view {why}");
    assert_eq!(admin.stale().unwrap_err().to_string(), asked);
    assert_eq!(kms.stale_calls(1).unwrap_err().to_string(), asked);
    assert_eq!(kms.clock().now(), kms.clock().now());
}

/// The words with which `act` panics.
fn panic_of(act: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(act)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[kms_test(
    start_paused = true,
    clock(test),
    keys(orders),
    roles(worker),
    consistency(eventual(seconds = 60))
)]
async fn tokios_clock_does_not_move_a_test_clock(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let tokios = tokio::time::Instant::now();
    let create = client(&admin).create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    create.operations("Decrypt".into()).send().await.unwrap();
    let listed = || async {
        let list = client(&admin).list_grants().key_id(orders.id());
        list.send().await.unwrap().grants().len()
    };
    // Tokio's time passes, and the fixture's does not.
    tokio::time::sleep(Duration::from_mins(10)).await;
    tokio::time::advance(Duration::from_mins(10)).await;
    assert!(tokios.elapsed() >= Duration::from_mins(20));
    assert_eq!((kms.clock().now(), listed().await), (start(), 0));
    // And the other way round.
    let tokios = tokio::time::Instant::now();
    kms.clock().advance(Duration::from_mins(1));
    assert_eq!(listed().await, 1);
    assert_eq!(tokios.elapsed(), Duration::ZERO);
}
