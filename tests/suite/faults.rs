//! Faults: each kind through the SDK, in the process and over TCP; the attempts, the journal and the store.
//!
//! The expected attempts are those of fact 15.15.

use std::time::Duration;

use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Fault, Fixture, Grant, Key, Kms, Operation, Scenario, kms_test};

use crate::calls::client;

/// Returns a fixture with a key, a role and this fault, in the process or over TCP.
fn with(fault: Fault, over_tcp: bool) -> Kms {
    let builder = Fixture::builder().key("orders").role("worker").fault(fault);
    let builder = if over_tcp { builder.tcp() } else { builder };
    builder.start().unwrap()
}

/// What a client saw of one CreateGrant.
struct Seen {
    outcome: Result<(), (u16, String)>,
    is_io: bool,
    attempts: usize,
    grants: usize,
}

async fn create_grant(kms: &Kms) -> Seen {
    let client = aws_sdk_kms::Client::new(&kms.sdk_config());
    let created = client
        .create_grant()
        .key_id(kms.key("orders").id())
        .grantee_principal(kms.caller("worker").arn())
        .operations(GrantOperation::Decrypt)
        .send()
        .await;
    let mut is_io = false;
    let outcome = created.map(drop).map_err(|error| {
        if let SdkError::DispatchFailure(failure) = &error {
            is_io = failure.is_io();
        }
        let status = error.raw_response().map_or(0, |it| it.status().as_u16());
        (status, error.code().unwrap_or_default().to_owned())
    });
    Seen { outcome, is_io, attempts: kms.calls().len(), grants: kms.grants().len() }
}

/// Checks that a fault that strikes always is tried three times and seen as `expected`, which is a status and a code;
/// status 0 is a broken connection.
async fn always(fault: Fault, expected: (u16, &str), grants: usize) {
    for over_tcp in [false, true] {
        let kms = with(fault.clone().every(1), over_tcp);
        let seen = create_grant(&kms).await;
        let (status, code) = expected;
        assert_eq!(seen.outcome, Err((status, code.to_owned())), "TCP: {over_tcp}");
        assert_eq!((seen.attempts, seen.grants), (3, grants), "TCP: {over_tcp}\n{}", kms.calls());
        assert_eq!(seen.is_io, status == 0, "TCP: {over_tcp}");
        let calls = kms.calls();
        assert!(calls.iter().all(|it| it.fault().is_some()), "{calls}");
    }
}

#[tokio::test]
async fn throttled_calls_are_tried_three_times() {
    // Fact 15.1.
    always(Fault::throttled(), (400, "ThrottlingException"), 0).await;
}

#[tokio::test]
async fn exceeded_limits_are_tried_three_times() {
    always(Fault::limit_exceeded(), (400, "LimitExceededException"), 0).await;
}

#[tokio::test]
async fn internal_errors_are_tried_three_times() {
    always(Fault::internal(), (500, "KMSInternalException"), 0).await;
}

#[tokio::test]
async fn timeouts_of_dependencies_are_tried_three_times() {
    always(Fault::dependency_timeout(), (500, "DependencyTimeoutException"), 0).await;
}

#[tokio::test]
async fn an_unavailable_service_answers_without_a_code() {
    always(Fault::unavailable(), (503, ""), 0).await;
}

#[tokio::test]
async fn a_lost_request_takes_no_effect() {
    always(Fault::lost_request(), (0, ""), 0).await;
}

#[tokio::test]
async fn a_lost_answer_takes_effect_each_time() {
    always(Fault::lost_answer(), (0, ""), 3).await;
}

#[tokio::test]
async fn an_error_with_another_code_is_not_tried_again() {
    for over_tcp in [false, true] {
        let kms = with(Fault::error("KeyIsBusy", 409, "Come back."), over_tcp);
        let seen = create_grant(&kms).await;
        assert_eq!(seen.outcome, Err((409, "KeyIsBusy".to_owned())));
        assert_eq!((seen.attempts, seen.grants), (1, 0));
        assert_eq!(kms.calls()[0].error_message(), Some("Come back."));
    }
}

#[tokio::test]
async fn one_fault_is_survived_by_a_retry() {
    for fault in
        [Fault::throttled(), Fault::internal(), Fault::unavailable(), Fault::lost_request()]
    {
        for over_tcp in [false, true] {
            let kms = with(fault.clone(), over_tcp);
            let seen = create_grant(&kms).await;
            assert_eq!((seen.outcome, seen.attempts, seen.grants), (Ok(()), 2, 1));
        }
    }
}

#[tokio::test]
async fn an_unnamed_grant_whose_answer_is_lost_is_made_twice() {
    for over_tcp in [false, true] {
        let kms = with(Fault::lost_answer(), over_tcp);
        let seen = create_grant(&kms).await;
        assert_eq!((seen.outcome, seen.attempts, seen.grants), (Ok(()), 2, 2));
    }
}

#[tokio::test]
async fn a_leak_after_a_lost_answer_says_what_a_name_does() {
    let builder = Fixture::builder().key("orders").role("worker").deny_leaks();
    let kms = builder.fault(Fault::lost_answer()).start().unwrap();
    let seen = create_grant(&kms).await;
    assert_eq!((seen.outcome, seen.grants), (Ok(()), 2));
    let leaks = kms.verify().unwrap_err().to_string();
    assert!(
        leaks.contains("the answer to a CreateGrant was lost, and the retry made another grant"),
        "{leaks}"
    );
}

#[tokio::test]
async fn a_late_answer_comes_by_the_fixtures_clock() {
    let hour = Duration::from_hours(1);
    let kms = with(Fault::late(hour), false);
    let before = kms.clock().now();
    let client = aws_sdk_kms::Client::new(&kms.sdk_config());
    client.list_keys().send().await.unwrap();
    assert!(kms.clock().now().duration_since(before).unwrap() >= hour);
    assert_eq!(kms.calls()[0].fault(), Some("late"));
}

#[tokio::test]
async fn a_late_answer_over_a_socket_comes_late_for_its_client() {
    let kms = with(Fault::late(Duration::from_millis(1)), true);
    let client = aws_sdk_kms::Client::new(&kms.sdk_config());
    client.list_keys().send().await.unwrap();
    assert_eq!((kms.calls().len(), kms.calls()[0].fault()), (1, Some("late")));
}

#[tokio::test]
async fn calls_that_the_fake_does_not_serve_do_not_count_as_attempts() {
    let kms = with(Fault::throttled(), false);
    let client = aws_sdk_kms::Client::new(&kms.sdk_config());
    let unserved = client.connect_custom_key_store().custom_key_store_id("cks-1").send().await;
    assert_eq!(unserved.unwrap_err().code(), Some("KmsFixtureNotImplementedException"));
    client.list_keys().send().await.unwrap();
    let faults: Vec<_> = kms.calls().iter().map(|it| it.fault().is_some()).collect();
    assert_eq!(faults, [false, true, false], "{}", kms.calls());
}

#[tokio::test]
async fn a_late_answer_meets_the_timeout_of_an_attempt() {
    let kms = with(Fault::late(Duration::from_mins(1)), false);
    let timeout = aws_sdk_kms::config::timeout::TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(1))
        .build();
    let config = aws_sdk_kms::config::Builder::from(&kms.sdk_config()).timeout_config(timeout);
    let client = aws_sdk_kms::Client::from_conf(config.build());
    client.list_keys().send().await.unwrap();
    assert_eq!(kms.calls().len(), 2, "{}", kms.calls());
}

#[tokio::test]
async fn the_answer_to_a_throttled_call_is_the_recorded_one() {
    let kms = with(Fault::throttled().every(1), false);
    let client = aws_sdk_kms::Client::new(&kms.sdk_config());
    let error = client.list_keys().send().await.unwrap_err();
    let body = error.raw_response().unwrap().body().bytes().unwrap().to_vec();
    // Fact 15.1.
    assert_eq!(
        String::from_utf8(body).unwrap(),
        r#"{"__type":"ThrottlingException","message":"You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."}"#
    );
}

#[kms_test(
    keys(orders, archive),
    roles(worker, janitor),
    grants(
        one(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        two(key(archive), grantee(worker), retiring(worker), operations(Decrypt))
    ),
    faults(
        throttled(operation(RetireGrant), caller(janitor)),
        internal(key(archive), call = 2),
        error(operation(ListGrants), code = "Busy", status = 503)
    )
)]
async fn selectors_choose_the_calls(
    kms: Kms,
    worker: Caller,
    janitor: Caller,
    one: Grant,
    two: Grant,
    orders: Key,
    archive: Key,
) {
    client(&worker).retire_grant().grant_token(two.token()).send().await.unwrap();
    client(&janitor).retire_grant().grant_token(one.token()).send().await.unwrap();
    let admin = aws_sdk_kms::Client::new(&kms.sdk_config());
    admin.describe_key().key_id(orders.id()).send().await.unwrap();
    admin.describe_key().key_id(archive.arn()).send().await.unwrap();
    admin.list_grants().key_id(archive.id()).send().await.unwrap();
    let calls = kms.calls();
    let seen: Vec<_> = calls.iter().map(|it| (it.operation(), it.fault())).collect();
    assert_eq!(
        seen,
        [
            ("RetireGrant", None),
            ("RetireGrant", Some("throttled")),
            ("RetireGrant", None),
            ("DescribeKey", None),
            ("DescribeKey", Some("internal")),
            ("DescribeKey", None),
            ("ListGrants", Some("error")),
            ("ListGrants", None),
        ]
    );
    let table = calls.to_string();
    assert!(table.contains("[throttled] ThrottlingException: You have exceeded"), "{table}");
}

#[kms_test(keys(orders(alias = "alias/orders"), archive), faults(internal(key(orders), every = 1)))]
async fn a_key_is_selected_by_its_alias_and_its_ciphertexts(kms: Kms, orders: Key, archive: Key) {
    kms.faults().clear();
    let admin = aws_sdk_kms::Client::new(&kms.sdk_config());
    let encrypt = |key: &str| {
        admin.encrypt().key_id(key).plaintext(aws_sdk_kms::primitives::Blob::new("x")).send()
    };
    let of_orders = encrypt(orders.id()).await.unwrap().ciphertext_blob.unwrap();
    let of_archive = encrypt(archive.id()).await.unwrap().ciphertext_blob.unwrap();
    kms.faults().add(Fault::internal().key("orders").every(1));
    admin.decrypt().ciphertext_blob(of_archive).send().await.unwrap();
    for refused in [
        admin
            .decrypt()
            .ciphertext_blob(of_orders)
            .send()
            .await
            .unwrap_err()
            .code()
            .map(str::to_owned),
        encrypt("alias/orders").await.unwrap_err().code().map(str::to_owned),
    ] {
        assert_eq!(refused.as_deref(), Some("KMSInternalException"));
    }
}

#[test]
fn a_fault_that_strikes_nothing_is_reported_with_what_came_nearest() {
    let kms = with(Fault::throttled().operation(Operation::RetireGrant).caller("worker"), false);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let client = aws_sdk_kms::Client::new(&kms.sdk_config());
        let _ = client.retire_grant().grant_token("x").send().await;
        let _ = client.list_keys().send().await;
    });
    let error = kms.verify().unwrap_err().to_string();
    assert!(
        error.contains(
            "the fault `throttled(operation(RetireGrant), caller(worker))` struck no call"
        ),
        "{error}"
    );
    assert!(error.contains("nearest is call 1, RetireGrant by admin"), "{error}");
    assert!(error.contains("it has another caller"), "{error}");
}

#[test]
fn a_fault_for_a_later_attempt_says_how_many_came() {
    let kms = with(Fault::throttled().call(3), false);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        aws_sdk_kms::Client::new(&kms.sdk_config()).list_keys().send().await.unwrap();
    });
    let error = kms.verify().unwrap_err().to_string();
    assert!(error.contains("1 attempt matched, and the fault waits for number 3"), "{error}");
    assert!(error.contains("RetryPartition::custom"), "{error}");
}

#[kms_test(faults(throttled(operation(ListKeys))))]
#[should_panic(expected = "the body")]
fn a_test_that_panics_may_leave_a_fault_unmet() {
    panic!("the body");
}

#[test]
fn a_scenario_declares_faults_and_names_their_mistakes() {
    let scenario: Scenario = serde_json::from_str(
        r#"{"keys":{"orders":{}},"faults":[{"fault":"throttled","operation":"RetireGrant","times":2},
            {"fault":"late","millis":5,"key":"orders"},{"fault":"error","code":"X","caller":"admin"}]}"#,
    )
    .unwrap();
    let written = serde_json::to_string(&scenario).unwrap();
    assert_eq!(serde_json::from_str::<Scenario>(&written).unwrap(), scenario);

    let wrong = serde_json::from_str::<Scenario>(
        r#"{"keys":{"orders":{}},"faults":[{"fault":"throtled"},{"fault":"late"},{"fault":"error","code":"a b","status":200},
            {"fault":"internal","operation":"RetireGrnat","caller":"wroker","key":"order","tims":2}, {}]}"#,
    );
    let wrong = wrong.unwrap_err().to_string();
    for expected in [
        "$.faults[0].fault: unknown fault `throtled`; a word with a similar name exists: `throttled`",
        "$.faults[1]: `late` needs `millis`",
        "$.faults[2].code: `a b` is not a valid error code",
        "$.faults[2].status: `status` must be 400 to 599, got 200",
        "$.faults[3].operation: unknown operation `RetireGrnat`",
        "$.faults[3].key: no key named `order` is declared",
        "$.faults[3].caller: no role or user named `wroker` is declared",
        "$.faults[3].tims: unknown fault option `tims`",
        "$.faults[4]: a fault needs `fault`",
    ] {
        assert!(wrong.contains(expected), "{expected}\n{wrong}");
    }
}

#[test]
#[should_panic(expected = "no role or user named `wroker` is declared")]
fn adding_a_fault_for_an_unknown_caller_panics() {
    Fixture::builder().start().unwrap().faults().add(Fault::throttled().caller("wroker"));
}
