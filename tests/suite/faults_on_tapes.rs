//! Faults in front of a cassette: the client sees them, and the replay stays strict.

use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fault, Fixture, FixtureBuilder, Kms, Operation};

use super::any_order::the_other_way_round;

/// Replays the tape of [`the_other_way_round`] with these faults in front of it.
fn replay(faults: &[Fault], over_tcp: bool) -> Kms {
    let tape = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/tapes/two_at_once.json");
    let builder = Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .role(RoleDeclaration::new("janitor"))
        .replay(tape)
        .any_order();
    let builder = faults.iter().cloned().fold(builder, FixtureBuilder::fault);
    let builder = if over_tcp { builder.tcp() } else { builder };
    builder.start().unwrap()
}

async fn run(kms: &Kms) -> Result<(), String> {
    let (admin, orders) = (kms.caller("admin"), kms.key("orders"));
    let (worker, janitor) = (kms.caller("worker"), kms.caller("janitor"));
    the_other_way_round(&admin, [&worker, &janitor], &orders).await
}

#[tokio::test]
async fn a_fault_strikes_in_front_of_the_tape_and_the_retry_is_the_recorded_call() {
    for over_tcp in [false, true] {
        let faults = [
            Fault::throttled().operation(Operation::CreateGrant),
            Fault::lost_request().operation(Operation::RevokeGrant),
            Fault::unavailable().operation(Operation::RetireGrant),
        ];
        let kms = replay(&faults, over_tcp);
        run(&kms).await.unwrap();
        kms.verify().unwrap();
        let calls = kms.calls();
        let seen: Vec<_> = calls.iter().map(|it| (it.operation(), it.fault())).collect();
        assert_eq!(
            seen,
            [
                ("CreateGrant", Some("throttled")),
                ("CreateGrant", None),
                ("CreateGrant", None),
                ("RevokeGrant", Some("lost_request")),
                ("RevokeGrant", None),
                ("RetireGrant", Some("unavailable")),
                ("RetireGrant", None),
            ],
            "TCP: {over_tcp}"
        );
    }
}

#[tokio::test]
async fn the_retry_after_a_lost_answer_is_answered_from_the_same_recorded_call() {
    for over_tcp in [false, true] {
        let kms = replay(&[Fault::lost_answer().operation(Operation::CreateGrant)], over_tcp);
        run(&kms).await.unwrap();
        kms.verify().unwrap();
        let calls = kms.calls();
        let seen: Vec<_> = calls.iter().map(|it| (it.operation(), it.fault())).collect();
        assert_eq!(
            seen,
            [
                ("CreateGrant", Some("lost_answer")),
                ("CreateGrant", None),
                ("CreateGrant", None),
                ("RevokeGrant", None),
                ("RetireGrant", None),
            ],
            "TCP: {over_tcp}"
        );
    }
}

#[tokio::test]
async fn a_call_that_no_retry_repeats_is_missing_on_the_tape() {
    let kms = replay(&[Fault::throttled().every(1).operation(Operation::RetireGrant)], false);
    assert!(run(&kms).await.is_err());
    let report = kms.verify().unwrap_err().to_string();
    assert!(report.contains("recorded but not called"), "{report}");
}

/// A lost request does not make the call before it a lost one, which could be made once more.
#[tokio::test]
async fn a_lost_request_does_not_allow_a_repeated_call() {
    let kms = replay(&[Fault::lost_request().operation(Operation::RevokeGrant).every(1)], true);
    assert!(run(&kms).await.is_err());
    let client = aws_sdk_kms::Client::new(&kms.sdk_config());
    let create = client.create_grant().key_id(kms.key("orders").arn());
    let create = create.grantee_principal(kms.caller("worker").arn()).name("first");
    let create = create.retiring_principal(kms.caller("janitor").arn());
    let repeated = create.operations("Decrypt".into()).send().await.unwrap_err();
    let code = aws_sdk_kms::error::ProvideErrorMetadata::code(&repeated);
    assert_eq!(code, Some("KmsFixtureReplayMismatchException"));
}
