//! The connections for credentials while another service than AWS is recorded: none of them goes to AWS.

use crate::tape::variables;
use aws_smithy_http_client::default_connector;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// The SDK's default HTTP client, without AWS.
#[derive(Debug)]
pub(super) struct NotAws;

impl HttpClient for NotAws {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = default_connector(settings, components.sleep_impl());
        SharedHttpConnector::new(Connector { inner })
    }
}

#[derive(Debug)]
struct Connector {
    inner: Option<SharedHttpConnector>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let refused =
            |why: String| HttpConnectorFuture::ready(Err(ConnectorError::user(why.into())));
        if variables::is_aws(request.uri()) {
            let host = request.uri().parse::<http::Uri>().ok();
            let host = host.as_ref().and_then(http::Uri::host).unwrap_or("AWS");
            return refused(format!(
                "{host} was not called, because the recorded service is not AWS; name its STS in \
                 `AWS_ENDPOINT_URL_STS`, or bind the principal to a `profile` with keys"
            ));
        }
        match &self.inner {
            Some(inner) => inner.call(request),
            None => refused("the SDK has no HTTP client".to_owned()),
        }
    }
}
