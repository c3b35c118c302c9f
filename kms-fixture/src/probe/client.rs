//! Calls of a fixture over its socket, as any client makes them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use bytes::Bytes;
use serde_json::Value;

use super::answer::Answer;
use crate::error::Error;
use crate::fixture::Kms;
use crate::kms::clock::Time;
use crate::scenario::ADMIN;
use crate::tape::record::{Upstream, wait};

/// How often a throttled call of the clean-up is made again.
const TRIES: u32 = 10;

/// The callers of a fixture.
pub(super) struct Client {
    upstream: Arc<Upstream>,
    region: String,
    callers: BTreeMap<String, Credentials>,
}

impl Client {
    /// Returns the client of a fixture that listens.
    ///
    /// # Errors
    ///
    /// The fixture does not listen.
    pub(super) fn of(kms: &Kms) -> Result<Self, Error> {
        Ok(Self {
            upstream: Arc::new(Upstream::new(kms.endpoint_url(), None)?),
            region: kms.region().to_owned(),
            callers: kms.callers().map(|(name, it)| (name, it.credentials())).collect(),
        })
    }

    /// Makes a call as the caller with this declared name.
    ///
    /// # Errors
    ///
    /// An unknown caller; a fixture that does not answer; an answer of the fixture instead of the service.
    pub(super) fn call(&self, by: &str, operation: &str, input: &Value) -> Result<Answer, Error> {
        let credentials = self.callers.get(by).cloned();
        let credentials =
            credentials.ok_or_else(|| Error::new(format!("`{by}` is not declared")))?;
        let (upstream, region) = (Arc::clone(&self.upstream), self.region.clone());
        let (operation, body) = (operation.to_owned(), Bytes::from(input.to_string()));
        let sent = wait(async move {
            let now = Time::Machine.now();
            upstream.send(&operation, body, &credentials, &region, now).await
        })?;
        let (status, body) = sent?;
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let answer = Answer { status: status.as_u16(), body };
        if answer.code().starts_with("KmsFixture") {
            return Err(Error::new(answer.message()));
        }
        Ok(answer)
    }

    /// Makes a call of the clean-up as the administrator, and makes it again while the service throttles it. Returns why
    /// `what` is left, or nothing.
    pub(super) fn undo(&self, operation: &str, input: &Value, what: &str) -> Option<String> {
        let mut tries = TRIES;
        let why = loop {
            match self.call(ADMIN, operation, input) {
                Ok(answer) if answer.is_ok() => return None,
                Ok(answer) if answer.is_throttled() && tries > 0 => {
                    tries -= 1;
                    std::thread::sleep(Duration::from_secs(1));
                }
                Ok(answer) => break format!("{} {}", answer.code(), answer.message()),
                Err(error) => break error.to_string(),
            }
        };
        Some(format!("{what} is left: {operation} was refused: {why}"))
    }
}
