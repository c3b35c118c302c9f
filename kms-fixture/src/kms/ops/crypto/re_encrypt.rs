//! ReEncrypt (API reference, ReEncrypt): decrypts with one key and encrypts with another.
//!
//! All checks of the source precede those of the destination; the cryptography follows (INVENTED(re-encrypt-order)). It
//! is recorded that the source key is compared first.

use serde::{Deserialize, Serialize};

use super::ciphertext::{Ciphertext, CiphertextKind};
use super::decrypt::{Decryption, ignores_ciphertext};
use super::encrypt::{can_encrypt, check_context, check_length};
use super::{SYMMETRIC, stop_dry_run};
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::hex;
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_ref::AliasForm;
use crate::kms::ops::key_use::KeyUse;
use crate::kms::policy::Context;
use crate::model::{EncryptionContext, GrantOperation};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    ciphertext_blob: Option<Blob>,
    #[serde(default)]
    source_encryption_context: EncryptionContext,
    source_key_id: Option<String>,
    destination_key_id: String,
    #[serde(default)]
    destination_encryption_context: EncryptionContext,
    source_encryption_algorithm: Option<String>,
    destination_encryption_algorithm: Option<String>,
    grant_tokens: Option<Vec<String>>,
    dry_run: Option<bool>,
    dry_run_modifiers: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    ciphertext_blob: Blob,
    source_key_id: String,
    key_id: String,
    source_encryption_algorithm: String,
    destination_encryption_algorithm: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_key_material_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_key_material_id: Option<String>,
}

pub(crate) fn re_encrypt(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let or_default = |it: Option<String>| it.unwrap_or_else(|| SYMMETRIC.to_owned());
    let from = or_default(input.source_encryption_algorithm);
    let to = or_default(input.destination_encryption_algorithm);
    let tokens = input.grant_tokens.as_deref();
    let is_ignored = ignores_ciphertext(input.dry_run, input.dry_run_modifiers.as_deref())?;

    // `kms:ReEncryptOnSameKey` is a condition key of both sides.
    let destination = cx.find_key("ReEncryptTo", &input.destination_key_id, AliasForm::Accepted);
    let same = |source: Option<&str>, cx: &Cx<'_>| {
        let source = source?;
        let source = cx.find_key("ReEncryptFrom", source, AliasForm::Accepted);
        Some(source.ok()? == *destination.as_ref().ok()?)
    };
    let of_blob = |cx: &Cx<'_>| {
        let blob = input.ciphertext_blob.as_ref()?;
        let ciphertext = Ciphertext::read(blob)?;
        let source = cx.store.keys.find_by_material(&ciphertext.material)?;
        Some(source == *destination.as_ref().ok()?)
    };
    let is_same = of_blob(cx).or_else(|| same(input.source_key_id.as_deref(), cx)).unwrap_or(false);
    let on_same_key = |context: &mut Context| context.flag("kms:ReEncryptOnSameKey", is_same);

    let decryption = Decryption {
        operation: "ReEncryptFrom",
        allowed_by: GrantOperation::ReEncryptFrom,
        key_id: input.source_key_id.as_deref(),
        grant_tokens: tokens,
        context: &input.source_encryption_context,
        algorithm: &from,
        conditions: &on_same_key,
    };
    let writing = KeyUse {
        operation: "ReEncryptTo",
        allowed_by: GrantOperation::ReEncryptTo,
        key_id: &input.destination_key_id,
        grant_tokens: tokens,
        encryption_context: Some(&input.destination_encryption_context),
        conditions: &|context| {
            context.text("kms:EncryptionAlgorithm", &to);
            on_same_key(context);
        },
    };
    let source = cx.source(&decryption, input.ciphertext_blob.as_ref(), is_ignored)?;
    let source_key = cx.store.keys.get(source.key);
    can_encrypt(source_key, "ReEncrypt", &from, &input.source_encryption_context)?;
    let source_arn = source_key.arn.clone();

    let destination = destination?;
    cx.authorize_use(destination, &writing)?;
    let found = cx.store.keys.get(destination);
    can_encrypt(found, "ReEncrypt", &to, &input.destination_encryption_context)?;
    check_context(&input.destination_encryption_context)?;
    if is_ignored {
        return Err(KmsError::dry_run());
    }
    let arn = found.arn.clone();

    let plaintext = cx.decrypt(&decryption, &source)?;
    check_length(cx.store.keys.get(destination), &to, plaintext.len())?;
    stop_dry_run(input.dry_run)?;
    let context = &input.destination_encryption_context;
    let made = cx.encrypt(destination, &to, context, &plaintext, CiphertextKind::Message)?;
    Ok(Output {
        ciphertext_blob: made.blob.into(),
        source_key_id: source_arn,
        key_id: arn,
        source_encryption_algorithm: from,
        destination_encryption_algorithm: to,
        source_key_material_id: source.material.map(|it| hex(&it)),
        destination_key_material_id: made.material.map(|it| hex(&it)),
    })
}
