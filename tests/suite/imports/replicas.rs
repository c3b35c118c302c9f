//! Imports into multi-Region keys, each Region by itself (`kms-facts.md` 12b).

use aws_sdk_kms::types::{ImportState, ImportType, KeyMaterialState, KeyState};
use kms_fixture::scenario::{Consistency, KeyDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use std::time::Duration;

use super::{
    WEST, delete, describe, encrypts, import, import_with, imported, materials, parameters, rotate,
    seconds, states,
};
use crate::calls::{client, client_in};
use crate::refusal::refused;

#[kms_test(keys(global(multi_region = true, origin(EXTERNAL))))]
async fn replicas_import_for_themselves(admin: Caller, global: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let key = global.id();
    let replicate = || east.replicate_key().key_id(key).replica_region(WEST).send();
    // Fact 12.79.
    refused(replicate().await)
        .is("KMSInvalidStateException", &format!("{} is pending import.", global.arn()));
    let first = import(&east, key, &[1; 32]).await.key_material_description("one");
    let first = first.send().await.unwrap();
    let first = first.key_material_id().unwrap();
    replicate().await.unwrap();
    // Fact 12.71.
    let replica = describe(&west, key).await;
    assert_eq!(replica.key_state(), Some(&KeyState::PendingImport));
    assert_eq!(replica.current_key_material_id(), Some(first));
    let listed = materials(&west, key).await;
    assert_eq!(listed[0].import_state(), Some(&ImportState::PendingImport));
    assert_eq!(listed[0].key_material_description(), Some("one"));
    assert!(!encrypts(&west, key).await);
    // Facts 12.72 to 12.74.
    let new = import(&west, key, &[2; 32]).await.import_type(ImportType::NewKeyMaterial);
    refused(new.send().await).is(
        "ValidationException",
        "Input parameter ImportType NEW_KEY_MATERIAL cannot be used on replica Multi-Region keys",
    );
    let told = import(&west, key, &[1; 32]).await.key_material_description("x");
    refused(told.send().await).is(
        "ValidationException",
        "Key material description can only be specified on primary Multi-Region keys",
    );
    let wrong = import(&west, key, &[2; 32]).await;
    refused(wrong.send().await).is(
        "IncorrectKeyMaterialException",
        &format!("Imported key material does not have the expected identifier ({first})."),
    );
    assert_eq!(imported(&west, key, &[1; 32], None).await, first);
    assert!(encrypts(&west, key).await);
}

/// A rotation of a key and its replica, which both have to import what comes next.
#[kms_test(keys(global(multi_region = true, origin(EXTERNAL))))]
async fn a_family_rotates_when_every_region_has_imported(kms: Kms, admin: Caller, global: Key) {
    use KeyMaterialState::{
        Current, NonCurrent, PendingMultiRegionImportAndRotation, PendingRotation,
    };
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let key = global.id();
    imported(&east, key, &[1; 32], None).await;
    let replicate = east.replicate_key().key_id(key).replica_region(WEST);
    replicate.send().await.unwrap();
    imported(&west, key, &[1; 32], None).await;
    // Fact 12.75.
    let second = imported(&east, key, &[2; 32], Some(ImportType::NewKeyMaterial)).await;
    let here = |state: KeyMaterialState| {
        vec![(Current, ImportState::Imported), (state, ImportState::Imported)]
    };
    let there = |state: KeyMaterialState| {
        vec![(Current, ImportState::Imported), (state, ImportState::PendingImport)]
    };
    assert_eq!(states(&east, key).await, here(PendingMultiRegionImportAndRotation));
    assert_eq!(states(&west, key).await, there(PendingMultiRegionImportAndRotation));
    // Fact 12.76.
    let rotate = || east.rotate_key_on_demand().key_id(key).send();
    refused(rotate().await).is(
        "KMSInvalidStateException",
        "Cannot perform key material rotation: Key material has not been imported for replicas of the Multi-Region key.",
    );
    imported(&west, key, &[2; 32], None).await;
    assert_eq!(states(&east, key).await, here(PendingRotation));
    assert_eq!(states(&west, key).await, here(PendingRotation));
    // Fact 12.77.
    delete(&west, key, Some(&second)).await;
    assert_eq!(states(&west, key).await, there(PendingMultiRegionImportAndRotation));
    assert_eq!(states(&east, key).await, here(PendingMultiRegionImportAndRotation));
    assert!(encrypts(&west, key).await);
    delete(&east, key, Some(&second)).await;
    assert_eq!(materials(&east, key).await.len(), 1);
    assert_eq!(materials(&west, key).await.len(), 1);
    // Fact 12.103, and fact 12.78: deletions are per Region.
    imported(&east, key, &[2; 32], Some(ImportType::NewKeyMaterial)).await;
    imported(&west, key, &[2; 32], None).await;
    rotate().await.unwrap();
    for client in [&east, &west] {
        let now = describe(client, key).await;
        assert_eq!(now.current_key_material_id(), Some(second.as_str()));
        assert!(encrypts(client, key).await);
    }
    delete(&east, key, None).await;
    assert!(!encrypts(&east, key).await);
    assert!(encrypts(&west, key).await);
    assert_eq!(
        states(&east, key).await,
        [(NonCurrent, ImportState::Imported), (Current, ImportState::PendingImport)]
    );
    // Expiries, too.
    let parameters = parameters(&east, key).await;
    let again = import_with(&east, key, &parameters, &[2; 32]);
    let again = again.valid_to(seconds(&kms, Duration::from_hours(1)));
    again.send().await.unwrap();
    assert!(encrypts(&east, key).await);
    kms.clock().advance(Duration::from_hours(1));
    assert!(!encrypts(&east, key).await);
    assert!(encrypts(&west, key).await);
}

/// Fact 12.29.
#[tokio::test]
async fn a_replica_may_miss_what_is_rotated_in() {
    let kms = Fixture::builder()
        .consistency(Consistency::eventual().seconds(120))
        .key(
            KeyDeclaration::new("global")
                .multi_region(true)
                .origin(kms_fixture::model::Origin::EXTERNAL),
        )
        .start()
        .unwrap();
    let admin = kms.caller("admin");
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let global = kms.key("global");
    let key = global.id();
    imported(&east, key, &[1; 32], None).await;
    let replicate = east.replicate_key().key_id(key).replica_region(WEST);
    replicate.send().await.unwrap();
    kms.settle();
    imported(&west, key, &[1; 32], None).await;
    let second = imported(&east, key, &[2; 32], Some(ImportType::NewKeyMaterial)).await;
    imported(&west, key, &[2; 32], None).await;
    rotate(&east, key).await;
    delete(&west, key, Some(&second)).await;
    kms.settle();
    assert!(encrypts(&east, key).await);
    assert!(!encrypts(&west, key).await);
    let listed = materials(&west, key).await;
    assert_eq!(listed[1].key_material_state(), Some(&KeyMaterialState::Current));
    assert_eq!(listed[1].import_state(), Some(&ImportState::PendingImport));
    assert!(listed[1].rotation_date().is_some());
    imported(&west, key, &[2; 32], None).await;
    assert!(encrypts(&west, key).await);
}
