//! Signature Version 4 is verified (rows 56 and the sibling services' texts): through the SDK with wrong credentials.

use aws_sdk_kms::config::{Credentials, SharedCredentialsProvider};
use kms_fixture::{Caller, kms_test};

use super::refusal::{Refusal, refused};

/// What a call by `caller` gets with other credentials.
async fn with(caller: &Caller, key: &str, secret: &str, token: Option<&str>) -> Refusal {
    let credentials = Credentials::new(key, secret, token.map(str::to_owned), None, "test");
    let provider = SharedCredentialsProvider::new(credentials);
    let config = caller.sdk_config().to_builder().credentials_provider(provider).build();
    refused(aws_sdk_kms::Client::new(&config).list_keys().send().await)
}

const INVALID_TOKEN: &str = "The security token included in the request is invalid.";

#[kms_test]
async fn an_unknown_key_is_not_recognized_row_56(admin: Caller) {
    let refusal =
        with(&admin, "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None)
            .await;
    refusal.is("UnrecognizedClientException", INVALID_TOKEN);
}

#[kms_test]
async fn the_session_token_must_be_the_one_that_was_issued(admin: Caller) {
    let right = admin.credentials();
    for token in [None, Some("another")] {
        let refusal = with(&admin, right.access_key_id(), right.secret_access_key(), token).await;
        refusal.is("UnrecognizedClientException", INVALID_TOKEN);
    }
}

#[kms_test]
async fn the_secret_must_be_right(admin: Caller) {
    let right = admin.credentials();
    let refusal = with(&admin, right.access_key_id(), "wrong", right.session_token()).await;
    refusal.is(
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details.",
    );
}

#[kms_test]
async fn another_region_is_refused(admin: Caller) {
    let region = aws_sdk_kms::config::Region::new("eu-west-1");
    let config = admin.sdk_config().to_builder().region(region).build();
    refused(aws_sdk_kms::Client::new(&config).list_keys().send().await)
        .is("InvalidSignatureException", "Credential should be scoped to a valid region.");
}
