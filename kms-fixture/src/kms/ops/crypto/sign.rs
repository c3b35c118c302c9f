//! Sign and Verify (API reference; recorded order of checks, fact 13.5).

use serde::{Deserialize, Serialize};

use super::{crypto_error, stop_dry_run};
use crate::kms::crypto::{Fault, Material, MessageKind};
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_use::KeyUse;
use crate::model::{GrantOperation, KeySpec, KeyUsage};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    message: Blob,
    message_type: Option<String>,
    /// Verify only.
    signature: Option<Blob>,
    grant_tokens: Option<Vec<String>>,
    signing_algorithm: String,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Signed {
    key_id: String,
    signature: Blob,
    signing_algorithm: String,
}

pub(crate) fn sign(cx: &mut Cx<'_>, input: Input) -> Result<Signed> {
    let (arn, kind, secret) = cx.signing_key("Sign", GrantOperation::Sign, &input)?;
    let algorithm = &input.signing_algorithm;
    let pair = secret.pair().ok_or_else(|| KmsError::not_supported(algorithm))?;
    let signature = pair.sign(algorithm, kind, &input.message);
    let signature = signature.map_err(|it| signing_error(it, algorithm))?;
    stop_dry_run(input.dry_run)?;
    Ok(Signed {
        key_id: arn,
        signature: signature.into(),
        signing_algorithm: input.signing_algorithm,
    })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Verified {
    key_id: String,
    signature_valid: bool,
    signing_algorithm: String,
}

pub(crate) fn verify(cx: &mut Cx<'_>, input: Input) -> Result<Verified> {
    let (arn, kind, secret) = cx.signing_key("Verify", GrantOperation::Verify, &input)?;
    let algorithm = &input.signing_algorithm;
    let pair = secret.pair().ok_or_else(|| KmsError::not_supported(algorithm))?;
    let signature = input.signature.as_deref().unwrap_or_default();
    let valid = pair.verify(algorithm, kind, &input.message, signature);
    // Row 50: an invalid signature is an error, never `false`.
    if !valid.map_err(|it| signing_error(it, algorithm))? {
        return Err(KmsError::invalid_signature_of_message());
    }
    stop_dry_run(input.dry_run)?;
    Ok(Verified { key_id: arn, signature_valid: true, signing_algorithm: input.signing_algorithm })
}

fn signing_error(fault: Fault, algorithm: &str) -> KmsError {
    match fault {
        Fault::DigestLength => KmsError::digest_length(algorithm),
        other => crypto_error(other, || KmsError::not_supported(algorithm)),
    }
}

impl Cx<'_> {
    /// Authorizes and checks the key; returns its ARN, the kind of the message and the secret.
    fn signing_key(
        &mut self,
        operation: &str,
        allowed_by: GrantOperation,
        input: &Input,
    ) -> Result<(String, MessageKind, Material)> {
        let algorithm = input.signing_algorithm.as_str();
        let message_type = input.message_type.as_deref().unwrap_or("RAW");
        let index = self.key_to_use(&KeyUse {
            operation,
            allowed_by,
            key_id: &input.key_id,
            grant_tokens: input.grant_tokens.as_deref(),
            encryption_context: None,
            conditions: &|context| {
                context.text("kms:SigningAlgorithm", algorithm);
                context.text("kms:MessageType", message_type);
            },
        })?;
        let key = self.store.keys.get(index);
        key.must_be_for(KeyUsage::SIGN_VERIFY, operation)?;
        key.must_be_usable()?;
        key.must_support(algorithm)?;
        let kind = message_kind(message_type, key.spec, algorithm)?;
        if kind == MessageKind::ExternalMu && input.message.len() != 64 {
            return Err(KmsError::external_mu_length(algorithm));
        }
        let arn = key.arn.clone();
        let (_, secret) = self.current_secret(index)?;
        Ok((arn, kind, secret))
    }
}

/// Returns the kind of the message; checks that its type fits the key spec, then the algorithm.
fn message_kind(message_type: &str, spec: KeySpec, algorithm: &str) -> Result<MessageKind> {
    let is_ml_dsa = algorithm == "ML_DSA_SHAKE_256";
    let (kind, fits_spec) = match message_type {
        "DIGEST" => (MessageKind::Digest, !is_ml_dsa),
        "EXTERNAL_MU" => (MessageKind::ExternalMu, is_ml_dsa),
        _ => (MessageKind::Raw, true),
    };
    if !fits_spec {
        let what = format!("key spec {spec}");
        return Err(KmsError::wrong_message_type(message_type, &what));
    }
    let fits = match algorithm {
        "ED25519_PH_SHA_512" => kind == MessageKind::Digest,
        "ED25519_SHA_512" => kind == MessageKind::Raw,
        _ => true,
    };
    if !fits {
        let what = format!("algorithm {algorithm}");
        return Err(KmsError::wrong_message_type(message_type, &what));
    }
    Ok(kind)
}
