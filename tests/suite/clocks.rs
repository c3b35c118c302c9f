//! The three sources of a fixture's time, and code under test that goes by each.

use std::future::Future;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use aws_sdk_kms::Client;
use kms_fixture::scenario::ClockKind;
use kms_fixture::{Caller, Fixture, Key, Kms, Scenario, kms_test};

use super::calls::client;

/// 2026-01-01T00:00:00Z.
fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(490_896)
}

const DAY: Duration = Duration::from_hours(24);

async fn grant(admin: &Caller, worker: &Caller, orders: &Key) {
    let create = client(admin).create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    create.operations("DescribeKey".into()).send().await.unwrap();
}

/// Code under test: tries ten times within 45 seconds, and returns the attempt that succeeded.
async fn patient<F: Future<Output = ()>>(
    client: &Client,
    key: &str,
    pause: impl Fn(Duration) -> F,
) -> Option<u32> {
    for attempt in 1..=10 {
        if client.describe_key().key_id(key).send().await.is_ok() {
            return Some(attempt);
        }
        pause(Duration::from_secs(5)).await;
    }
    None
}

#[kms_test(start_paused = true, keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn code_that_waits_by_a_paused_runtime_meets_the_grant(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    grant(&admin, &worker, &orders).await;
    // Five seconds each: the seventh attempt comes after 30.
    let met = patient(&client(&worker), orders.id(), tokio::time::sleep).await;
    assert_eq!((met, kms.clock().now()), (Some(7), start() + Duration::from_secs(30)));
}

#[kms_test(
    start_paused = true,
    clock(test),
    keys(orders),
    roles(worker),
    consistency(eventual(seconds = 30))
)]
async fn code_that_waits_by_another_clock_never_meets_the_grant(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    grant(&admin, &worker, &orders).await;
    let client = client(&worker);
    assert_eq!(patient(&client, orders.id(), tokio::time::sleep).await, None);
    assert_eq!(kms.clock().now(), start());
    // It meets the grant if it waits by the fixture's clock.
    let by_the_fixture = |by| {
        kms.clock().advance(by);
        std::future::ready(())
    };
    assert_eq!(patient(&client, orders.id(), by_the_fixture).await, Some(7));
}

#[kms_test(clock(machine), keys(orders), roles(worker), consistency(eventual(seconds = 86_400)))]
async fn a_test_moves_the_clock_of_the_machine_forward(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    grant(&admin, &worker, &orders).await;
    let client = client(&worker);
    let by_the_fixture = |by: Duration| {
        kms.clock().advance(by * 3600);
        std::future::ready(())
    };
    // Five hours each: the sixth attempt comes after 25.
    assert_eq!(patient(&client, orders.id(), by_the_fixture).await, Some(6));
    assert!(kms.clock().now() > SystemTime::now() + DAY);
}

/// Code under test: revokes grants that are older than a day by the machine's clock, and returns their number.
async fn sweep(admin: &Caller, key: &str, now: SystemTime) -> usize {
    let client = client(admin);
    let listed = client.list_grants().key_id(key).send().await.unwrap();
    let is_old = |created: &aws_sdk_kms::primitives::DateTime| {
        let created = SystemTime::try_from(*created).unwrap();
        now.duration_since(created).is_ok_and(|it| it > DAY)
    };
    let mut swept = 0;
    for entry in listed.grants().iter().filter(|it| it.creation_date().is_some_and(is_old)) {
        let revoke = client.revoke_grant().key_id(key).grant_id(entry.grant_id().unwrap());
        revoke.send().await.unwrap();
        swept += 1;
    }
    swept
}

#[kms_test(
    clock(machine),
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
async fn a_sweeper_by_creation_date_spares_fresh_grants(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    grant(&admin, &worker, &orders).await;
    assert_eq!(sweep(&admin, orders.id(), SystemTime::now()).await, 0);
    kms.clock().advance(DAY * 2);
    assert_eq!(sweep(&admin, orders.id(), kms.clock().now()).await, 2);
    assert!(kms.grants().is_empty());
}

/// The trap that `clock(machine)` is for.
#[kms_test(keys(orders), roles(worker))]
async fn a_sweeper_by_the_machines_time_finds_fresh_grants_of_a_test_clock_old(
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    grant(&admin, &worker, &orders).await;
    assert_eq!(sweep(&admin, orders.id(), SystemTime::now()).await, 1);
}

#[kms_test(start_paused = true, keys(orders))]
async fn what_is_due_by_the_runtimes_clock_has_happened(kms: Kms, admin: Caller, orders: Key) {
    let deletion = client(&admin).schedule_key_deletion().key_id(orders.id());
    deletion.pending_window_in_days(7).send().await.unwrap();
    tokio::time::advance(DAY * 6).await;
    kms.clock().advance(DAY / 2);
    assert_eq!((kms.keys().len(), kms.clock().now()), (1, start() + DAY * 6 + DAY / 2));
    tokio::time::advance(DAY).await;
    assert!(kms.keys().is_empty());
}

#[kms_test(start_paused = true)]
async fn another_thread_reads_the_runtimes_clock(kms: Kms) {
    tokio::time::advance(DAY).await;
    let there = std::thread::spawn(move || kms.clock().now());
    assert_eq!(there.join().unwrap(), start() + DAY);
}

#[tokio::test(start_paused = true)]
async fn other_clients_get_the_runtimes_time_over_tcp() {
    let kms = Fixture::builder().clock(ClockKind::Tokio).start().unwrap();
    tokio::time::advance(Duration::from_hours(1)).await;
    let address = kms.endpoint_url().strip_prefix("http://").unwrap().to_owned();
    // A blocking client: a paused runtime does not wait for sockets.
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.to_lowercase().contains("date: thu, 01 jan 2026 01:00:00 gmt"), "{answer}");
}

#[kms_test(clock(tokio), flavor = "multi_thread", worker_threads = 2, keys(orders))]
async fn a_runtime_of_several_threads_has_a_clock(kms: Kms, admin: Caller, orders: Key) {
    let before = kms.clock().now();
    client(&admin).describe_key().key_id(orders.id()).send().await.unwrap();
    assert!(start() <= before && before <= kms.clock().now());
    assert!(kms.clock().now() < start() + DAY);
    kms.clock().advance(DAY);
    assert!(kms.clock().now() >= start() + DAY);
}

#[test]
fn the_clock_of_a_runtime_needs_one() {
    let refused = Fixture::builder().clock(ClockKind::Tokio).start().unwrap_err().to_string();
    assert_eq!(
        refused,
        "`clock(tokio)` follows the tokio runtime that starts the fixture, and here is none\n\
         help: start the fixture in an `async` test, or choose `clock(test)` or `clock(machine)`"
    );
}

#[test]
fn a_scenario_names_its_clock() {
    let clock = |text: &str| serde_json::from_str::<Scenario>(text);
    let machine = clock(r#"{"clock":"machine"}"#).unwrap();
    assert_eq!(serde_json::to_value(&machine).unwrap()["clock"], "machine");
    let kms = Fixture::builder().scenario(machine).start().unwrap();
    assert!(kms.clock().now() > start());
    let kms = Fixture::builder().scenario(clock(r#"{"clock":"test"}"#).unwrap()).start().unwrap();
    assert_eq!(kms.clock().now(), start());
    let misspelt = clock(r#"{"clock":"machin"}"#).unwrap_err().to_string();
    assert!(misspelt.contains("$.clock: unknown clock `machin`"), "{misspelt}");
    let number = clock(r#"{"clock":7}"#).unwrap_err().to_string();
    assert!(number.contains("$.clock: "), "{number}");
}

#[test]
fn a_replay_has_a_clock_of_its_own() {
    let cassette =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../cassettes/emulator/nothing_declared.json");
    for clock in [ClockKind::Test, ClockKind::Machine] {
        let refused = Fixture::builder().replay(cassette).clock(clock).start().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "$.clock: a clock is only for the fake; a replay has the time of its recording, a recording the machine's"
        );
    }
}
