//! Encapsulate and Decapsulate (API model of 2026); no recording has been published yet.

use serde::{Deserialize, Serialize};

use super::{crypto_error, stop_dry_run};
use crate::kms::crypto::Material;
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_use::KeyUse;
use crate::model::{GrantOperation, KeyUsage};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    encapsulation_algorithm: String,
    /// Decapsulate only.
    shared_secret_ciphertext_blob: Option<Blob>,
    grant_tokens: Option<Vec<String>>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Encapsulated {
    key_id: String,
    shared_secret: Blob,
    shared_secret_ciphertext_blob: Blob,
    encapsulation_algorithm: String,
}

pub(crate) fn encapsulate(cx: &mut Cx<'_>, input: Input) -> Result<Encapsulated> {
    let allowed_by = GrantOperation::Encapsulate;
    let (arn, secret) = cx.encapsulation_key("Encapsulate", allowed_by, &input)?;
    let unsupported = || KmsError::not_supported(&input.encapsulation_algorithm);
    let pair = secret.pair().ok_or_else(unsupported)?;
    let (ciphertext, shared) = pair.encapsulate().map_err(|it| crypto_error(it, unsupported))?;
    stop_dry_run(input.dry_run)?;
    Ok(Encapsulated {
        key_id: arn,
        shared_secret: shared.into(),
        shared_secret_ciphertext_blob: ciphertext.into(),
        encapsulation_algorithm: input.encapsulation_algorithm,
    })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Decapsulated {
    key_id: String,
    shared_secret: Blob,
    encapsulation_algorithm: String,
}

pub(crate) fn decapsulate(cx: &mut Cx<'_>, input: Input) -> Result<Decapsulated> {
    let allowed_by = GrantOperation::Decapsulate;
    let (arn, secret) = cx.encapsulation_key("Decapsulate", allowed_by, &input)?;
    let unsupported = || KmsError::not_supported(&input.encapsulation_algorithm);
    let pair = secret.pair().ok_or_else(unsupported)?;
    let blob = input.shared_secret_ciphertext_blob.as_deref();
    let shared = pair.decapsulate(blob.unwrap_or_default());
    let shared = shared.map_err(|it| crypto_error(it, KmsError::invalid_ciphertext))?;
    stop_dry_run(input.dry_run)?;
    Ok(Decapsulated {
        key_id: arn,
        shared_secret: shared.into(),
        encapsulation_algorithm: input.encapsulation_algorithm,
    })
}

impl Cx<'_> {
    /// Authorizes and checks the key; returns its ARN and secret.
    fn encapsulation_key(
        &mut self,
        operation: &str,
        allowed_by: GrantOperation,
        input: &Input,
    ) -> Result<(String, Material)> {
        let index = self.key_to_use(&KeyUse {
            operation,
            allowed_by,
            key_id: &input.key_id,
            grant_tokens: input.grant_tokens.as_deref(),
            encryption_context: None,
            conditions: &|_| {},
        })?;
        let key = self.store.keys.get(index);
        key.must_be_for(KeyUsage::ENCAPSULATE_DECAPSULATE, operation)?;
        self.check_region_supports(key.spec)?;
        key.must_be_usable()?;
        key.must_support(&input.encapsulation_algorithm)?;
        let arn = key.arn.clone();
        Ok((arn, self.current_secret(index)?.1))
    }
}
