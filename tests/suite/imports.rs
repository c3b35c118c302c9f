//! GetParametersForImport, ImportKeyMaterial and DeleteImportedKeyMaterial (`kms-facts.md` 12b).

use std::time::{Duration, SystemTime};

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey,
    PublicEncryptingKey,
};
use aws_sdk_kms::Client;
use aws_sdk_kms::operation::get_parameters_for_import::GetParametersForImportOutput;
use aws_sdk_kms::operation::import_key_material::builders::ImportKeyMaterialFluentBuilder;
use aws_sdk_kms::primitives::{Blob, DateTime};
use aws_sdk_kms::types::{
    AlgorithmSpec, ExpirationModelType, ImportState, ImportType, IncludeKeyMaterial,
    KeyMaterialState, KeyMetadata, KeySpec, KeyState, KeyUsageType, MessageType, OriginType,
    RotationsListEntry, SigningAlgorithmSpec, WrappingKeySpec,
};
use kms_fixture::scenario::{Consistency, KeyDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use serde_json::json;

use super::calls::{client, client_in};
use super::refusal::refused;

const WEST: &str = "us-west-2";
const DAY: Duration = Duration::from_hours(24);
const FOREVER: ExpirationModelType = ExpirationModelType::KeyMaterialDoesNotExpire;

async fn parameters(client: &Client, key: &str) -> GetParametersForImportOutput {
    let parameters = client
        .get_parameters_for_import()
        .key_id(key)
        .wrapping_algorithm(AlgorithmSpec::RsaesOaepSha256)
        .wrapping_key_spec(WrappingKeySpec::Rsa2048);
    parameters.send().await.unwrap()
}

fn encrypted(public_key: &Blob, algorithm: &'static OaepAlgorithm, plaintext: &[u8]) -> Vec<u8> {
    let key = PublicEncryptingKey::from_der(public_key.as_ref()).unwrap();
    let key = OaepPublicEncryptingKey::new(key).unwrap();
    let mut bytes = vec![0; key.ciphertext_size()];
    let length = key.encrypt(algorithm, plaintext, &mut bytes, None).unwrap().len();
    bytes.truncate(length);
    bytes
}

/// An import of `material` with these parameters, that says nothing more.
fn import_with(
    client: &Client,
    key: &str,
    parameters: &GetParametersForImportOutput,
    material: &[u8],
) -> ImportKeyMaterialFluentBuilder {
    let public_key = parameters.public_key().unwrap();
    let wrapped = encrypted(public_key, &OAEP_SHA256_MGF1SHA256, material);
    client
        .import_key_material()
        .key_id(key)
        .import_token(parameters.import_token().unwrap().clone())
        .encrypted_key_material(Blob::new(wrapped))
}

/// An import of `material` that does not expire.
async fn import(client: &Client, key: &str, material: &[u8]) -> ImportKeyMaterialFluentBuilder {
    let parameters = parameters(client, key).await;
    import_with(client, key, &parameters, material).expiration_model(FOREVER)
}

/// Imports, and gives the material's id.
async fn imported(client: &Client, key: &str, material: &[u8], kind: Option<ImportType>) -> String {
    let import = import(client, key, material).await.set_import_type(kind);
    let answer = import.send().await.unwrap();
    answer.key_material_id().unwrap().to_owned()
}

async fn describe(client: &Client, key: &str) -> KeyMetadata {
    let described = client.describe_key().key_id(key).send().await.unwrap();
    described.key_metadata().unwrap().clone()
}

async fn state(client: &Client, key: &str) -> KeyState {
    describe(client, key).await.key_state().unwrap().clone()
}

async fn materials(client: &Client, key: &str) -> Vec<RotationsListEntry> {
    let list = client.list_key_rotations().key_id(key);
    let list = list.include_key_material(IncludeKeyMaterial::AllKeyMaterial);
    list.send().await.unwrap().rotations().to_vec()
}

/// What each material is for, and whether it is there.
async fn states(client: &Client, key: &str) -> Vec<(KeyMaterialState, ImportState)> {
    let listed = materials(client, key).await.into_iter().map(|it| {
        let state = it.key_material_state().unwrap().clone();
        (state, it.import_state().unwrap().clone())
    });
    listed.collect()
}

async fn delete(client: &Client, key: &str, material: Option<&str>) -> Option<String> {
    let delete = client.delete_imported_key_material().key_id(key);
    let delete = delete.set_key_material_id(material.map(str::to_owned));
    let answer = delete.send().await.unwrap();
    answer.key_material_id().map(str::to_owned)
}

async fn rotate(client: &Client, key: &str) {
    let rotate = client.rotate_key_on_demand().key_id(key);
    rotate.send().await.unwrap();
}

async fn encrypts(client: &Client, key: &str) -> bool {
    let encrypt = client.encrypt().key_id(key).plaintext(Blob::new(*b"text"));
    let outcome = encrypt.send().await;
    if outcome.is_ok() {
        return true;
    }
    let arn = describe(client, key).await.arn().unwrap().to_owned();
    refused(outcome).is("KMSInvalidStateException", &format!("{arn} is pending import."));
    false
}

fn seconds(kms: &Kms, from_now: Duration) -> DateTime {
    let at = kms.clock().now() + from_now;
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    DateTime::from_secs(i64::try_from(since.as_secs()).unwrap())
}

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

async fn created(client: &Client, spec: KeySpec, usage: KeyUsageType) -> String {
    let create = client.create_key().origin(OriginType::External);
    let create = create.key_spec(spec).key_usage(usage).send().await.unwrap();
    create.key_metadata().unwrap().key_id().to_owned()
}

/// Facts 12.36, 12.37, 12.104, 12.105 and 12.113.
#[kms_test]
async fn wrapping_depends_on_what_is_wrapped(admin: Caller) {
    use AlgorithmSpec::{
        RsaAesKeyWrapSha1, RsaAesKeyWrapSha256, RsaesOaepSha1, RsaesOaepSha256, RsaesPkcs1V15,
    };
    let client = client(&admin);
    let sign = KeyUsageType::SignVerify;
    let mac = KeyUsageType::GenerateVerifyMac;
    for (spec, usage, algorithm, fits) in [
        (KeySpec::SymmetricDefault, KeyUsageType::EncryptDecrypt, RsaesPkcs1V15, false),
        (KeySpec::SymmetricDefault, KeyUsageType::EncryptDecrypt, RsaAesKeyWrapSha256, false),
        (KeySpec::SymmetricDefault, KeyUsageType::EncryptDecrypt, RsaesOaepSha1, true),
        (KeySpec::Rsa2048, sign.clone(), RsaesOaepSha256, false),
        (KeySpec::Rsa2048, sign.clone(), RsaAesKeyWrapSha1, true),
        (KeySpec::Hmac224, mac.clone(), RsaesOaepSha256, true),
        (KeySpec::EccNistP256, sign.clone(), RsaesOaepSha256, true),
        (KeySpec::EccSecgP256K1, sign.clone(), RsaesOaepSha256, true),
        (KeySpec::EccNistP521, sign.clone(), RsaesOaepSha256, false),
        (KeySpec::EccNistP521, sign.clone(), RsaAesKeyWrapSha256, true),
    ] {
        let key = created(&client, spec.clone(), usage).await;
        let outcome = client
            .get_parameters_for_import()
            .key_id(key)
            .wrapping_algorithm(algorithm.clone())
            .wrapping_key_spec(WrappingKeySpec::Rsa2048)
            .send()
            .await;
        assert_eq!(outcome.is_ok(), fits, "{spec} and {algorithm}");
        if !fits {
            refused(outcome).is(
                "ValidationException",
                &format!(
                    "Wrapping algorithm {algorithm} and wrapping key spec RSA_2048 cannot be used to import a {spec} key."
                ),
            );
        }
    }
    let create = client.create_key().origin(OriginType::External);
    let create = create.key_spec(KeySpec::MlDsa65).key_usage(sign);
    refused(create.send().await)
        .is("ValidationException", "KeySpec ML_DSA_65 is not supported for Origin EXTERNAL");
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
async fn import_refused(client: &Client, key: &str) -> super::refusal::Refusal {
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

#[kms_test(keys(macs(origin(EXTERNAL), spec(HMAC_224), usage(GENERATE_VERIFY_MAC))))]
async fn other_keys_keep_their_only_material(admin: Caller, macs: Key) {
    let client = client(&admin);
    let key = macs.id();
    // Fact 12.67.
    let good = import(&client, key, &[1; 28]).await;
    for (import, parameter) in [
        (good.clone().import_type(ImportType::NewKeyMaterial), "importType"),
        (good.clone().key_material_id("0".repeat(64)), "keyMaterialId"),
        (good.clone().key_material_description("x"), "keyMaterialDescription"),
    ] {
        refused(import.send().await).is(
            "ValidationException",
            &format!("Input parameter {parameter} cannot be used with HMAC_224 imported keys."),
        );
    }
    // Fact 12.68.
    let list = client.list_key_rotations().key_id(key);
    let list = list.include_key_material(IncludeKeyMaterial::RotationsOnly);
    refused(list.send().await).is(
        "ValidationException",
        "Input parameter includeKeyMaterial can only be used with symmetric keys.",
    );
    // Fact 12.40: 27 bytes are too short.
    let short = import(&client, key, &[1; 27]).await;
    refused(short.send().await).is_silent("InvalidCiphertextException");
    // Fact 12.111: no id is shown.
    assert_eq!(good.send().await.unwrap().key_material_id(), None);
    assert_eq!(delete(&client, key, None).await, None);
    assert_eq!(state(&client, key).await, KeyState::PendingImport);
    // Fact 12.69.
    let other = import(&client, key, &[2; 28]).await;
    let refusal = refused(other.send().await);
    refusal.has_code("IncorrectKeyMaterialException");
    let same = import(&client, key, &[1; 28]).await;
    same.send().await.unwrap();
    assert_eq!(state(&client, key).await, KeyState::Enabled);
    // Fact 12.30: the spec comes before the material.
    let rotate = client.rotate_key_on_demand().key_id(key);
    refused(rotate.send().await).is_silent("UnsupportedOperationException");
}

#[kms_test]
async fn a_private_key_is_imported_in_two_wrappings(admin: Caller) {
    let client = client(&admin);
    let private = PrivateKey::generate(&ECDH_P256).unwrap();
    let pkcs8: Pkcs8V1Der<'_> = private.as_der().unwrap();
    let key = created(&client, KeySpec::EccNistP256, KeyUsageType::SignVerify).await;
    let parameters = client
        .get_parameters_for_import()
        .key_id(&key)
        .wrapping_algorithm(AlgorithmSpec::RsaAesKeyWrapSha1)
        .wrapping_key_spec(WrappingKeySpec::Rsa3072);
    let parameters = parameters.send().await.unwrap();
    let mut wrapped = encrypted(parameters.public_key().unwrap(), &OAEP_SHA1_MGF1SHA1, &[7; 32]);
    let mut material = vec![0; pkcs8.as_ref().len() + 15];
    let inner = AesKek::new(&AES_256, &[7; 32]).unwrap();
    wrapped.extend_from_slice(inner.wrap_with_padding(pkcs8.as_ref(), &mut material).unwrap());
    let import = client
        .import_key_material()
        .key_id(&key)
        .import_token(parameters.import_token().unwrap().clone())
        .encrypted_key_material(Blob::new(wrapped))
        .expiration_model(FOREVER);
    assert_eq!(import.send().await.unwrap().key_material_id(), None);
    // The key that was imported is the one that signs.
    let sign = client
        .sign()
        .key_id(&key)
        .message(Blob::new(*b"text"))
        .message_type(MessageType::Raw)
        .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
    let signed = sign.send().await.unwrap();
    let public = private.compute_public_key().unwrap();
    let verify = aws_lc_rs::signature::UnparsedPublicKey::new(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_ASN1,
        public.as_ref(),
    );
    verify.verify(b"text", signed.signature().unwrap().as_ref()).unwrap();
}

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
