//! GenerateMac and VerifyMac (API reference).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{crypto_error, stop_dry_run};
use crate::kms::crypto::{Material, hmac, hmac_verify};
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_use::KeyUse;
use crate::model::{GrantOperation, KeyUsage};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Generate {
    message: Blob,
    key_id: String,
    mac_algorithm: String,
    grant_tokens: Option<Vec<String>>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Generated {
    mac: Blob,
    mac_algorithm: String,
    key_id: String,
}

pub(crate) fn generate_mac(cx: &mut Cx<'_>, input: Generate) -> Result<Generated> {
    let request = MacRequest {
        operation: "GenerateMac",
        allowed_by: GrantOperation::GenerateMac,
        key_id: &input.key_id,
        grant_tokens: input.grant_tokens.as_deref(),
        algorithm: &input.mac_algorithm,
    };
    let (arn, key) = cx.mac_key(&request)?;
    let unsupported = || KmsError::not_supported(&input.mac_algorithm);
    let mac = hmac(&input.mac_algorithm, &key, &input.message);
    let mac = mac.map_err(|it| crypto_error(it, unsupported))?;
    stop_dry_run(input.dry_run)?;
    Ok(Generated { mac: mac.into(), mac_algorithm: input.mac_algorithm, key_id: arn })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Verify {
    message: Blob,
    key_id: String,
    mac_algorithm: String,
    mac: Blob,
    grant_tokens: Option<Vec<String>>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Verified {
    key_id: String,
    mac_valid: bool,
    mac_algorithm: String,
}

pub(crate) fn verify_mac(cx: &mut Cx<'_>, input: Verify) -> Result<Verified> {
    let request = MacRequest {
        operation: "VerifyMac",
        allowed_by: GrantOperation::VerifyMac,
        key_id: &input.key_id,
        grant_tokens: input.grant_tokens.as_deref(),
        algorithm: &input.mac_algorithm,
    };
    let (arn, key) = cx.mac_key(&request)?;
    let unsupported = || KmsError::not_supported(&input.mac_algorithm);
    let valid = hmac_verify(&input.mac_algorithm, &key, &input.message, &input.mac);
    // Row 50: an invalid MAC is an error, never `false`.
    if !valid.map_err(|it| crypto_error(it, unsupported))? {
        return Err(KmsError::invalid_mac());
    }
    stop_dry_run(input.dry_run)?;
    Ok(Verified { key_id: arn, mac_valid: true, mac_algorithm: input.mac_algorithm })
}

/// The members that both requests have.
struct MacRequest<'a> {
    operation: &'a str,
    allowed_by: GrantOperation,
    key_id: &'a str,
    grant_tokens: Option<&'a [String]>,
    algorithm: &'a str,
}

impl Cx<'_> {
    /// Authorizes and checks the HMAC key; returns its ARN and secret.
    fn mac_key(&mut self, request: &MacRequest<'_>) -> Result<(String, Arc<[u8]>)> {
        let index = self.key_to_use(&KeyUse {
            operation: request.operation,
            allowed_by: request.allowed_by,
            key_id: request.key_id,
            grant_tokens: request.grant_tokens,
            encryption_context: None,
            conditions: &|it| it.text("kms:MacAlgorithm", request.algorithm),
        })?;
        let key = self.store.keys.get(index);
        key.must_be_for(KeyUsage::GENERATE_VERIFY_MAC, request.operation)?;
        key.must_be_usable()?;
        key.must_support(request.algorithm)?;
        let arn = key.arn.clone();
        match self.current_secret(index)? {
            (_, Material::Hmac(secret)) => Ok((arn, secret)),
            _ => Err(KmsError::not_supported(request.algorithm)),
        }
    }
}
