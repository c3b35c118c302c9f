//! Decrypt (API reference, Decrypt).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ciphertext::Ciphertext;
use super::encrypt::can_encrypt;
use super::{SYMMETRIC, crypto_error, refuse_recipient, stop_dry_run};
use crate::kms::crypto::Material;
use crate::kms::error::{KmsError, Result};
use crate::kms::evidence::{Evidence, Finding, Unopened};
use crate::kms::ids::hex;
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_ref::AliasForm;
use crate::kms::ops::key_use::KeyUse;
use crate::kms::policy::Context;
use crate::kms::store::{KeyIndex, MaterialId};
use crate::model::{EncryptionContext, GrantOperation};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    ciphertext_blob: Option<Blob>,
    #[serde(default)]
    encryption_context: EncryptionContext,
    grant_tokens: Option<Vec<String>>,
    key_id: Option<String>,
    encryption_algorithm: Option<String>,
    recipient: Option<Value>,
    dry_run: Option<bool>,
    dry_run_modifiers: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    key_id: String,
    plaintext: Blob,
    encryption_algorithm: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material_id: Option<String>,
}

pub(crate) fn decrypt(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let algorithm = input.encryption_algorithm.unwrap_or_else(|| SYMMETRIC.to_owned());
    let ignored = ignores_ciphertext(input.dry_run, input.dry_run_modifiers.as_deref())?;
    let decryption = Decryption {
        operation: "Decrypt",
        allowed_by: GrantOperation::Decrypt,
        key_id: input.key_id.as_deref(),
        grant_tokens: input.grant_tokens.as_deref(),
        context: &input.encryption_context,
        algorithm: &algorithm,
        conditions: &|_| {},
    };
    let source = cx.source(&decryption, input.ciphertext_blob.as_ref(), ignored)?;
    refuse_recipient(input.recipient.as_ref())?;
    let found = cx.store.keys.get(source.key);
    can_encrypt(found, "Decrypt", &algorithm, &input.encryption_context)?;
    if ignored {
        return Err(KmsError::dry_run());
    }
    let arn = found.arn.clone();
    let opened = cx.decrypt(&decryption, &source)?;
    stop_dry_run(input.dry_run)?;
    Ok(Output {
        key_id: arn,
        plaintext: opened.into(),
        encryption_algorithm: algorithm,
        key_material_id: source.material.map(|it| hex(&it)),
    })
}

/// Returns whether the ciphertext does not count (facts 15.25 and 15.26).
pub(super) fn ignores_ciphertext(
    dry_run: Option<bool>,
    modifiers: Option<&[String]>,
) -> Result<bool> {
    let modifiers = modifiers.unwrap_or_default();
    if !modifiers.is_empty() && dry_run != Some(true) {
        return Err(KmsError::modifiers_without_dry_run());
    }
    Ok(modifiers.iter().any(|it| it == "IGNORE_CIPHERTEXT"))
}

/// A request to decrypt a ciphertext.
pub(super) struct Decryption<'a> {
    pub(super) operation: &'a str,
    pub(super) allowed_by: GrantOperation,
    pub(super) key_id: Option<&'a str>,
    pub(super) grant_tokens: Option<&'a [String]>,
    pub(super) context: &'a EncryptionContext,
    pub(super) algorithm: &'a str,
    pub(super) conditions: &'a dyn Fn(&mut Context),
}

/// A ciphertext and its key, which the caller may use.
pub(super) struct Source<'a> {
    pub(super) key: KeyIndex,
    pub(super) material: Option<MaterialId>,
    blob: &'a [u8],
}

impl Cx<'_> {
    /// Finds the key of a ciphertext, or the key that the request names if the ciphertext does not count, and authorizes
    /// its use.
    pub(super) fn source<'b>(
        &mut self,
        decryption: &Decryption<'_>,
        blob: Option<&'b Blob>,
        ignored: bool,
    ) -> Result<Source<'b>> {
        let Some(blob) = blob.filter(|_| !ignored) else {
            if !ignored {
                return Err(KmsError::missing_member("ciphertextBlob"));
            }
            let key_id = decryption.key_id.ok_or_else(KmsError::key_id_required)?;
            let key = self.find_key(decryption.operation, key_id, AliasForm::Accepted)?;
            self.authorize_decryption(key, decryption)?;
            return Ok(Source { key, material: None, blob: &[] });
        };
        if decryption.algorithm != SYMMETRIC {
            let key_id = decryption.key_id.ok_or_else(KmsError::key_id_required)?;
            let key = self.find_key(decryption.operation, key_id, AliasForm::Accepted)?;
            self.authorize_decryption(key, decryption)?;
            return Ok(Source { key, material: None, blob });
        }
        let ciphertext = Ciphertext::read(blob).ok_or_else(|| {
            let foreign = Finding::Ciphertext(Unopened::Foreign);
            KmsError::invalid_ciphertext().because(Evidence::of(foreign))
        })?;
        let key = self.store.keys.find_by_material(&ciphertext.material);
        let key = key.filter(|it| self.view.sees(self.store.keys.get(*it).made));
        // A bare key id suffices even for a key of another account (API reference, Decrypt, cross-account use).
        let is_its_id = |key_id: &str| key.is_some_and(|it| self.store.keys.get(it).id == key_id);
        if let Some(key_id) = decryption.key_id.filter(|it| !is_its_id(it)) {
            // Recorded: an incorrect key is reported before its usage and state, and a key of another Region is
            // incorrect.
            match self.find_key(decryption.operation, key_id, AliasForm::Accepted) {
                Ok(named) if Some(named) == key => {}
                Ok(_) => return Err(self.incorrect_key(key)),
                Err(error) if error.is_other_region() => return Err(KmsError::incorrect_key()),
                Err(error) => return Err(error),
            }
        }
        let key = key.ok_or_else(KmsError::no_key_of_ciphertext)?;
        self.authorize_decryption(key, decryption)?;
        Ok(Source { key, material: Some(ciphertext.material), blob })
    }

    /// Returns the error for a ciphertext of another key, `key`.
    fn incorrect_key(&self, key: Option<KeyIndex>) -> KmsError {
        let Some(key) = key else { return KmsError::incorrect_key() };
        let arn = self.store.keys.get(key).arn.clone();
        KmsError::incorrect_key().because(Evidence::of(Finding::Ciphertext(Unopened::Key(arn))))
    }

    fn authorize_decryption(&mut self, key: KeyIndex, decryption: &Decryption<'_>) -> Result<()> {
        self.authorize_use(
            key,
            &KeyUse {
                operation: decryption.operation,
                allowed_by: decryption.allowed_by,
                key_id: decryption.key_id.unwrap_or_default(),
                grant_tokens: decryption.grant_tokens,
                encryption_context: Some(decryption.context),
                conditions: &|context| {
                    context.text("kms:EncryptionAlgorithm", decryption.algorithm);
                    (decryption.conditions)(context);
                },
            },
        )
    }

    /// Decrypts a ciphertext whose key passed `can_encrypt`.
    pub(super) fn decrypt(
        &mut self,
        decryption: &Decryption<'_>,
        source: &Source<'_>,
    ) -> Result<Vec<u8>> {
        let invalid = KmsError::invalid_ciphertext;
        let Some(material) = source.material else {
            let (_, secret) = self.current_secret(source.key)?;
            let opened =
                secret.pair().ok_or_else(invalid)?.decrypt(decryption.algorithm, source.blob);
            return opened.map_err(|it| crypto_error(it, invalid));
        };
        match self.secret(source.key, &material)? {
            Material::Symmetric(key) => Ciphertext::read(source.blob)
                .and_then(|it| it.open(&key, decryption.context))
                .ok_or_else(|| {
                    let context =
                        Finding::Ciphertext(Unopened::Context(decryption.context.clone()));
                    let resource = self.store.keys.get(source.key).arn.clone();
                    invalid().because(Evidence { resource, ..Evidence::of(context) })
                }),
            _ => Err(invalid()),
        }
    }
}
