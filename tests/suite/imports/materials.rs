//! What a key takes as its material, and how a material is known again (`kms-facts.md` 12b).

use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::{Blob, DateTime};
use aws_sdk_kms::types::{
    AlgorithmSpec, ImportState, ImportType, KeyMaterialState, KeyState, WrappingKeySpec,
};
use kms_fixture::scenario::KeyDeclaration;
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use serde_json::json;

use super::{
    DAY, FOREVER, delete, describe, encrypts, import, import_with, imported, materials, parameters,
    state, states,
};
use crate::calls::client;
use crate::refusal::refused;

#[kms_test(keys(outside(origin(EXTERNAL)), local))]
async fn a_key_waits_for_its_material(kms: Kms, admin: Caller, outside: Key, local: Key) {
    let client = client(&admin);
    let key = outside.id();
    // Fact 12.31.
    let waiting = describe(&client, key).await;
    assert_eq!(waiting.key_state(), Some(&KeyState::PendingImport));
    assert!(!waiting.enabled() && waiting.expiration_model().is_none());
    assert_eq!(waiting.current_key_material_id(), None);
    // Facts 12.32 and 12.33.
    assert!(materials(&client, key).await.is_empty());
    assert_eq!(delete(&client, key, None).await, None);
    // Fact 12.34.
    let words = format!("{} is pending import.", outside.arn());
    for refusal in [
        refused(client.enable_key().key_id(key).send().await),
        refused(client.disable_key().key_id(key).send().await),
    ] {
        refusal.is("KMSInvalidStateException", &words);
    }
    // Facts 12.35 and 12.30, row 51.
    let words = format!("{} origin is AWS_KMS which is not valid for this operation.", local.arn());
    let wrong = client
        .get_parameters_for_import()
        .key_id(local.id())
        .wrapping_algorithm(AlgorithmSpec::RsaesOaepSha256)
        .wrapping_key_spec(WrappingKeySpec::Rsa2048);
    refused(wrong.send().await).is("UnsupportedOperationException", &words);
    let delete = client.delete_imported_key_material().key_id(local.id());
    refused(delete.send().await).is("UnsupportedOperationException", &words);
    let import = client
        .import_key_material()
        .key_id(local.id())
        .import_token(Blob::new(*b"token"))
        .encrypted_key_material(Blob::new(*b"bytes"));
    refused(import.send().await).is("UnsupportedOperationException", &words);
    // Fact 12.111.
    let parameters = parameters(&client, key).await;
    assert_eq!(parameters.key_id(), Some(outside.arn()));
    let day = DateTime::from(kms.clock().now() + DAY);
    assert_eq!(parameters.parameters_valid_to(), Some(&day));
    // Fact 12.45.
    let import = import_with(&client, key, &parameters, &[1; 32]);
    let answer = import.expiration_model(FOREVER).send().await.unwrap();
    assert_eq!(answer.key_id(), Some(outside.arn()));
    let there = describe(&client, key).await;
    assert!(there.enabled() && there.valid_to().is_none());
    assert_eq!(there.expiration_model(), Some(&FOREVER));
    assert_eq!(there.current_key_material_id(), answer.key_material_id());
    assert_eq!(answer.key_material_id().map(str::len), Some(64));
    assert!(encrypts(&client, key).await);
    // Fact 12.65: no rotation yet.
    let list = client.list_key_rotations().key_id(key).send().await.unwrap();
    assert!(list.rotations().is_empty());
}

#[kms_test(keys(outside(origin(EXTERNAL)), other(origin(EXTERNAL))))]
async fn import_tokens_are_valid_for_one_key_and_one_day(
    kms: Kms,
    admin: Caller,
    outside: Key,
    other: Key,
) {
    let client = client(&admin);
    let key = outside.id();
    let first = parameters(&client, key).await;
    let second = parameters(&client, key).await;
    assert_ne!(first.import_token(), second.import_token());
    // Fact 12.38: the older one after the newer one, and twice.
    for parameters in [&second, &first, &first] {
        let import = import_with(&client, key, parameters, &[1; 32]);
        import.expiration_model(FOREVER).send().await.unwrap();
    }
    // Fact 12.39.
    let foreign = import_with(&client, other.id(), &first, &[1; 32]).expiration_model(FOREVER);
    refused(foreign.send().await).is_silent("InvalidImportTokenException");
    let mut token = first.import_token().unwrap().as_ref().to_vec();
    token[40] ^= 1;
    let good = || import_with(&client, key, &first, &[1; 32]).expiration_model(FOREVER);
    let corrupt = good().import_token(Blob::new(token));
    refused(corrupt.send().await).is_silent("InvalidImportTokenException");
    let garbage = good().import_token(Blob::new(*b"\xff|"));
    refused(garbage.send().await).is_silent("InvalidImportTokenException");
    // Fact 12.40.
    let corrupt = good().encrypted_key_material(Blob::new(vec![7; 256]));
    refused(corrupt.send().await).is_silent("InvalidCiphertextException");
    for length in [0, 16, 31, 33] {
        let short = import(&client, key, &vec![1; length]).await;
        refused(short.send().await).is_silent("InvalidCiphertextException");
    }
    kms.clock().advance(DAY);
    refused(good().send().await).is_silent("ExpiredImportTokenException");
}

#[kms_test(keys(outside(origin(EXTERNAL)), other(origin(EXTERNAL))))]
async fn material_is_identified_by_its_bytes_and_its_key(admin: Caller, outside: Key, other: Key) {
    let client = client(&admin);
    let key = outside.id();
    // The first import is of new material.
    let existing =
        import(&client, key, &[1; 32]).await.import_type(ImportType::ExistingKeyMaterial);
    refused(existing.send().await).has_code("IncorrectKeyMaterialException");
    // Facts 12.47 and 12.46.
    let first = imported(&client, key, &[1; 32], None).await;
    assert_ne!(first, imported(&client, other.id(), &[1; 32], None).await);
    assert_eq!(first, imported(&client, key, &[1; 32], None).await);
    let expected =
        |id: &str| format!("Imported key material does not have the expected identifier ({id}).");
    // Fact 12.48.
    let wrong = import(&client, key, &[2; 32]).await;
    refused(wrong.send().await).is("IncorrectKeyMaterialException", &expected(&first));
    // Fact 12.49.
    let new = Some(ImportType::NewKeyMaterial);
    let known = import(&client, key, &[1; 32]).await.set_import_type(new.clone());
    refused(known.send().await).is(
        "IncorrectKeyMaterialException",
        &format!(
            "Key material (id: {first}) being imported as NEW_KEY_MATERIAL is already associated with KMS key {}.",
            outside.arn()
        ),
    );
    // Fact 12.50.
    let asked = "0".repeat(64);
    let wrong = import(&client, key, &[1; 32]).await.key_material_id(&asked);
    refused(wrong.send().await).is("IncorrectKeyMaterialException", &expected(&asked));
    // Fact 12.51.
    let both = import(&client, key, &[2; 32]).await.set_import_type(new.clone());
    refused(both.key_material_id(&asked).send().await).is(
        "ValidationException",
        "Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType.",
    );
    // Fact 12.52.
    let second = imported(&client, key, &[2; 32], new.clone()).await;
    assert_eq!(describe(&client, key).await.current_key_material_id(), Some(first.as_str()));
    let listed = materials(&client, key).await;
    assert_eq!(listed[1].key_material_id(), Some(second.as_str()));
    assert_eq!(listed[1].key_material_state(), Some(&KeyMaterialState::PendingRotation));
    // Fact 12.53.
    let third = import(&client, key, &[3; 32]).await.set_import_type(new.clone());
    let refusal = refused(third.send().await);
    refusal.has_code("KMSInvalidStateException");
    let message = refusal.message.unwrap();
    let arn = outside.arn();
    assert!(message.starts_with("New key material (id: "), "{message}");
    assert!(
        message.ends_with(&format!(
            ") cannot be imported into KMS key {arn}, because another key material (id: {second}) is pending rotation."
        )),
        "{message}"
    );
    // Fact 12.58.
    let unknown = client.delete_imported_key_material().key_id(key).key_material_id(&asked);
    refused(unknown.send().await).is(
        "ValidationException",
        &format!("Key material (id: {asked}) has never been imported into KMS key {arn}."),
    );
    // Fact 12.54.
    assert_eq!(delete(&client, key, Some(&second)).await, Some(second.clone()));
    assert_eq!(materials(&client, key).await.len(), 1);
    assert!(encrypts(&client, key).await);
    assert_eq!(imported(&client, key, &[2; 32], new).await, second);
}

#[kms_test(keys(outside(origin(EXTERNAL))))]
async fn every_material_that_was_current_is_needed(admin: Caller, outside: Key) {
    let client = client(&admin);
    let key = outside.id();
    let first = imported(&client, key, &[1; 32], None).await;
    let rotate = || client.rotate_key_on_demand().key_id(key).send();
    // Fact 12.23 and row 57.
    refused(rotate().await).is(
        "KMSInvalidStateException",
        &format!("No available key material pending rotation for the key: {}.", outside.arn()),
    );
    let second = imported(&client, key, &[2; 32], Some(ImportType::NewKeyMaterial)).await;
    rotate().await.unwrap();
    // Fact 12.65.
    let list = client.list_key_rotations().key_id(key).send().await.unwrap();
    assert_eq!(list.rotations().len(), 1);
    let state_of = |state: KeyMaterialState, is_there: bool| {
        let import = if is_there { ImportState::Imported } else { ImportState::PendingImport };
        (state, import)
    };
    for (id, old, new) in [(&first, false, true), (&second, true, false)] {
        // Fact 12.55.
        assert_eq!(delete(&client, key, Some(id)).await.as_ref(), Some(id));
        let waiting = describe(&client, key).await;
        assert_eq!(waiting.key_state(), Some(&KeyState::PendingImport));
        assert!(!waiting.enabled() && waiting.expiration_model().is_none());
        assert_eq!(waiting.current_key_material_id(), Some(second.as_str()));
        assert_eq!(
            states(&client, key).await,
            [state_of(KeyMaterialState::NonCurrent, old), state_of(KeyMaterialState::Current, new)]
        );
        assert!(!encrypts(&client, key).await);
        // Fact 12.56.
        let byte = if old { 2 } else { 1 };
        let again = import(&client, key, &[byte; 32]).await.key_material_id(id);
        again.send().await.unwrap();
        assert!(encrypts(&client, key).await);
    }
    // Fact 12.57.
    assert_eq!(delete(&client, key, None).await, Some(second.clone()));
    assert_eq!(delete(&client, key, None).await, Some(second.clone()));
    // Fact 12.60, and a date has no say in it.
    let schedule = client.schedule_key_deletion().key_id(key);
    schedule.send().await.unwrap();
    let import = import_refused(&client, key).await;
    import.is("KMSInvalidStateException", &format!("{} is pending deletion.", outside.arn()));
    delete(&client, key, Some(&first)).await;
    assert_eq!(state(&client, key).await, KeyState::PendingDeletion);
    let cancel = client.cancel_key_deletion().key_id(key);
    cancel.send().await.unwrap();
    assert_eq!(state(&client, key).await, KeyState::PendingImport);
}

/// Both import operations while the key waits for its deletion (section 12e).
async fn import_refused(client: &Client, key: &str) -> crate::refusal::Refusal {
    let parameters = client
        .get_parameters_for_import()
        .key_id(key)
        .wrapping_algorithm(AlgorithmSpec::RsaesOaepSha256)
        .wrapping_key_spec(WrappingKeySpec::Rsa2048);
    let parameters = refused(parameters.send().await);
    let import = client
        .import_key_material()
        .key_id(key)
        .import_token(Blob::new(*b"token"))
        .expiration_model(FOREVER)
        .encrypted_key_material(Blob::new(*b"bytes"));
    assert_eq!(refused(import.send().await), parameters);
    parameters
}

/// Fact 12.59.
#[kms_test(keys(outside(origin(EXTERNAL))))]
async fn an_import_enables_a_disabled_key(admin: Caller, outside: Key) {
    let client = client(&admin);
    imported(&client, outside.id(), &[1; 32], None).await;
    client.disable_key().key_id(outside.id()).send().await.unwrap();
    imported(&client, outside.id(), &[1; 32], None).await;
    assert_eq!(state(&client, outside.id()).await, KeyState::Enabled);
}

#[kms_test(keys(outside(origin(EXTERNAL))))]
async fn descriptions_stay_while_the_material_stays(admin: Caller, outside: Key) {
    let client = client(&admin);
    let key = outside.id();
    let describe = async |at: usize| {
        let listed = materials(&client, key).await;
        listed[at].key_material_description().map(str::to_owned)
    };
    let first = import(&client, key, &[1; 32]).await.key_material_description("one");
    first.send().await.unwrap();
    // Fact 12.70.
    imported(&client, key, &[1; 32], None).await;
    assert_eq!(describe(0).await.as_deref(), Some("one"));
    delete(&client, key, None).await;
    imported(&client, key, &[1; 32], None).await;
    assert_eq!(describe(0).await.as_deref(), Some("one"));
    let new = Some(ImportType::NewKeyMaterial);
    let second = import(&client, key, &[2; 32]).await.key_material_description("two");
    let second = second.set_import_type(new.clone()).send().await.unwrap();
    assert_eq!(describe(1).await.as_deref(), Some("two"));
    delete(&client, key, second.key_material_id()).await;
    imported(&client, key, &[2; 32], new).await;
    assert_eq!(describe(1).await, None);
}

/// Fact 12.112.
#[tokio::test]
async fn imports_have_condition_keys() {
    let hour: i64 = 1_767_225_600 + 3600;
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "kms:GetParametersForImport", "Resource": "*",
         "Condition": {"StringNotEquals": {"kms:WrappingKeySpec": "RSA_2048"}}},
        {"Effect": "Deny", "Principal": "*", "Action": "kms:GetParametersForImport", "Resource": "*",
         "Condition": {"StringEquals": {"kms:WrappingAlgorithm": "RSAES_OAEP_SHA_1"}}},
        {"Effect": "Deny", "Principal": "*", "Action": "kms:ImportKeyMaterial", "Resource": "*",
         "Condition": {"NumericGreaterThan": {"kms:ValidTo": format!("{hour}.0")}}},
        {"Effect": "Deny", "Principal": "*", "Action": "kms:ImportKeyMaterial", "Resource": "*",
         "Condition": {"StringEquals": {"kms:ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}}},
    ]});
    let kms = Fixture::builder()
        .key(
            KeyDeclaration::new("outside")
                .origin(kms_fixture::model::Origin::EXTERNAL)
                .policy(policy.to_string()),
        )
        .start()
        .unwrap();
    let client = client(&kms.caller("admin"));
    let outside = kms.key("outside");
    let key = outside.id();
    for (algorithm, wrapping) in [
        (AlgorithmSpec::RsaesOaepSha256, WrappingKeySpec::Rsa3072),
        (AlgorithmSpec::RsaesOaepSha1, WrappingKeySpec::Rsa2048),
    ] {
        let denied = client.get_parameters_for_import().key_id(key);
        let denied = denied.wrapping_algorithm(algorithm).wrapping_key_spec(wrapping);
        refused(denied.send().await).has_code("AccessDeniedException");
    }
    let parameters = parameters(&client, key).await;
    let import = || import_with(&client, key, &parameters, &[1; 32]);
    refused(import().expiration_model(FOREVER).send().await).has_code("AccessDeniedException");
    let late = import().valid_to(DateTime::from_secs(hour + 1));
    refused(late.send().await).has_code("AccessDeniedException");
    import().valid_to(DateTime::from_secs(hour)).send().await.unwrap();
}
