//! GenerateDataKey and GenerateDataKeyWithoutPlaintext (API reference; recorded order, fact 13.4).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ciphertext::CiphertextKind;
use super::encrypt::check_context;
use super::{SYMMETRIC, refuse_recipient, stop_dry_run};
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::hex;
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_use::KeyUse;
use crate::model::{EncryptionContext, GrantOperation, KeyUsage};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    #[serde(default)]
    encryption_context: EncryptionContext,
    number_of_bytes: Option<usize>,
    key_spec: Option<String>,
    grant_tokens: Option<Vec<String>>,
    recipient: Option<Value>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    ciphertext_blob: Blob,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<Blob>,
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material_id: Option<String>,
}

pub(crate) fn generate_data_key(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    generate(cx, input, "GenerateDataKey", GrantOperation::GenerateDataKey)
}

pub(crate) fn generate_data_key_without_plaintext(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let output = generate(
        cx,
        input,
        "GenerateDataKeyWithoutPlaintext",
        GrantOperation::GenerateDataKeyWithoutPlaintext,
    )?;
    Ok(Output { plaintext: None, ..output })
}

fn generate(
    cx: &mut Cx<'_>,
    input: Input,
    operation: &str,
    allowed_by: GrantOperation,
) -> Result<Output> {
    let key = cx.key_to_use(&KeyUse {
        operation,
        allowed_by,
        key_id: &input.key_id,
        grant_tokens: input.grant_tokens.as_deref(),
        encryption_context: Some(&input.encryption_context),
        conditions: &|it| it.text("kms:EncryptionAlgorithm", SYMMETRIC),
    })?;
    let length = match (input.number_of_bytes, input.key_spec.as_deref()) {
        (Some(length), None) => length,
        (None, Some("AES_128")) => 16,
        (None, Some(_)) => 32,
        _ => return Err(KmsError::length_or_spec()),
    };
    let found = cx.store.keys.get(key);
    found.must_be_for(KeyUsage::ENCRYPT_DECRYPT, operation)?;
    found.must_be_usable()?;
    if !found.spec.is_symmetric_encryption() {
        return Err(KmsError::data_key_under_asymmetric_key("data key"));
    }
    check_context(&input.encryption_context)?;
    refuse_recipient(input.recipient.as_ref())?;
    stop_dry_run(input.dry_run)?;
    let arn = found.arn.clone();
    let mut plaintext = vec![0; length];
    cx.store.ids.next("data-key").fill(&mut plaintext);
    let context = &input.encryption_context;
    let made = cx.encrypt(key, SYMMETRIC, context, &plaintext, CiphertextKind::DataKey)?;
    Ok(Output {
        ciphertext_blob: made.blob.into(),
        plaintext: Some(plaintext.into()),
        key_id: arn,
        key_material_id: made.material.map(|it| hex(&it)),
    })
}
