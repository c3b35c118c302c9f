//! The live service behind the recorder: its address, its callers, and calls that are not recorded.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use super::live::{Live, Upstream};
use crate::error::Error;
use crate::kms::clock::Time;
use crate::tape::redact::Secret;

/// The live service, for the recorder.
pub(super) struct Service {
    pub(super) upstream: Upstream,
    pub(super) region: String,
    /// The live callers, by declared names.
    pub(super) callers: BTreeMap<String, Arc<Live>>,
    pub(super) admin: Arc<Live>,
    /// Whether the live service is AWS.
    pub(super) is_aws: bool,
}

impl Service {
    /// Returns the current credentials, each with its noun.
    pub(super) async fn secrets(&self) -> Result<Vec<Secret>, Error> {
        let mut secrets = Vec::new();
        for live in self.callers.values().chain([&self.admin]) {
            let credentials = live.credentials().await?;
            secrets.push(("a live access key id", credentials.access_key_id().to_owned()));
            secrets.push(("a live secret access key", credentials.secret_access_key().to_owned()));
            let token = credentials.session_token();
            secrets.extend(token.map(|it| ("a live session token", it.to_owned())));
        }
        Ok(secrets)
    }

    /// Makes a call as `live`.
    pub(super) async fn call(
        &self,
        live: &Live,
        operation: &str,
        body: Bytes,
    ) -> Result<(u16, Bytes), Error> {
        let credentials = live.credentials().await?;
        let now = Time::Machine.now();
        let sent = self.upstream.send(operation, body, &credentials, &self.region, now);
        let (status, body) = sent.await?;
        Ok((status.as_u16(), body))
    }

    /// Returns the ids of the grants on `key`; none if the key does not exist.
    ///
    /// # Errors
    ///
    /// The list is refused or endless.
    pub(super) async fn grants_on(&self, key: &str) -> Result<Vec<String>, Error> {
        let mut input = json!({"KeyId": key, "Limit": 100});
        let mut ids = Vec::new();
        for _ in 0..1000 {
            let body = Bytes::from(input.to_string());
            let (status, output) = self.call(&self.admin, "ListGrants", body).await?;
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
}
