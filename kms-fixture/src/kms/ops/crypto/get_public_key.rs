//! GetPublicKey (API reference, GetPublicKey). Works on disabled keys (recorded).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;
use crate::kms::ops::key_use::KeyUse;
use crate::model::{GrantOperation, KeyState};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    grant_tokens: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    key_id: String,
    /// DER, `SubjectPublicKeyInfo`.
    public_key: Blob,
    customer_master_key_spec: &'static str,
    key_spec: &'static str,
    key_usage: &'static str,
    /// The list of algorithms; the member's name depends on the key usage.
    #[serde(flatten)]
    algorithms: Map<String, Value>,
}

pub(crate) fn get_public_key(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let index = cx.key_to_use(&KeyUse {
        operation: "GetPublicKey",
        allowed_by: GrantOperation::GetPublicKey,
        key_id: &input.key_id,
        grant_tokens: input.grant_tokens.as_deref(),
        encryption_context: None,
        conditions: &|_| {},
    })?;
    let key = cx.store.keys.get(index);
    key.must_be(&[KeyState::Enabled, KeyState::Disabled, KeyState::Updating])?;
    if key.spec.is_symmetric_encryption() || key.spec.is_hmac() {
        return Err(KmsError::no_public_key());
    }
    let (member, words) = key.spec.algorithms(key.usage);
    let mut output = Output {
        key_id: key.arn.clone(),
        public_key: Vec::new().into(),
        customer_master_key_spec: key.spec.as_str(),
        key_spec: key.spec.as_str(),
        key_usage: key.usage.as_str(),
        algorithms: Map::from_iter([(member.to_owned(), words.into())]),
    };
    let (_, secret) = cx.current_secret(index)?;
    let pair = secret.pair().ok_or_else(KmsError::no_public_key)?;
    output.public_key = pair.public_key().to_vec().into();
    Ok(output)
}
