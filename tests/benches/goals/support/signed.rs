//! A request that is signed once and sent often: a fixture's clock stands still and its credentials follow from its
//! seed, so that the same bytes are good for every fixture of one seed.

use std::time::SystemTime;

use aws_sdk_kms::config::Credentials;
use aws_sdk_kms::primitives::{DateTime, DateTimeFormat};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use kms_fixture::{Caller, Kms};
use serde_json::Value;

const HOST: &str = "kms-fixture.invalid";

/// A signed request.
#[derive(Clone)]
pub(crate) struct Signed {
    headers: Vec<(String, String)>,
    body: String,
}

/// A caller of a fixture, signing.
pub(crate) struct Signer {
    credentials: Credentials,
    region: String,
}

impl Signer {
    pub(crate) fn new(kms: &Kms) -> Self {
        Self { credentials: kms.credentials(), region: kms.region().to_owned() }
    }

    /// The same for another caller than the administrator.
    pub(crate) fn of(caller: &Caller, region: &str) -> Self {
        Self { credentials: caller.credentials(), region: region.to_owned() }
    }

    /// Signs a call of `operation`.
    pub(crate) fn sign(&self, operation: &str, input: &Value) -> Signed {
        let body = input.to_string();
        let target = format!("TrentService.{operation}");
        let mut headers = vec![
            ("host", HOST),
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", &target),
        ];
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("kms")
            .time(fixture_time())
            .settings(SigningSettings::default())
            .build()
            .expect("all that signing needs was said")
            .into();
        let request = SignableRequest::new(
            "POST",
            format!("http://{HOST}/"),
            headers.iter().copied(),
            SignableBody::Bytes(body.as_bytes()),
        );
        let (instructions, _) = request
            .and_then(|it| sign(it, &params))
            .expect("the request can be signed")
            .into_parts();
        headers.extend(instructions.headers());
        let headers =
            headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Signed { headers, body }
    }
}

/// Where the clock of a fixture stands.
fn fixture_time() -> SystemTime {
    let time = DateTime::from_str("2026-01-01T00:00:00Z", DateTimeFormat::DateTime);
    SystemTime::try_from(time.expect("a date")).expect("after 1970")
}

impl Signed {
    /// The bytes that go over a socket.
    pub(crate) fn wire(&self) -> Vec<u8> {
        let mut lines = vec!["POST / HTTP/1.1".to_owned()];
        let headers = self.headers.iter();
        lines.extend(headers.map(|(name, value)| format!("{name}: {value}")));
        lines.push(format!("content-length: {}", self.body.len()));
        lines.push(String::new());
        lines.push(self.body.clone());
        lines.join("\r\n").into_bytes()
    }

    /// The request that an SDK's HTTP client is given.
    pub(crate) fn sdk(&self) -> HttpRequest {
        let mut request = HttpRequest::new(self.body.as_str().into());
        request.set_method("POST").expect("a method");
        request.set_uri(format!("http://{HOST}/")).expect("a valid URI");
        for (name, value) in &self.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        request
    }
}
