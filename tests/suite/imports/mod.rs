//! GetParametersForImport, ImportKeyMaterial and DeleteImportedKeyMaterial (`kms-facts.md` 12b).

mod expiry;
mod materials;
mod other_keys;
mod replicas;

use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey, PublicEncryptingKey,
};
use aws_sdk_kms::Client;
use aws_sdk_kms::operation::get_parameters_for_import::GetParametersForImportOutput;
use aws_sdk_kms::operation::import_key_material::builders::ImportKeyMaterialFluentBuilder;
use aws_sdk_kms::primitives::{Blob, DateTime};
use aws_sdk_kms::types::{
    AlgorithmSpec, ExpirationModelType, ImportState, ImportType, IncludeKeyMaterial,
    KeyMaterialState, KeyMetadata, KeySpec, KeyState, KeyUsageType, OriginType, RotationsListEntry,
    WrappingKeySpec,
};
use kms_fixture::Kms;
use std::time::{Duration, SystemTime};

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

async fn created(client: &Client, spec: KeySpec, usage: KeyUsageType) -> String {
    let create = client.create_key().origin(OriginType::External);
    let create = create.key_spec(spec).key_usage(usage).send().await.unwrap();
    create.key_metadata().unwrap().key_id().to_owned()
}
