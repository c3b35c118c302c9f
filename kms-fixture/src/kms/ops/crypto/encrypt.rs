//! Encrypt (API reference, Encrypt).

use serde::{Deserialize, Serialize};

use super::ciphertext::{self, CiphertextKind, Randomness};
use super::{SYMMETRIC, crypto_error, stop_dry_run};
use crate::kms::crypto::{Material, oaep_limit};
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_use::KeyUse;
use crate::kms::store::{Key, KeyIndex, MaterialId};
use crate::model::{EncryptionContext, GrantOperation, KeyUsage};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    plaintext: Blob,
    #[serde(default)]
    encryption_context: EncryptionContext,
    grant_tokens: Option<Vec<String>>,
    encryption_algorithm: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    ciphertext_blob: Blob,
    key_id: String,
    encryption_algorithm: String,
}

pub(crate) fn encrypt(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let algorithm = input.encryption_algorithm.unwrap_or_else(|| SYMMETRIC.to_owned());
    let key = cx.key_to_use(&KeyUse {
        operation: "Encrypt",
        allowed_by: GrantOperation::Encrypt,
        key_id: &input.key_id,
        grant_tokens: input.grant_tokens.as_deref(),
        encryption_context: Some(&input.encryption_context),
        conditions: &|it| it.text("kms:EncryptionAlgorithm", &algorithm),
    })?;
    let found = cx.store.keys.get(key);
    can_encrypt(found, "Encrypt", &algorithm, &input.encryption_context)?;
    check_context(&input.encryption_context)?;
    check_length(found, &algorithm, input.plaintext.len())?;
    let arn = found.arn.clone();
    stop_dry_run(input.dry_run)?;
    let context = &input.encryption_context;
    let made = cx.encrypt(key, &algorithm, context, &input.plaintext, CiphertextKind::Message)?;
    Ok(Output { ciphertext_blob: made.blob.into(), key_id: arn, encryption_algorithm: algorithm })
}

/// Checks that a key can encrypt or decrypt: its usage, state, algorithm and context.
pub(super) fn can_encrypt(
    key: &Key,
    operation: &str,
    algorithm: &str,
    context: &EncryptionContext,
) -> Result<()> {
    key.must_be_for(KeyUsage::ENCRYPT_DECRYPT, operation)?;
    key.must_be_usable()?;
    // The algorithm decides, not the key (fact 15.27).
    if algorithm != SYMMETRIC && !context.is_empty() {
        return Err(KmsError::context_with_asymmetric_key());
    }
    key.must_support(algorithm)
}

/// Checks the encryption context of a new ciphertext: no value may be empty (fact 15.20), and no key (INVENTED(empty-pairs)).
pub(super) fn check_context(context: &EncryptionContext) -> Result<()> {
    if context.iter().any(|(key, value)| key.is_empty() || value.is_empty()) {
        return Err(KmsError::invalid_context());
    }
    Ok(())
}

/// Checks that the plaintext is not too long for the key (row 44).
pub(super) fn check_length(key: &Key, algorithm: &str, length: usize) -> Result<()> {
    match oaep_limit(key.spec, algorithm) {
        Some(limit) if length > limit => {
            Err(KmsError::too_long(algorithm, key.spec.as_str(), limit))
        }
        _ => Ok(()),
    }
}

/// A ciphertext, and the id of its material for keys that show it.
pub(super) struct Encrypted {
    pub(super) blob: Vec<u8>,
    pub(super) material: Option<MaterialId>,
}

impl Cx<'_> {
    /// Encrypts with a key that passed `can_encrypt`.
    pub(super) fn encrypt(
        &mut self,
        key: KeyIndex,
        algorithm: &str,
        context: &EncryptionContext,
        plaintext: &[u8],
        kind: CiphertextKind,
    ) -> Result<Encrypted> {
        let (id, secret) = self.current_secret(key)?;
        let unsupported = || KmsError::wrong_algorithm(algorithm, "of this key");
        match &secret {
            Material::Symmetric(bytes) => {
                let mut draw = self.store.ids.next("ciphertext");
                let randomness = Randomness { salt: draw.bytes(), nonce: draw.bytes() };
                let blob = ciphertext::seal(kind, &id, bytes, context, plaintext, &randomness);
                Ok(Encrypted {
                    blob: blob.map_err(|it| crypto_error(it, unsupported))?,
                    material: Some(id),
                })
            }
            Material::Pair(pair) => Ok(Encrypted {
                blob: pair
                    .encrypt(algorithm, plaintext)
                    .map_err(|it| crypto_error(it, unsupported))?,
                material: None,
            }),
            Material::Hmac(_) => Err(unsupported()),
        }
    }
}
