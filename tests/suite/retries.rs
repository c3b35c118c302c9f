//! Retries and timeouts of the SDK, which go by the fixture's clock.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, SystemTime};

use aws_sdk_kms::Client;
use aws_sdk_kms::config::retry::{ClassifyRetry, RetryAction, RetryConfig, RetryPartition};
use aws_sdk_kms::config::timeout::TimeoutConfig;
use aws_sdk_kms::error::SdkError;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use kms_fixture::scenario::{Consistency, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::refused;

/// 2026-01-01T00:00:00Z.
fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(490_896)
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Has the SDK try every refused call again, as code does that waits for a grant.
#[derive(Debug)]
struct Refused;

impl ClassifyRetry for Refused {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response() {
            Some(it) if it.status().as_u16() == 400 => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "refused"
    }
}

/// Returns the configuration of a client that tries a refused call `attempts` times. The SDK has one retry quota for the
/// whole process; this client has its own.
fn patient(caller: &Caller, attempts: u32) -> aws_sdk_kms::config::Builder {
    static CLIENTS: AtomicUsize = AtomicUsize::new(0);
    let quota = format!("patient-{}", CLIENTS.fetch_add(1, Ordering::Relaxed));
    aws_sdk_kms::config::Builder::from(&caller.sdk_config())
        .retry_classifier(Refused)
        .retry_partition(RetryPartition::new(quota))
        .retry_config(RetryConfig::standard().with_max_attempts(attempts))
}

async fn grant(admin: &Caller, worker: &Caller, orders: &Key) {
    let create = client(admin).create_grant().key_id(orders.id()).grantee_principal(worker.arn());
    create.operations("DescribeKey".into()).send().await.unwrap();
}

/// Asserts that the SDK's own retries last until the grant has arrived.
async fn meets_the_grant(kms: &Kms, admin: &Caller, worker: &Caller, orders: &Key) {
    let before = kms.clock().now();
    grant(admin, worker, orders).await;
    let client = Client::from_conf(patient(worker, 20).build());
    client.describe_key().key_id(orders.id()).send().await.unwrap();
    let waited = kms.clock().now().duration_since(before).unwrap();
    // A back-off takes at most 20 seconds.
    assert!((seconds(30)..seconds(60)).contains(&waited), "{waited:?}");
}

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn retries_meet_the_grant(kms: Kms, admin: Caller, worker: Caller, orders: Key) {
    meets_the_grant(&kms, &admin, &worker, &orders).await;
}

#[kms_test(start_paused = true, keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn retries_meet_the_grant_by_the_clock_of_a_paused_runtime(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let before = tokio::time::Instant::now();
    meets_the_grant(&kms, &admin, &worker, &orders).await;
    assert_eq!(kms.clock().now(), start() + before.elapsed());
}

#[kms_test(
    start_paused = true,
    clock(test),
    keys(orders),
    roles(worker),
    consistency(eventual(seconds = 30))
)]
async fn retries_meet_the_grant_while_tokios_clock_stands(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let before = tokio::time::Instant::now();
    meets_the_grant(&kms, &admin, &worker, &orders).await;
    assert_eq!(before.elapsed(), Duration::ZERO);
}

#[kms_test(
    flavor = "multi_thread",
    keys(orders),
    roles(worker),
    consistency(eventual(seconds = 30))
)]
async fn retries_meet_the_grant_on_several_threads(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    meets_the_grant(&kms, &admin, &worker, &orders).await;
}

#[kms_test(transport = "tcp", keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
async fn retries_meet_the_grant_over_tcp(kms: Kms, admin: Caller, worker: Caller, orders: Key) {
    meets_the_grant(&kms, &admin, &worker, &orders).await;
}

#[kms_test(timeout = 600, keys(orders), roles(worker), consistency(eventual(seconds = 30)))]
fn retries_meet_the_grant_without_a_runtime(kms: Kms, admin: Caller, worker: Caller, orders: Key) {
    alone(meets_the_grant(&kms, &admin, &worker, &orders));
}

/// Runs a future without a runtime.
fn alone<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[kms_test(keys(orders), roles(worker))]
async fn ten_retries_are_ten_calls(kms: Kms, worker: Caller, orders: Key) {
    let client = Client::from_conf(patient(&worker, 11).build());
    let describe = client.describe_key().key_id(orders.id());
    refused(describe.send().await).has_code("AccessDeniedException");
    assert_eq!(kms.calls().len(), 11);
    assert!(kms.clock().now() > start() + seconds(10));
}

#[kms_test(keys(orders), roles(worker))]
async fn an_operation_timeout_ends_the_retries(kms: Kms, worker: Caller, orders: Key) {
    let timeouts = TimeoutConfig::builder().operation_timeout(seconds(25)).build();
    let client = Client::from_conf(patient(&worker, 1000).timeout_config(timeouts).build());
    let error = client.describe_key().key_id(orders.id()).send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error:?}");
    assert_eq!(kms.clock().now(), start() + seconds(25));
    // The client is as good as before.
    let calls = kms.calls().len();
    client.describe_key().key_id(orders.id()).send().await.unwrap_err();
    assert!(kms.calls().len() > calls + 1);
    assert_eq!(kms.clock().now(), start() + seconds(50));
}

#[kms_test(keys(orders), roles(worker), consistency(eventual(seconds = 300)))]
async fn ten_tasks_wait_at_once(kms: Kms, admin: Caller, worker: Caller, orders: Key) {
    grant(&admin, &worker, &orders).await;
    let tasks = (0..10).map(|_| {
        let client = Client::from_conf(patient(&worker, 100).build());
        tokio::spawn(client.describe_key().key_id(orders.id()).send())
    });
    let tasks: Vec<_> = tasks.collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let waited = kms.clock().now().duration_since(start()).unwrap();
    assert!((seconds(300)..seconds(320)).contains(&waited), "{waited:?}");
}

/// The jitter is drawn from the seed: the same test has the same calls at the same times.
#[tokio::test]
async fn back_offs_repeat() {
    let mut seen = Vec::new();
    for seed in [7, 7, 8] {
        let kms = Fixture::builder()
            .seed(seed)
            .key(KeyDeclaration::new("orders"))
            .role(RoleDeclaration::new("worker"))
            .consistency(Consistency::eventual().seconds(120))
            .start()
            .unwrap();
        let (admin, worker, orders) =
            (kms.caller("admin"), kms.caller("worker"), kms.key("orders"));
        grant(&admin, &worker, &orders).await;
        let client = Client::from_conf(patient(&worker, 50).build());
        client.describe_key().key_id(orders.id()).send().await.unwrap();
        seen.push((kms.clock().now(), kms.calls().len()));
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0].0, seen[2].0);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_socket_client_retries_really(kms: Kms, worker: Caller, orders: Key) {
    let http = aws_smithy_http_client::Builder::new().build_http();
    let retries =
        RetryConfig::standard().with_max_attempts(4).with_initial_backoff(Duration::from_millis(2));
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(seconds(60))
        .read_timeout(seconds(60))
        .operation_attempt_timeout(seconds(90))
        .operation_timeout(seconds(120));
    let config = patient(&worker, 4)
        .endpoint_url(kms.endpoint_url())
        .http_client(http)
        .retry_config(retries)
        .timeout_config(timeouts.build());
    let client = Client::from_conf(config.build());
    let describe = client.describe_key().key_id(orders.id());
    refused(describe.send().await).has_code("AccessDeniedException");
    assert_eq!(kms.calls().len(), 4);
    // The back-off is at most 2, 4 and 8 ms; no timeout has moved the clock.
    assert!(kms.clock().now() <= start() + Duration::from_millis(14));
}
