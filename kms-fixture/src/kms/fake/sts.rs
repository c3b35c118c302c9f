//! The calls of STS: they share the fake's principals and its clock. The fake's journal keeps calls of KMS only.

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
    /// The declared name of the role that the request names.
    pub(crate) on: Option<String>,
    pub(crate) response: Response,
    pub(crate) refused: Option<StsError>,
    pub(crate) issued: Option<Issued>,
}

/// The declared names of those that a call is about, as far as it is answered.
#[derive(Default)]
struct Parties {
    caller: Option<String>,
    on: Option<String>,
}

impl Fake {
    /// Answers a request for STS. `terms` are the names by which the client knows the principals.
    pub(crate) fn sts(&self, request: &Request, terms: &Terms) -> StsCall {
        let form = Form::read(request);
        let action = form.action().unwrap_or_default().to_owned();
        let ids = next_request(&mut self.state());
        let mut parties = Parties::default();
        let outcome = self.answer_sts(request, &form, terms, &mut parties);
        let response = sts::respond(&action, &outcome, &ids.id, self.clock.now());
        let (refused, issued) = match outcome {
            Ok(output) => (None, output.issued),
            Err(error) => (Some(error), None),
        };
        let Parties { caller, on } = parties;
        StsCall { caller, action, on, response, refused, issued }
    }

    fn answer_sts(
        &self,
        request: &Request,
        form: &Form,
        terms: &Terms,
        parties: &mut Parties,
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
        parties.caller = Some(authentic.credential.declared.clone());
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
        let region = &authentic.region;
        let mut cx = sts::Cx { store, credential, view, client_time, terms, region, on: None };
        let outcome = operation(&mut cx, form);
        parties.on = cx.on;
        outcome
    }
}
