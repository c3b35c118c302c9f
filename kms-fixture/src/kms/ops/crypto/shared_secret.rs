//! DeriveSharedSecret (API reference, DeriveSharedSecret).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{crypto_error, refuse_recipient, stop_dry_run};
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_use::KeyUse;
use crate::model::{GrantOperation, KeyUsage};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    key_agreement_algorithm: String,
    public_key: Blob,
    grant_tokens: Option<Vec<String>>,
    dry_run: Option<bool>,
    recipient: Option<Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    key_id: String,
    shared_secret: Blob,
    key_agreement_algorithm: String,
    key_origin: &'static str,
}

pub(crate) fn derive_shared_secret(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let algorithm = input.key_agreement_algorithm;
    let index = cx.key_to_use(&KeyUse {
        operation: "DeriveSharedSecret",
        allowed_by: GrantOperation::DeriveSharedSecret,
        key_id: &input.key_id,
        grant_tokens: input.grant_tokens.as_deref(),
        encryption_context: None,
        conditions: &|it| it.text("kms:KeyAgreementAlgorithm", &algorithm),
    })?;
    let key = cx.store.keys.get(index);
    key.must_be_for(KeyUsage::KEY_AGREEMENT, "DeriveSharedSecret")?;
    key.must_be_usable()?;
    key.must_support(&algorithm)?;
    refuse_recipient(input.recipient.as_ref())?;
    let (arn, key_origin) = (key.arn.clone(), key.origin.as_str());
    let (_, secret) = cx.current_secret(index)?;
    let agreed = secret.pair().map(|it| it.agree(&input.public_key));
    let agreed = agreed.ok_or_else(|| KmsError::not_supported(&algorithm))?;
    // The error for an invalid public key, or one of another curve, has no message (fact 1.16).
    let shared = agreed.map_err(|it| crypto_error(it, KmsError::invalid_public_key))?;
    stop_dry_run(input.dry_run)?;
    Ok(Output {
        key_id: arn,
        shared_secret: shared.into(),
        key_agreement_algorithm: algorithm,
        key_origin,
    })
}
