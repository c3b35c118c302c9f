//! Requests to a fixture without a socket and without the SDK's orchestration: what the fake itself costs.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use kms_fixture::Kms;

/// The connector that `sdk_config()` carries.
pub(crate) struct Direct(SharedHttpConnector);

impl Direct {
    pub(crate) fn new(kms: &Kms) -> Self {
        let components = RuntimeComponentsBuilder::for_tests().build().expect("complete");
        let client = kms.sdk_config().http_client().expect("a client is always set");
        Self(client.http_connector(&HttpConnectorSettings::default(), &components))
    }

    /// Sends `request`, which is answered at once.
    pub(crate) fn call(&self, request: HttpRequest) -> HttpResponse {
        let answer = pin!(self.0.call(request));
        match answer.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(response) => response.expect("an answer"),
            Poll::Pending => panic!("a fixture answers at once"),
        }
    }
}
