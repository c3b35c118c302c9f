//! One call on its way through the proxy.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use super::guard::key_id;
use super::keys::Resolved;
use super::service::Service;
use super::state::State;
use crate::error::Error;
use crate::kms::error::KmsError;
use crate::kms::fake::Fake;
use crate::kms::journal::Raw;
use crate::model::is_key_id;
use crate::wire::exchange::Response;

/// One call in progress.
pub(super) struct Pass {
    pub(super) verifier: Arc<Fake>,
    pub(super) service: Arc<Service>,
    pub(super) state: Arc<Mutex<State>>,
    pub(super) caller: Option<String>,
    pub(super) described: String,
    pub(super) input: Bytes,
    pub(super) invocation: Option<String>,
    pub(super) fault: Option<&'static str>,
    pub(super) arrived: u64,
}

impl Pass {
    /// Sends the call to the live service, if the guard permits it.
    pub(super) async fn run(self, operation: &'static str, input: Value) -> Response {
        let caller = self.caller.clone().unwrap_or_default();
        let Some(live) = self.service.callers.get(&caller).map(Arc::clone) else {
            let why = format!(
                "{operation} was not sent: no AWS principal is configured for `{caller}`. Give it a `profile` or a \
                 `role`."
            );
            return self.not_sent(why);
        };
        let resolved = match self.service.permit(&self.state, operation, &input).await {
            Ok(resolved) => resolved,
            Err(why) => return self.not_sent(why),
        };
        let known = self.with_key(operation, &input).await;
        if let Err(error) = self.look_before(operation, &known).await {
            return self.not_sent(format!(
                "{operation} was not sent: the existing grants cannot be listed: {error}"
            ));
        }
        // Sends the parsed input, not the raw body: with duplicate members, the service might read the other one.
        let body = Bytes::from(input.to_string());
        // The clean-up knows only the calls that were sent before it.
        let sent = {
            let mut state = self.state();
            if state.has_ended {
                Err(Error::new("the recording has ended"))
            } else {
                state.guard.sends(operation, &known)
            }
        };
        let sent = match sent {
            Ok(sent) => sent,
            Err(error) => return self.not_sent(format!("{operation} was not sent: {error}")),
        };
        let (status, output) = match self.service.call(&live, operation, body).await {
            Ok(answer) => answer,
            Err(error) => {
                self.state().guard.keys.lost(operation, &input);
                return self.refuse(KmsError::upstream_failed(error.to_string()));
            }
        };
        let response = self.verifier.respond_with(status, output.clone());
        self.learn(sent, operation, &input, &resolved, (status, &output));
        self.end(status, output, true);
        response
    }

    /// Returns the input of a CreateGrant with the ARN of its key: an emulator may accept an alias, and the grants of a
    /// key are one list.
    async fn with_key(&self, operation: &str, input: &Value) -> Value {
        let mut known = input.clone();
        let key = input["KeyId"].as_str().filter(|_| operation == "CreateGrant");
        let alias = key.filter(|it| !self.service.is_aws && !is_key_id(key_id(it)));
        if let Some(alias) = alias
            && let Ok(Some(arn)) = self.service.key(alias).await
        {
            known["KeyId"] = arn.into();
        }
        known
    }

    /// Lists the grants of a key before the first CreateGrant there: this recording must not end them. Concurrent
    /// calls wait for the list, so that it has no grant of another call of this recording.
    async fn look_before(&self, operation: &str, input: &Value) -> Result<(), Error> {
        let (Some(key), "CreateGrant") = (input["KeyId"].as_str(), operation) else {
            return Ok(());
        };
        let look = self.state().look_at(key);
        let looked = look.get_or_try_init(|| async {
            if !self.state().guard.has_looked(key) {
                let there = self.service.grants_before(key).await?;
                self.state().guard.were_there(key, there);
            }
            Ok(())
        });
        looked.await.copied()
    }

    /// Tells the guard what a call has changed.
    fn learn(
        &self,
        sent: Option<u64>,
        operation: &str,
        input: &Value,
        resolved: &Resolved,
        (status, output): (u16, &Bytes),
    ) {
        let guard = &mut self.state().guard;
        let output = serde_json::from_slice(output).unwrap_or_default();
        if status == 200 {
            guard.accepted(operation, input);
            guard.keys.accepted(operation, input, &output, resolved);
        } else if status >= 500 {
            guard.keys.lost(operation, input);
        }
        guard.made_thing(operation, input, (status, &output));
        if let Some(number) = sent {
            guard.learn(number, status, &output);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses a call of the test, which spoils the recording.
    fn not_sent(&self, why: String) -> Response {
        self.state().faults.push(why.clone());
        self.refuse(KmsError::recording_refused(why))
    }

    /// Answers instead of the live service; such an answer is not recorded.
    pub(super) fn refuse(&self, error: KmsError) -> Response {
        let response = self.verifier.respond(Err(error));
        self.end(response.status().as_u16(), response.body().clone(), false);
        response
    }

    fn end(&self, status: u16, output: Bytes, live: bool) {
        let raw = Raw {
            caller: self.caller.clone(),
            operation: self.described.clone(),
            input: self.input.clone(),
            status,
            output: output.into(),
            fault: self.fault,
            ..Raw::default()
        };
        let mut state = self.state();
        state.exchanges.end(raw, self.arrived, self.invocation.clone(), live);
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.state().under_way -= 1;
    }
}
