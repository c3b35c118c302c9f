//! DescribeCustomKeyStores (API reference, DescribeCustomKeyStores): the fake's accounts have none.

use serde::{Deserialize, Serialize};

use super::{Cx, markers};
use crate::kms::authz::{authorize_own, principal_context};
use crate::kms::error::{KmsError, Result};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    custom_key_store_id: Option<String>,
    custom_key_store_name: Option<String>,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    custom_key_stores: [(); 0],
    truncated: bool,
}

pub(crate) fn describe_custom_key_stores(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let context = || principal_context(cx.store, cx.caller);
    authorize_own(cx.caller, "DescribeCustomKeyStores", "*", &context)?;
    if input.custom_key_store_id.is_some() || input.custom_key_store_name.is_some() {
        return Err(KmsError::no_custom_key_store());
    }
    // No page of this list has a marker, so none is valid.
    markers::read(cx.store, &["DescribeCustomKeyStores"], input.marker.as_deref())?;
    Ok(Output { custom_key_stores: [], truncated: false })
}
