//! STS through the SDK for Rust, in the process: facts 16.5, 16.6, 16.11 to 16.13, 16.15 to 16.17, 16.19, 16.20 and 16.22.

use std::fmt::Debug;
use std::time::Duration;

use aws_sdk_sts::Client;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::types::Credentials;
use kms_fixture::{Caller, Kms, kms_test};

fn sts(caller: &Caller) -> Client {
    Client::new(&caller.sdk_config())
}

/// Returns the client of KMS with credentials from STS.
fn kms_client(kms: &Kms, credentials: &Credentials) -> aws_sdk_kms::Client {
    let credentials = aws_sdk_kms::config::Credentials::from_keys(
        credentials.access_key_id(),
        credentials.secret_access_key(),
        Some(credentials.session_token().to_owned()),
    );
    let config =
        aws_sdk_kms::config::Builder::from(&kms.sdk_config()).credentials_provider(credentials);
    aws_sdk_kms::Client::from_conf(config.build())
}

#[track_caller]
fn is_refused<T: Debug, E: ProvideErrorMetadata>(
    outcome: Result<T, SdkError<E>>,
    code: &str,
    message: &str,
) {
    let error =
        outcome.map_err(|it| (it.code().map(str::to_owned), it.message().map(str::to_owned)));
    assert_eq!(error.unwrap_err(), (Some(code.to_owned()), Some(message.to_owned())));
}

#[kms_test(
    keys(orders),
    roles(worker),
    users(alice(allow("sts:AssumeRole"))),
    grants(access(key(orders), grantee(worker), retiring(worker), operations(Decrypt)))
)]
async fn a_user_that_assumes_its_role_retires_the_grant(kms: Kms, alice: Caller, worker: Caller) {
    let request = sts(&alice).assume_role().role_arn(worker.arn());
    let answer = request.role_session_name("night").send().await.unwrap();
    let user = answer.assumed_role_user().unwrap();
    assert_eq!(user.arn(), "arn:aws:sts::111122223333:assumed-role/worker/night");
    assert_eq!(user.assumed_role_id(), format!("{}:night", worker.unique_id().unwrap()));
    let credentials = answer.credentials().unwrap();
    let client = kms_client(&kms, credentials);
    client.retire_grant().grant_token(kms.grant("access").token()).send().await.unwrap();
    assert!(kms.grants().is_empty());
    // The table shows calls of KMS, by the declared name of the role.
    assert_eq!(kms.calls().len(), 1);
    assert_eq!(kms.calls()[0].caller(), Some("worker"));
}

#[kms_test(roles(worker), users(alice(allow("sts:AssumeRole"))))]
async fn the_credentials_expire_by_the_clock_of_the_fixture(
    kms: Kms,
    alice: Caller,
    worker: Caller,
) {
    let request = sts(&alice).assume_role().role_arn(worker.arn()).role_session_name("night");
    let answer = request.duration_seconds(900).send().await.unwrap();
    let credentials = answer.credentials().unwrap();
    let lasts = std::time::SystemTime::try_from(*credentials.expiration()).unwrap();
    assert_eq!(lasts.duration_since(kms.clock().now()).unwrap(), Duration::from_mins(15));
    let client = kms_client(&kms, credentials);
    kms.clock().advance(Duration::from_secs(899));
    let error = client.list_keys().send().await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    kms.clock().advance(Duration::from_secs(1));
    let error = client.list_keys().send().await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("ExpiredTokenException"));
}

#[kms_test(roles(worker), users(alice))]
async fn a_deleted_role_cannot_be_assumed(kms: Kms, worker: Caller) {
    let admin = kms.caller("admin");
    let assume = || {
        let request = sts(&admin).assume_role().role_arn(worker.arn());
        request.role_session_name("night").send()
    };
    let session = assume().await.unwrap();
    kms.delete_principal("worker").unwrap();
    let denial = format!(
        "User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
        admin.caller_arn(),
        worker.arn()
    );
    is_refused(assume().await, "AccessDenied", &denial);
    // The credentials of its sessions are gone as well.
    let client = kms_client(&kms, session.credentials().unwrap());
    let error = client.list_keys().send().await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("UnrecognizedClientException"));
    kms.recreate_role("worker").unwrap();
    assume().await.unwrap();
}

#[kms_test(roles(worker))]
async fn a_root_assumes_no_role_and_has_tokens_for_an_hour(kms: Kms, worker: Caller) {
    let root = kms.root("111122223333").unwrap();
    let request = sts(&root).assume_role().role_arn(worker.arn()).role_session_name("night");
    let denial = "Roles may not be assumed by root accounts.";
    is_refused(request.send().await, "AccessDenied", denial);
    let answer = sts(&root).get_session_token().duration_seconds(7200).send().await.unwrap();
    let credentials = answer.credentials().unwrap();
    let lasts = std::time::SystemTime::try_from(*credentials.expiration()).unwrap();
    assert_eq!(lasts.duration_since(kms.clock().now()).unwrap(), Duration::from_hours(1));
    // They are those of the root.
    kms_client(&kms, credentials).list_keys().send().await.unwrap();
}

#[kms_test(keys(orders), roles(worker(allow("kms:*"))))]
async fn the_name_of_a_session_is_shown_in_texts(kms: Kms, worker: Caller) {
    let admin = kms.caller("admin");
    let only = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:List*", "Resource": "*"}}"#;
    let request = sts(&admin).assume_role().role_arn(worker.arn()).role_session_name("night");
    let answer = request.policy(only).send().await.unwrap();
    let client = kms_client(&kms, answer.credentials().unwrap());
    client.list_keys().send().await.unwrap();
    client.describe_key().key_id("11111111-2222-3333-4444-555555555555").send().await.unwrap_err();
    let describe = client.describe_key().key_id(kms.key("orders").id()).send().await;
    let text = "because no session policy allows the kms:DescribeKey action";
    let error = describe.unwrap_err().into_service_error();
    assert!(error.message().unwrap().ends_with(text), "{error:?}");
    let message = kms.calls()[2].error_message().unwrap().to_owned();
    assert!(message.starts_with("User: worker/night is not authorized"), "{message}");
}
