//! HMAC keys and private keys: how their material is wrapped and replaced (`kms-facts.md` 12b, 12d).

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use aws_lc_rs::rsa::OAEP_SHA1_MGF1SHA1;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{
    AlgorithmSpec, ImportType, IncludeKeyMaterial, KeySpec, KeyState, KeyUsageType, MessageType,
    OriginType, SigningAlgorithmSpec, WrappingKeySpec,
};
use kms_fixture::{Caller, Key, kms_test};

use super::{FOREVER, created, delete, encrypted, import, state};
use crate::calls::client;
use crate::refusal::refused;

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
async fn an_rsa_key_without_material_is_pending_before_it_is_asymmetric_fact_15_36(admin: Caller) {
    let client = client(&admin);
    let key = created(&client, KeySpec::Rsa4096, KeyUsageType::SignVerify).await;
    let key = client.describe_key().key_id(key).send().await.unwrap();
    let arn = key.key_metadata().unwrap().arn().unwrap();
    refused(client.rotate_key_on_demand().key_id(arn).send().await)
        .is("KMSInvalidStateException", &format!("{arn} is pending import."));
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
