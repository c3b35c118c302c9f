//! The constraints of the API's model, in AWS's words (rows 27 to 39). The Python suite has every member.

use kms_fixture::{Caller, Key, kms_test};

use super::calls::client;
use super::refusal::refused;

#[kms_test(keys(orders))]
async fn numbers_out_of_bounds_are_refused_rows_27_28_36(admin: Caller, orders: Key) {
    let list = |limit| client(&admin).list_grants().key_id(orders.id()).limit(limit).send();
    let text = |value: i32, constraint: &str| {
        format!(
            "1 validation error detected: Value '{value}' at 'limit' failed to satisfy constraint: Member must have \
             value {constraint}"
        )
    };
    refused(list(0).await).is("ValidationException", &text(0, "greater than or equal to 1"));
    refused(list(1001).await).is("ValidationException", &text(1001, "less than or equal to 1000"));
}

#[kms_test(keys(orders))]
async fn unknown_enum_values_are_refused_row_37(admin: Caller, orders: Key) {
    let create = client(&admin).create_grant().key_id(orders.id()).grantee_principal(admin.arn());
    let refusal = refused(create.operations("DECRYPT".into()).send().await);
    refusal.has_code("ValidationException");
    let message = refusal.message.unwrap();
    let start = "1 validation error detected: Value '[DECRYPT]' at 'operations' failed to satisfy constraint: Member \
                 must satisfy constraint: [Member must satisfy enum value set: [";
    assert!(message.starts_with(start), "{message}");
}

#[kms_test(keys(orders))]
async fn texts_of_wrong_pattern_or_length_are_refused_rows_34_38(admin: Caller, orders: Key) {
    let named = |name: &str| {
        let create = client(&admin).create_grant().key_id(orders.id()).name(name);
        create.grantee_principal(admin.arn()).operations("Decrypt".into()).send()
    };
    refused(named("no spaces").await).is(
        "ValidationException",
        "1 validation error detected: Value 'no spaces' at 'name' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    );
    // Every constraint that is broken counts (recorded on sibling services).
    let empty = refused(named("").await);
    empty.has_code("ValidationException");
    let message = empty.message.unwrap();
    assert!(message.starts_with("2 validation errors detected: "), "{message}");
    let length = "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1";
    assert!(message.contains(length), "{message}");
    let key = client(&admin).list_grants().key_id("").send().await;
    refused(key).is(
        "ValidationException",
        "1 validation error detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length \
         greater than or equal to 1",
    );
    let long = "n".repeat(257);
    refused(named(&long).await).is(
        "ValidationException",
        &format!(
            "1 validation error detected: Value '{long}' at 'name' failed to satisfy constraint: Member must have \
             length less than or equal to 256"
        ),
    );
}

#[kms_test(keys(orders))]
async fn several_violations_are_reported_at_once_row_39(admin: Caller, orders: Key) {
    let list = client(&admin).list_grants().key_id(orders.id()).limit(0).grant_id("g".repeat(129));
    let refusal = refused(list.send().await);
    refusal.has_code("ValidationException");
    let message = refusal.message.unwrap();
    assert!(message.starts_with("2 validation errors detected: "), "{message}");
    assert!(
        message.contains("at 'limit' failed") && message.contains("at 'grantId' failed"),
        "{message}"
    );
    assert_eq!(message.matches("; ").count(), 1);
}

#[kms_test(keys(orders))]
async fn too_many_grant_tokens_are_refused(admin: Caller, orders: Key) {
    let tokens = vec!["t".to_owned(); 11];
    let describe = client(&admin).describe_key().key_id(orders.id()).set_grant_tokens(Some(tokens));
    let refusal = refused(describe.send().await);
    refusal.has_code("ValidationException");
    assert!(refusal.message.unwrap().contains("at 'grantTokens' failed to satisfy constraint: Member must have length less than or equal to 10"));
}
