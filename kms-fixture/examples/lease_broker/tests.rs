//! The tests of the application. `world.json` declares the key and the principals of all of them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use aws_sdk_kms::operation::retire_grant::builders::RetireGrantFluentBuilder;
use kms_fixture::{Caller, Fault, Fixture, Grant, Key, Kms, Operation, Scenario, kms_test};

use crate::broker::Broker;
use crate::sweeper::Sweeper;
use crate::worker::Worker;
use crate::{MINUTE, client};

const SECRET: &str = "the order of the day";
const HOUR: Duration = Duration::from_hours(1);

fn broker(kms: &Kms) -> Broker {
    let (key, sweeper) = (kms.key("orders"), kms.caller("sweeper"));
    Broker::new(client(&kms.caller("broker")), key.arn(), sweeper.arn())
}

fn worker(kms: &Kms, caller: &Caller) -> Worker {
    Worker::new(client(caller), kms.key("orders").arn(), MINUTE)
}

fn sweeper(kms: &Kms) -> Sweeper {
    let caller = kms.caller("sweeper");
    Sweeper::new(client(&caller), caller.arn(), HOUR)
}

fn tenants(count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(|it| it.to_string())
}

// Leases, and what they allow.

#[kms_test(
    scenario = "world.json",
    snapshot,
    cases(its_tenant(tenant = "7", opens = true), another_tenant(tenant = "8", opens = false))
)]
async fn a_lease_is_for(tenant: &str, opens: bool, kms: Kms, packer: Caller) {
    let mut lease = broker(&kms).lease(packer.arn(), "7").await.unwrap();
    lease.tenant = tenant.to_owned();
    let sealed = broker(&kms).seal(tenant, SECRET).await.unwrap();
    let opened = worker(&kms, &packer).open_at_once(&lease, &sealed).await;
    assert_eq!(opened.is_ok(), opens);
}

#[kms_test(scenario = "world.json")]
async fn a_denial_names_the_tenant_of_the_lease(kms: Kms, packer: Caller) {
    let mut lease = broker(&kms).lease(packer.arn(), "7").await.unwrap();
    lease.tenant = "8".to_owned();
    let sealed = broker(&kms).seal("8", SECRET).await.unwrap();
    worker(&kms, &packer).open_at_once(&lease, &sealed).await.unwrap_err();
    let denied = kms.calls().by(&packer).with_code("AccessDeniedException").assert_count(1);
    assert!(denied[0].why()[0].contains(r#"needs context tenant = "7"; the call has "8""#));
}

#[kms_test(scenario = "world.json", start_paused = true)]
async fn a_lease_is_for_one_worker(kms: Kms, packer: Caller, shipper: Caller) {
    let sealed = broker(&kms).seal("7", SECRET).await.unwrap();
    broker(&kms).lease(packer.arn(), "7").await.unwrap();
    let opened = worker(&kms, &packer).open("7", &sealed).await.unwrap();
    assert_eq!(opened.as_ref(), SECRET.as_bytes());
    worker(&kms, &shipper).open("7", &sealed).await.unwrap_err();
    kms.calls().by(&packer).refused().assert_none();
}

#[kms_test(scenario = "world.json")]
async fn a_second_attempt_makes_no_second_lease(kms: Kms, packer: Caller) {
    for _ in 0..2 {
        broker(&kms).lease(packer.arn(), "7").await.unwrap();
    }
    kms.calls().of(Operation::CreateGrant).assert_count(2).refused().assert_none();
    assert_eq!(kms.grants().len(), 1);
}

#[kms_test(scenario = "world.json", keys(archive))]
async fn a_broker_leases_its_own_key_alone(kms: Kms, archive: Key, broker: Caller, packer: Caller) {
    let wrong = Broker::new(client(&broker), archive.arn(), kms.caller("sweeper").arn());
    wrong.lease(packer.arn(), "7").await.unwrap_err();
    kms.calls().on(&archive).of(Operation::CreateGrant).refused().assert_count(1);
    assert!(kms.grants().is_empty());
}

#[kms_test(scenario = "world.json", flavor = "multi_thread", worker_threads = 2)]
async fn leases_are_made_at_the_same_time(kms: Kms, packer: Caller) {
    let leases = broker(&kms).lease_all(packer.arn(), tenants(20)).await.unwrap();
    assert_eq!(leases.len(), kms.grants().len());
    kms.calls().of(Operation::CreateGrant).assert_count(20);
}

// Leases that have not arrived.

#[kms_test(scenario = "world.json", start_paused = true, consistency(eventual(seconds = 30)))]
async fn a_worker_waits_for_its_lease(kms: Kms, packer: Caller) {
    let start = kms.clock().now();
    let sealed = broker(&kms).seal("7", SECRET).await.unwrap();
    broker(&kms).lease(packer.arn(), "7").await.unwrap();
    worker(&kms, &packer).open("7", &sealed).await.unwrap();
    assert_eq!(kms.clock().now(), start + Duration::from_secs(30));
    // An attempt every five seconds; the seventh succeeds.
    kms.calls().by(&packer).assert_count(7).refused().assert_count(6);
}

#[kms_test(scenario = "world.json", start_paused = true, consistency(eventual(seconds = 300)))]
async fn a_worker_does_not_wait_for_ever(kms: Kms, packer: Caller) {
    let sealed = broker(&kms).seal("7", SECRET).await.unwrap();
    broker(&kms).lease(packer.arn(), "7").await.unwrap();
    worker(&kms, &packer).open("7", &sealed).await.unwrap_err();
    let last = kms.calls().by(&packer).assert_count(13).last().unwrap().why().join("\n");
    assert!(last.contains("has not arrived: 60 of 300 s have passed"), "{last}");
    assert!(last.contains("this is a matter of time"), "{last}");
}

#[kms_test(scenario = "world.json", consistency(eventual))]
async fn a_worker_with_the_token_does_not_wait(kms: Kms, packer: Caller) {
    let sealed = broker(&kms).seal("7", SECRET).await.unwrap();
    let lease = broker(&kms).lease(packer.arn(), "7").await.unwrap();
    worker(&kms, &packer).open_at_once(&lease, &sealed).await.unwrap();
    kms.calls().by(&packer).assert_count(1).refused().assert_none();
}

#[kms_test(
    scenario = "world.json",
    start_paused = true,
    snapshot(by_caller),
    consistency(eventual(seconds = 8))
)]
async fn workers_wait_at_the_same_time(kms: Kms, packer: Caller, shipper: Caller) {
    let sealed = broker(&kms).seal("7", SECRET).await.unwrap();
    broker(&kms).lease(packer.arn(), "7").await.unwrap();
    broker(&kms).lease(shipper.arn(), "7").await.unwrap();
    let (packer, shipper) = (worker(&kms, &packer), worker(&kms, &shipper));
    let opened = tokio::join!(packer.open("7", &sealed), shipper.open("7", &sealed));
    assert_eq!(opened.0.unwrap(), opened.1.unwrap());
}

// The end of a lease.

#[kms_test(scenario = "world.json", leaks(deny))]
async fn a_lease_that_is_given_back_opens_nothing(kms: Kms, packer: Caller) {
    let sealed = broker(&kms).seal("7", SECRET).await.unwrap();
    let lease = broker(&kms).lease(packer.arn(), "7").await.unwrap();
    let packer = worker(&kms, &packer);
    packer.open_at_once(&lease, &sealed).await.unwrap();
    packer.give_back(&lease).await.unwrap();
    packer.open_at_once(&lease, &sealed).await.unwrap_err();
    kms.calls().of(Operation::Decrypt).refused().assert_count(1);
}

#[kms_test(scenario = "world.json", leaks(deny), consistency(eventual))]
async fn a_lease_is_given_back_before_it_has_arrived(kms: Kms, packer: Caller) {
    let lease = broker(&kms).lease(packer.arn(), "7").await.unwrap();
    worker(&kms, &packer).give_back(&lease).await.unwrap();
}

#[kms_test(scenario = "world.json", leaks(deny))]
async fn a_lease_that_is_gone_counts_as_given_back(kms: Kms, packer: Caller) {
    let lease = broker(&kms).lease(packer.arn(), "7").await.unwrap();
    for _ in 0..2 {
        worker(&kms, &packer).give_back(&lease).await.unwrap();
    }
    kms.calls().of(Operation::RetireGrant).assert_count(2).refused().assert_count(1);
}

// The sweeper.

#[kms_test(
    scenario = "world.json",
    leaks(deny),
    grants(left(key(orders), grantee(packer), retiring(sweeper), operations(Decrypt)))
)]
async fn the_sweeper_ends_old_leases_alone(kms: Kms, packer: Caller, left: Grant) {
    kms.clock().advance(HOUR);
    let lease = broker(&kms).lease(packer.arn(), "7").await.unwrap();
    assert_eq!(sweeper(&kms).sweep(kms.clock().now()).await.unwrap(), 1);
    kms.calls().of(Operation::RetireGrant).on(&left).assert_count(1);
    assert_eq!(kms.grants()[0].name(), Some("lease-7"));
    worker(&kms, &packer).give_back(&lease).await.unwrap();
}

#[kms_test(
    scenario = "world.json",
    grants(other(key(orders), grantee(packer), retiring(admin), operations(Decrypt)))
)]
async fn the_sweeper_leaves_the_grants_of_others(kms: Kms, sweeper: Caller, other: Grant) {
    let swept = self::sweeper(&kms).sweep(kms.clock().now() + 2 * HOUR).await.unwrap();
    assert_eq!(swept, 0);
    kms.calls().by(&sweeper).of(Operation::RetireGrant).assert_none();
    assert_eq!(kms.grants()[0].id(), other.id());
}

/// A page has 50 grants.
#[kms_test(
    scenario = "world.json",
    leaks(deny),
    cases(none(count = 0, pages = 1), one(count = 50, pages = 1), two(count = 51, pages = 2))
)]
async fn the_sweeper_reads_pages(count: usize, pages: usize, kms: Kms, packer: Caller) {
    broker(&kms).lease_all(packer.arn(), tenants(count)).await.unwrap();
    kms.clock().advance(HOUR);
    assert_eq!(sweeper(&kms).sweep(kms.clock().now()).await.unwrap(), count);
    kms.calls().of(Operation::ListRetirableGrants).assert_count(pages);
}

#[kms_test(scenario = "world.json", start_paused = true, leaks(deny), timeout = 60)]
async fn a_sweeper_in_a_task_ends_leases_in_time(kms: Kms, packer: Caller, sweeper: Caller) {
    let (start, clock) = (kms.clock().now(), kms.clock());
    let task = self::sweeper(&kms).run(10 * MINUTE, move || clock.now());
    let task = tokio::spawn(task);
    broker(&kms).lease_all(packer.arn(), tenants(3)).await.unwrap();
    kms.until(|it| it.grants().is_empty()).await;
    task.abort();
    assert!(kms.clock().now() < start + HOUR + 10 * MINUTE);
    kms.calls().by(&sweeper).of(Operation::RetireGrant).assert_count(3).refused().assert_none();
}

#[kms_test(scenario = "world.json", flavor = "multi_thread", worker_threads = 2, leaks(deny))]
async fn two_sweepers_do_not_disturb_each_other(kms: Kms, packer: Caller) {
    broker(&kms).lease_all(packer.arn(), tenants(20)).await.unwrap();
    kms.clock().advance(HOUR);
    let (one, other, now) = (sweeper(&kms), sweeper(&kms), kms.clock().now());
    let swept = tokio::join!(one.sweep(now), other.sweep(now));
    assert!(swept.0.unwrap() + swept.1.unwrap() >= 20);
}

#[kms_test(
    scenario = "world.json",
    leaks(deny),
    consistency(eventual(seconds = 10, list_seconds = 60))
)]
async fn a_lease_that_is_gone_but_listed_counts_as_swept(kms: Kms, packer: Caller) {
    broker(&kms).lease(packer.arn(), "7").await.unwrap();
    for (wait, listed) in [(HOUR, 1), (Duration::from_secs(10), 1), (MINUTE, 0)] {
        kms.clock().advance(wait);
        assert_eq!(sweeper(&kms).sweep(kms.clock().now()).await.unwrap(), listed);
    }
    kms.calls().of(Operation::RetireGrant).with_code("NotFoundException").assert_count(1);
}

/// Code that asks the machine for the time needs leases that have its time.
#[kms_test(scenario = "world.json", clock(machine))]
async fn a_lease_of_now_is_new_by_the_machine_s_clock(kms: Kms, packer: Caller) {
    broker(&kms).lease(packer.arn(), "7").await.unwrap();
    let now = SystemTime::now();
    assert_eq!(sweeper(&kms).sweep(now).await.unwrap(), 0);
    assert_eq!(sweeper(&kms).sweep(now + HOUR + MINUTE).await.unwrap(), 1);
}

// Faults.

/// Every call of a day goes wrong once, in every way that the SDK tries again, and the calls of a day come in other orders.
#[kms_test(
    scenario = "world.json",
    start_paused = true,
    consistency(eventual(seconds = 12)),
    leaks(deny),
    explore(
        throttled,
        limit_exceeded,
        internal,
        dependency_timeout,
        unavailable,
        lost_request,
        lost_answer,
        orders = 20
    )
)]
async fn a_day_survives_every_fault(kms: Kms) -> Result<(), crate::Failure> {
    crate::day(&kms).await
}

/// Explores a lease that is made by `lease` and ended by `end`, and returns whether it survives.
fn survives<L, E>(
    lease: impl Fn(Kms) -> L + Copy,
    end: impl Fn(RetireGrantFluentBuilder) -> E + Copy,
) -> bool
where
    L: Future<Output = String>,
    E: Future<Output = Result<(), crate::Failure>>,
{
    let world =
        Fixture::builder().scenario(Scenario::from_file(crate::WORLD).unwrap()).deny_leaks();
    let exploration = world.explore([Fault::throttled(), Fault::lost_answer()]);
    let explored = catch_unwind(AssertUnwindSafe(|| {
        exploration.run_async(async |kms: Kms| {
            let token = lease(kms.clone()).await;
            end(client(&kms.caller("packer")).retire_grant().grant_token(token)).await.unwrap();
        })
    }));
    explored.is_ok()
}

async fn named(kms: Kms) -> String {
    broker(&kms).lease(kms.caller("packer").arn(), "7").await.unwrap().token
}

async fn unnamed(kms: Kms) -> String {
    let create = client(&kms.caller("broker")).create_grant().key_id(kms.key("orders").arn());
    let create = create.grantee_principal(kms.caller("packer").arn());
    let create = create.operations("Decrypt".into()).operations("RetireGrant".into());
    create.send().await.unwrap().grant_token.unwrap()
}

async fn once(request: RetireGrantFluentBuilder) -> Result<(), crate::Failure> {
    Ok(request.send().await.map(drop)?)
}

/// A lease needs a name, and a lease that is gone has to count as ended.
#[test]
fn an_exploration_finds_what_is_not_safe_to_try_again() {
    assert!(survives(named, crate::broker::retire));
    assert!(!survives(unnamed, crate::broker::retire));
    assert!(!survives(named, once));
}
