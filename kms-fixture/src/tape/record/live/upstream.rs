//! Connections to the live service: each call is a new request, signed with the live credentials.
//!
//! The only file that knows hyper's client. Connections are not kept, so that an `Upstream` belongs to no runtime,
//! and no call is lost or repeated because an old connection was closed.

use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::uri::{Authority, Scheme};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use super::{causes, tls};
use crate::error::Error;

/// The time limit for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// The time limit for a call, from the first byte to the last.
const WHOLE: Duration = Duration::from_mins(1);
/// The largest answer that is read.
const MAX_ANSWER: usize = 16 << 20;

/// The live service, or an emulator.
#[derive(Debug)]
pub(crate) struct Upstream {
    /// `https://kms.eu-central-1.amazonaws.com/`
    uri: Uri,
    /// The `Host` header: without the scheme's default port.
    authority: String,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Upstream {
    /// Returns the service at `url`; over TLS, the certificates of `ca_bundle` are trusted in addition to the
    /// system's.
    ///
    /// # Errors
    ///
    /// A URL with more than a scheme, a host and a port; a bundle without certificates; no trusted certificates.
    pub(crate) fn new(url: &str, ca_bundle: Option<&Path>) -> Result<Self, Error> {
        let uri = parse(url)?;
        let secure = uri.scheme() == Some(&Scheme::HTTPS);
        let host = uri.host().unwrap_or_default();
        let authority = match uri.port_u16() {
            None => host.to_owned(),
            Some(port) if port == if secure { 443 } else { 80 } => host.to_owned(),
            Some(port) => format!("{host}:{port}"),
        };
        let roots = if secure { tls::roots(ca_bundle)? } else { RootCertStore::empty() };
        Ok(Self { client: client(tls::config(roots)?), authority, uri })
    }

    /// Returns the host, without the port.
    pub(crate) fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// Returns whether the service is on this machine, as an emulator is.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host().trim_end_matches('.').to_ascii_lowercase();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.ends_with(".localhost")
            || address.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
    }

    /// Sends a call, signed for `region` at `now`, and returns the status and the body of the answer.
    ///
    /// # Errors
    ///
    /// No connection, no answer in time, an answer that is too large or incomplete.
    pub(crate) async fn send(
        &self,
        operation: &str,
        body: Bytes,
        credentials: &Credentials,
        region: &str,
        now: SystemTime,
    ) -> Result<(StatusCode, Bytes), Error> {
        let exchange = async {
            let request = self
                .signed(operation, &body, credentials, region, now)
                .map_err(|it| format!("it cannot be signed: {it}"))?;
            self.exchange(request).await
        };
        tokio::time::timeout(WHOLE, exchange)
            .await
            .unwrap_or_else(|_| Err(format!("no answer in {} seconds", WHOLE.as_secs())))
            .map_err(|it| self.failed(operation, &it))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), String> {
        let answer = self.client.request(request).await;
        let (parts, body) = answer.map_err(|it| causes(&it))?.into_parts();
        if !(200..=599).contains(&parts.status.as_u16()) {
            return Err(format!(
                "it answered with the status {}, and a final answer of HTTP has one from 200 to 599",
                parts.status.as_u16()
            ));
        }
        let body = Limited::new(body, MAX_ANSWER).collect().await;
        let body = body.map_err(|it| {
            if it.is::<LengthLimitError>() {
                format!("the answer has more than {MAX_ANSWER} bytes")
            } else {
                format!("the answer broke off: {}", causes(&*it))
            }
        })?;
        Ok((parts.status, body.to_bytes()))
    }

    /// Returns a signed request with only these headers.
    fn signed(
        &self,
        operation: &str,
        body: &Bytes,
        credentials: &Credentials,
        region: &str,
        now: SystemTime,
    ) -> Result<Request<Full<Bytes>>, String> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(self.uri.clone())
            .header(HOST, &self.authority)
            .header(CONTENT_TYPE, "application/x-amz-json-1.1")
            .header("x-amz-target", format!("TrentService.{operation}"))
            .body(Full::new(body.clone()))
            .map_err(|it| causes(&it))?;
        let identity = credentials.clone().into();
        let params: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name("kms")
            .time(now)
            .settings(SigningSettings::default())
            .build()
            .map_err(|it| causes(&it))?
            .into();
        let headers = request.headers().iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable =
            SignableRequest::new("POST", self.uri.to_string(), headers, SignableBody::Bytes(body))
                .map_err(|it| causes(&it))?;
        let (instructions, _) = sign(signable, &params).map_err(|it| causes(&it))?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }

    fn failed(&self, operation: &str, cause: &str) -> Error {
        let help = if self.uri.scheme() == Some(&Scheme::HTTPS) {
            ", and, if its certificate is not trusted, that `AWS_CA_BUNDLE` names a file with its issuer"
        } else {
            ""
        };
        Error::new(format!("the call of {operation} to {} failed: {cause}", self.authority))
            .help(format!("check that the service is running there{help}"))
    }
}

/// Parses a URL of a scheme, a host and perhaps a port.
fn parse(url: &str) -> Result<Uri, Error> {
    // The error must not repeat a password.
    let shown = if url.contains('@') { "the URL" } else { url };
    let refused = |why: &str| {
        Error::new(format!("`{shown}` is not the address of a service: {why}")).help(
            "it should look like `https://kms.eu-central-1.amazonaws.com` or `http://localhost:4566`",
        )
    };
    if url.contains('@') {
        return Err(refused("it must not have a user name"));
    }
    if url.contains(['?', '#']) {
        return Err(refused("it must not have a query"));
    }
    let uri: Uri = url.trim().parse().map_err(|it| refused(&causes(&it)))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(refused("it does not start with `http://` or `https://`"));
    }
    if uri.path() != "/" {
        return Err(refused("it must not have a path"));
    }
    let (host, authority) = (uri.host(), uri.authority().map(Authority::as_str));
    if host.is_none_or(str::is_empty) || (uri.port_u16().is_none() && host != authority) {
        return Err(refused("it has no host, or its port is not valid"));
    }
    Ok(uri)
}

/// Returns a client that keeps no connections and sends nothing twice.
fn client(tls: ClientConfig) -> Client<HttpsConnector<HttpConnector>, Full<Bytes>> {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(CONNECT));
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(connector);
    Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .retry_canceled_requests(false)
        .set_host(false)
        .build(connector)
}

#[cfg(test)]
mod tests;
