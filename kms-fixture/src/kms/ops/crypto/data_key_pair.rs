//! GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext (API reference).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ciphertext::CiphertextKind;
use super::encrypt::check_context;
use super::{SYMMETRIC, crypto_error, refuse_recipient, stop_dry_run};
use crate::kms::crypto::{Material, Pair};
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::hex;
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_use::KeyUse;
use crate::model::{EncryptionContext, GrantOperation, KeySpec, KeyUsage};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(default)]
    encryption_context: EncryptionContext,
    key_id: String,
    key_pair_spec: String,
    grant_tokens: Option<Vec<String>>,
    recipient: Option<Value>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    private_key_ciphertext_blob: Blob,
    #[serde(skip_serializing_if = "Option::is_none")]
    private_key_plaintext: Option<Blob>,
    public_key: Blob,
    key_id: String,
    key_pair_spec: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material_id: Option<String>,
}

pub(crate) fn generate_data_key_pair(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    generate(cx, input, "GenerateDataKeyPair", GrantOperation::GenerateDataKeyPair)
}

pub(crate) fn generate_data_key_pair_without_plaintext(
    cx: &mut Cx<'_>,
    input: Input,
) -> Result<Output> {
    let output = generate(
        cx,
        input,
        "GenerateDataKeyPairWithoutPlaintext",
        GrantOperation::GenerateDataKeyPairWithoutPlaintext,
    )?;
    Ok(Output { private_key_plaintext: None, ..output })
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
        conditions: &|context| {
            context.text("kms:EncryptionAlgorithm", SYMMETRIC);
            context.text("kms:DataKeyPairSpec", &input.key_pair_spec);
        },
    })?;
    let found = cx.store.keys.get(key);
    found.must_be_for(KeyUsage::ENCRYPT_DECRYPT, operation)?;
    found.must_be_usable()?;
    if !found.spec.is_symmetric_encryption() {
        return Err(KmsError::data_key_under_asymmetric_key("data key pair"));
    }
    // INVENTED(key-store-pairs): the code is in the API model, the message is that of the rotation operations.
    found.must_not_be_in_custom_key_store()?;
    check_context(&input.encryption_context)?;
    refuse_recipient(input.recipient.as_ref())?;
    let spec = KeySpec::from_word(&input.key_pair_spec).unwrap_or(KeySpec::SYMMETRIC_DEFAULT);
    cx.check_region_supports(spec)?;
    stop_dry_run(input.dry_run)?;
    let arn = found.arn.clone();
    let made = cx.pair(spec)?;
    let pair = made.pair().ok_or_else(|| KmsError::not_supported(spec.as_str()))?;
    let context = &input.encryption_context;
    let sealed = cx.encrypt(key, SYMMETRIC, context, pair.pkcs8(), CiphertextKind::DataKey)?;
    Ok(Output {
        private_key_ciphertext_blob: sealed.blob.into(),
        private_key_plaintext: Some(pair.pkcs8().to_vec().into()),
        public_key: Pair::public_key(pair).to_vec().into(),
        key_id: arn,
        key_pair_spec: input.key_pair_spec,
        key_material_id: sealed.material.map(|it| hex(&it)),
    })
}

impl Cx<'_> {
    /// Generates a key pair. RSA keys do not come from the pool, so that no two pairs are equal.
    fn pair(&mut self, spec: KeySpec) -> Result<Material> {
        if spec.usages() == [KeyUsage::ENCAPSULATE_DECAPSULATE] {
            // AWS returns the private key as its seed, which has one length for all specs (API reference).
            let what =
                format!("{spec} data key pairs: AWS-LC's safe interface does not return seeds");
            return Err(KmsError::not_supported(&what));
        }
        let mut draw = self.store.ids.next("data-key-pair");
        let made = Material::derive(spec, &mut |bytes| draw.fill(bytes));
        made.map_err(|it| crypto_error(it, || KmsError::not_supported(spec.as_str())))
    }
}
