//! GenerateRandom (API reference, GenerateRandom); involves no key and no grant.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::refuse_recipient;
use crate::kms::authz::{authorize_own, principal_context};
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::ops::blob::Blob;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    number_of_bytes: Option<usize>,
    custom_key_store_id: Option<String>,
    recipient: Option<Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    plaintext: Blob,
}

pub(crate) fn generate_random(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let context = || principal_context(cx.store, cx.caller);
    authorize_own(cx.caller, "GenerateRandom", "*", &context)?;
    // NumberOfBytes is required (row 29).
    let length =
        input.number_of_bytes.ok_or_else(|| KmsError::validation("NumberOfBytes is required."))?;
    if input.custom_key_store_id.is_some() {
        return Err(KmsError::no_custom_key_store());
    }
    refuse_recipient(input.recipient.as_ref())?;
    let mut bytes = vec![0; length];
    cx.store.ids.next("random").fill(&mut bytes);
    Ok(Output { plaintext: bytes.into() })
}
