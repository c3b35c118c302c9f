//! The live service behind the recorder: its address, its callers, and calls that are not recorded.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::live::{Live, Upstream};
use super::refusal::Refusal;
use crate::error::Error;
use crate::kms::clock::Time;
use crate::tape::redact::Secret;

/// How often the grants of a key are asked for before one is made there.
const LOOKS: usize = 4;

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

    /// Returns the pause before a list is asked for again. Only AWS's lists lag behind by the time.
    pub(super) fn pause(&self) -> Duration {
        if self.is_aws { Duration::from_secs(3) } else { Duration::ZERO }
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

    /// Returns the grants on `key`; none if the key does not exist.
    ///
    /// # Errors
    ///
    /// The list is refused or endless.
    pub(super) async fn grants_on(&self, key: &str) -> Result<Vec<Value>, Error> {
        match self.list(key).await? {
            Ok(grants) => Ok(grants),
            Err(refusal) if refusal.is_not_found() => Ok(Vec::new()),
            // An emulator fails to list the grants of a key that does not exist.
            Err(_) if !self.is_aws && self.key(key).await?.is_none() => Ok(Vec::new()),
            Err(refusal) => Err(not_listed(key, &refusal)),
        }
    }

    /// Returns the ids of the grants on `key` before this recording makes one there; nothing if an emulator does not
    /// list them.
    ///
    /// # Errors
    ///
    /// AWS does not list them; no service answers clearly, although it is asked several times.
    pub(super) async fn grants_before(&self, key: &str) -> Result<Option<Vec<String>>, Error> {
        let mut tries = LOOKS;
        loop {
            let why = match self.list(key).await {
                Ok(Ok(grants)) => {
                    return Ok(Some(grants.iter().filter_map(id).map(str::to_owned).collect()));
                }
                Ok(Err(refusal)) if refusal.is_not_found() => return Ok(Some(Vec::new())),
                // The `KeyId` is not the name of a key, so CreateGrant is going to be refused, too.
                Ok(Err(refusal)) if self.is_aws && refusal.is_no_key() => {
                    return Ok(Some(Vec::new()));
                }
                Ok(Err(refusal)) if refusal.is_clear() && !self.is_aws => return Ok(None),
                Ok(Err(refusal)) if refusal.is_clear() => {
                    return Err(not_listed(key, &refusal).help(
                        "allow `kms:ListGrants` on the key to the administrator of the recording",
                    ));
                }
                // An emulator fails to list the grants of a key that does not exist.
                Ok(Err(_)) if !self.is_aws && matches!(self.key(key).await, Ok(None)) => {
                    return Ok(Some(Vec::new()));
                }
                Ok(Err(refusal)) => not_listed(key, &refusal),
                Err(error) => error,
            };
            tries -= 1;
            if tries == 0 {
                return Err(why);
            }
            tokio::time::sleep(self.pause()).await;
        }
    }

    /// Returns whether the list of `key` shows the grant `id`; a name that is not of a key has none.
    ///
    /// # Errors
    ///
    /// The list is refused or endless.
    pub(super) async fn shows(&self, key: &str, grant: &str) -> Result<bool, Error> {
        let grants = match self.list(key).await? {
            Err(refusal) if self.is_aws && refusal.is_no_key() => Vec::new(),
            Ok(grants) => grants,
            Err(_) => self.grants_on(key).await?,
        };
        Ok(grants.iter().any(|it| id(it) == Some(grant)))
    }

    /// Returns the ARN of the key that `name` names: an id, an ARN or an alias; nothing if there is none.
    ///
    /// # Errors
    ///
    /// DescribeKey is refused.
    pub(super) async fn key(&self, name: &str) -> Result<Option<String>, Error> {
        let body = Bytes::from(json!({ "KeyId": name }).to_string());
        let (status, output) = self.call(&self.admin, "DescribeKey", body).await?;
        let output: Value = serde_json::from_slice(&output).unwrap_or_default();
        if let Some(arn) = output["KeyMetadata"]["Arn"].as_str().filter(|_| status == 200) {
            return Ok(Some(arn.to_owned()));
        }
        let refusal = Refusal::new(status, &output);
        if refusal.is_no_key() {
            return Ok(None);
        }
        Err(Error::new(format!("DescribeKey of {name} was refused: {refusal}"))
            .help("allow `kms:DescribeKey` on the key to the administrator of the recording"))
    }

    /// Returns the grants on `key`, or the refusal.
    ///
    /// # Errors
    ///
    /// No answer; one without grants; an endless list.
    async fn list(&self, key: &str) -> Result<Result<Vec<Value>, Refusal>, Error> {
        let mut input = json!({"KeyId": key, "Limit": 100});
        let mut grants = Vec::new();
        for _ in 0..1000 {
            let body = Bytes::from(input.to_string());
            let (status, output) = self.call(&self.admin, "ListGrants", body).await?;
            let output: Value = serde_json::from_slice(&output).unwrap_or_default();
            if status != 200 {
                return Ok(Err(Refusal::new(status, &output)));
            }
            let Some(page) = output["Grants"].as_array() else {
                return Err(Error::new(format!(
                    "the answer to ListGrants on {key} has no `Grants`"
                )));
            };
            grants.extend(page.iter().cloned());
            match output["NextMarker"].as_str().filter(|it| !it.is_empty()) {
                Some(marker) => input["Marker"] = marker.into(),
                None => return Ok(Ok(grants)),
            }
        }
        Err(Error::new(format!("ListGrants on {key} does not end")))
    }
}

/// Returns the error for a refused list of grants.
fn not_listed(key: &str, refusal: &Refusal) -> Error {
    Error::new(format!("ListGrants on {key} was refused: {refusal}"))
}

/// Returns the id of a listed grant.
pub(super) fn id(grant: &Value) -> Option<&str> {
    grant["GrantId"].as_str()
}
