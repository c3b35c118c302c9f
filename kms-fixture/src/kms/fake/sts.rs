//! The calls of STS: they share the fake's principals and its clock. The journal keeps calls of KMS only.

use std::time::Duration;

use super::{Fake, next_request};
use crate::kms::error::KmsError;
use crate::kms::protocol::{MAX_BODY, Verifier, authenticate};
use crate::kms::sts::{self, Form, Issued, Output, StsError, Terms};
use crate::model::{is_region, partition};
use crate::wire::exchange::{Request, Response};

/// An answered call of STS.
pub(crate) struct StsCall {
    /// The declared name of the caller, if the call was authenticated.
    pub(crate) caller: Option<String>,
    pub(crate) action: String,
    pub(crate) response: Response,
    /// The error code of a refusal.
    pub(crate) code: Option<&'static str>,
    pub(crate) issued: Option<Issued>,
}

impl Fake {
    /// Answers a request for STS. `terms` are the names by which the client knows the principals.
    pub(crate) fn sts(&self, request: &Request, terms: &Terms) -> StsCall {
        let form = Form::read(request);
        let action = form.action().unwrap_or_default().to_owned();
        let ids = next_request(&mut self.state());
        let mut caller = None;
        let outcome = self.answer_sts(request, &form, terms, &mut caller);
        let response = sts::respond(&action, &outcome, &ids.id, self.clock.now());
        let (code, issued) = match outcome {
            Ok(output) => (None, output.issued),
            Err(error) => (Some(error.code), None),
        };
        StsCall { caller, action, response, code, issued }
    }

    fn answer_sts(
        &self,
        request: &Request,
        form: &Form,
        terms: &Terms,
        caller: &mut Option<String>,
    ) -> Result<Output, StsError> {
        if request.body.len() > MAX_BODY {
            return Err(KmsError::too_large(MAX_BODY).into());
        }
        let operation = sts::operation(form)?;
        let now = self.clock.now();
        let own_partition = partition(&self.region);
        // The fixture serves the endpoints of STS in every Region of its partition.
        let verifier = Verifier {
            service: "sts",
            region: &self.region,
            is_open: &|region| is_region(region) && partition(region) == own_partition,
            now,
            credential: &|id| self.state().store.directory.credential(id),
        };
        let authentic = authenticate(request, &verifier)?;
        *caller = Some(authentic.credential.declared.clone());
        let away = |it: std::time::SystemTime| {
            let later = it.duration_since(now);
            later.unwrap_or_else(|it| it.duration())
        };
        // A client with its own clock has to read an expiration by that clock.
        let has_own_clock = away(authentic.time) > Duration::from_mins(5);
        let client_time = request.arrived.filter(|_| has_own_clock).unwrap_or(now);
        let mut state = self.state();
        state.store.apply_due(now);
        let view = state.store.changes.view(now, authentic.credential.is_stale);
        let credential = &authentic.credential;
        let store = &mut state.store;
        operation(&mut sts::Cx { store, credential, view, client_time, terms }, form)
    }
}
