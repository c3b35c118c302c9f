//! Materials that expire, and rotations among them (`kms-facts.md` 12b).

use aws_sdk_kms::primitives::DateTime;
use aws_sdk_kms::types::{ExpirationModelType, ImportState, ImportType, KeyState};
use kms_fixture::scenario::{Consistency, KeyDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use std::time::Duration;

use super::{
    DAY, FOREVER, delete, describe, encrypts, import_with, imported, materials, parameters, rotate,
    seconds, state,
};
use crate::calls::client;
use crate::refusal::refused;

#[kms_test(keys(outside(origin(EXTERNAL))))]
async fn material_may_expire(kms: Kms, admin: Caller, outside: Key) {
    let client = client(&admin);
    let key = outside.id();
    let parameters = parameters(&client, key).await;
    let import = || import_with(&client, key, &parameters, &[1; 32]);
    let soon = seconds(&kms, Duration::from_hours(1));
    // Facts 12.41 to 12.44, row 45.
    for (import, words) in [
        (import(), "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"),
        (
            import().expiration_model(FOREVER).valid_to(soon),
            "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE",
        ),
        (import().valid_to(seconds(&kms, Duration::ZERO)), "ValidTo must be in the future"),
        (import().valid_to(DateTime::from_secs(-5)), "ValidTo must be in the future"),
        (
            import().valid_to(seconds(&kms, DAY * 365 + Duration::from_secs(1))),
            "ValidTo must be less than 365 days in the future",
        ),
        (
            import().valid_to(DateTime::from_secs(i64::from(u32::MAX) * 1000)),
            "ValidTo must be less than 365 days in the future",
        ),
    ] {
        refused(import.send().await).is("ValidationException", words);
    }
    // To the second.
    let fraction = DateTime::from_secs_f64(soon.as_secs_f64() + 0.75);
    import().valid_to(fraction).send().await.unwrap();
    let there = describe(&client, key).await;
    assert_eq!(there.valid_to(), Some(&soon));
    let expires = ExpirationModelType::KeyMaterialExpires;
    assert_eq!(there.expiration_model(), Some(&expires));
    // Fact 12.61.
    kms.clock().advance(Duration::from_hours(1));
    let gone = describe(&client, key).await;
    assert_eq!(gone.key_state(), Some(&KeyState::PendingImport));
    assert!(gone.valid_to().is_none() && gone.expiration_model().is_none());
    assert!(!encrypts(&client, key).await);
    let listed = materials(&client, key).await;
    assert_eq!(listed[0].import_state(), Some(&ImportState::Imported));
    assert_eq!(listed[0].expiration_model(), Some(&expires));
    assert_eq!(listed[0].valid_to(), Some(&soon));
    // Reimported, it does not expire any more.
    import().expiration_model(FOREVER).send().await.unwrap();
    kms.clock().advance(DAY * 400);
    assert_eq!(state(&client, key).await, KeyState::Enabled);
}

/// Facts 12.62 and 12.63.
#[kms_test(keys(outside(origin(EXTERNAL))))]
async fn expired_material_can_be_rotated_in(kms: Kms, admin: Caller, outside: Key) {
    let client = client(&admin);
    let key = outside.id();
    imported(&client, key, &[1; 32], None).await;
    let parameters = parameters(&client, key).await;
    let second = import_with(&client, key, &parameters, &[2; 32])
        .import_type(ImportType::NewKeyMaterial)
        .valid_to(seconds(&kms, Duration::from_hours(1)));
    let second = second.send().await.unwrap();
    kms.clock().advance(Duration::from_hours(2));
    assert!(encrypts(&client, key).await);
    rotate(&client, key).await;
    let rotated = describe(&client, key).await;
    assert_eq!(rotated.key_state(), Some(&KeyState::PendingImport));
    assert_eq!(rotated.current_key_material_id(), second.key_material_id());
}

/// API reference, KeyMetadata: the earliest time at which any material of the key expires, but for what is pending.
#[kms_test(keys(outside(origin(EXTERNAL))))]
async fn the_first_material_that_expires_is_what_the_key_shows(
    kms: Kms,
    admin: Caller,
    outside: Key,
) {
    let client = client(&admin);
    let key = outside.id();
    let (near, far) = (Duration::from_hours(1), Duration::from_hours(2));
    let at = [near, far].map(|it| seconds(&kms, it));
    let wrapping = parameters(&client, key).await;
    let bring = async |bytes: u8, kind: ImportType, valid_to: Option<DateTime>| {
        let import = import_with(&client, key, &wrapping, &[bytes; 32]).import_type(kind);
        let model = valid_to.is_none().then_some(FOREVER);
        let import = import.set_valid_to(valid_to).set_expiration_model(model);
        import.send().await.unwrap();
    };
    let shown = async || {
        let described = describe(&client, key).await;
        (described.expiration_model().cloned(), described.valid_to().copied())
    };
    let expires = |at: DateTime| (Some(ExpirationModelType::KeyMaterialExpires), Some(at));
    let forever = (Some(FOREVER), None);
    bring(1, ImportType::NewKeyMaterial, None).await;
    bring(2, ImportType::NewKeyMaterial, Some(at[0])).await;
    assert_eq!(shown().await, forever);
    rotate(&client, key).await;
    assert_eq!(shown().await, expires(at[0]));
    bring(3, ImportType::NewKeyMaterial, None).await;
    rotate(&client, key).await;
    assert_eq!(shown().await, expires(at[0]));
    bring(3, ImportType::ExistingKeyMaterial, Some(at[1])).await;
    assert_eq!(shown().await, expires(at[0]));
    bring(2, ImportType::ExistingKeyMaterial, None).await;
    assert_eq!(shown().await, expires(at[1]));
    kms.clock().advance(far);
    assert_eq!(state(&client, key).await, KeyState::PendingImport);
}

/// Facts 12.64 and 12.28.
#[tokio::test]
async fn a_rotation_under_way_takes_what_it_finds() {
    let kms = Fixture::builder()
        .consistency(Consistency::eventual().seconds(120))
        .key(KeyDeclaration::new("outside").origin(kms_fixture::model::Origin::EXTERNAL))
        .start()
        .unwrap();
    let client = client(&kms.caller("admin"));
    let outside = kms.key("outside");
    let key = outside.id();
    let first = imported(&client, key, &[1; 32], None).await;
    let new = Some(ImportType::NewKeyMaterial);
    let second = imported(&client, key, &[2; 32], new.clone()).await;
    rotate(&client, key).await;
    delete(&client, key, Some(&second)).await;
    let status = || client.get_key_rotation_status().key_id(key).send();
    assert!(status().await.unwrap().on_demand_rotation_start_date().is_some());
    let third = imported(&client, key, &[3; 32], new.clone()).await;
    kms.settle();
    let now = describe(&client, key).await;
    assert_eq!(now.current_key_material_id(), Some(third.as_str()));
    assert_eq!(materials(&client, key).await[0].key_material_id(), Some(first.as_str()));
    // Nothing is found.
    let fourth = imported(&client, key, &[4; 32], new).await;
    rotate(&client, key).await;
    delete(&client, key, Some(&fourth)).await;
    kms.clock().advance(Duration::from_mins(5));
    assert!(status().await.unwrap().on_demand_rotation_start_date().is_none());
    let now = describe(&client, key).await;
    assert_eq!(now.current_key_material_id(), Some(third.as_str()));
    assert_eq!(now.key_state(), Some(&KeyState::Enabled));
}
