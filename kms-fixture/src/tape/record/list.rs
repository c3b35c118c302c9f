//! Which grants there are on a live key.

use bytes::Bytes;
use serde_json::{Value, json};

use super::recorder::Wire;
use crate::error::Error;

/// The ids of the grants on `key`; none if the key is not there.
///
/// # Errors
///
/// The list is refused, or does not end.
pub(super) async fn grants_on(wire: &Wire, key: &str) -> Result<Vec<String>, Error> {
    let mut input = json!({"KeyId": key, "Limit": 100});
    let mut ids = Vec::new();
    for _ in 0..1000 {
        let body = Bytes::from(input.to_string());
        let (status, output) = wire.call(&wire.admin, "ListGrants", body).await?;
        let output: Value = serde_json::from_slice(&output).unwrap_or_default();
        if status != 200 {
            let code = output["__type"].as_str().unwrap_or_default();
            if code.ends_with("NotFoundException") {
                return Ok(ids);
            }
            return Err(Error::new(format!("ListGrants on {key}: {status} {code}")));
        }
        let grants = output["Grants"].as_array().into_iter().flatten();
        ids.extend(grants.filter_map(|it| it["GrantId"].as_str().map(str::to_owned)));
        match output["NextMarker"].as_str() {
            Some(marker) => input["Marker"] = marker.into(),
            None => return Ok(ids),
        }
    }
    Err(Error::new(format!("ListGrants on {key} does not end")))
}
