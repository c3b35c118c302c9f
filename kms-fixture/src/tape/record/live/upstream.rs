//! The way to the live service: each call is a new request, signed with the live credentials.
//!
//! The only file that knows hyper's client. Connections are not kept, so that an `Upstream` belongs to no runtime, and
//! no call is lost, or sent again, because an old connection had gone.

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

/// How long the service may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a call may take, from the first byte to the last.
const WHOLE: Duration = Duration::from_mins(1);
/// The largest answer that is read.
const MAX_ANSWER: usize = 16 << 20;

/// The live service, or an emulator.
#[derive(Debug)]
pub(crate) struct Upstream {
    /// `https://kms.eu-central-1.amazonaws.com/`
    uri: Uri,
    /// What the header says: no port if it is the scheme's own.
    authority: String,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Upstream {
    /// The service at `url`; over TLS, the certificates of `ca_bundle` are trusted beside the system's.
    ///
    /// # Errors
    ///
    /// A URL with more than a scheme, a host and a port; a bundle without certificates; nobody to trust.
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

    /// The host, without the port.
    pub(crate) fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// Whether the service is on this machine, as an emulator is.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host().trim_end_matches('.').to_ascii_lowercase();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.ends_with(".localhost")
            || address.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
    }

    /// Sends one call, signed for `region` at `now`, and returns its status and body.
    ///
    /// # Errors
    ///
    /// No connection, no answer in time, an answer that is too large or breaks off.
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

    /// The request, with nothing of any other in it.
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
            .help(format!("check that the service answers there{help}"))
    }
}

/// A URL that is a scheme, a host and perhaps a port.
fn parse(url: &str) -> Result<Uri, Error> {
    // A password is not repeated.
    let shown = if url.contains('@') { "the URL" } else { url };
    let refused = |why: &str| {
        Error::new(format!("`{shown}` is not the address of a service: {why}")).help(
            "it looks like `https://kms.eu-central-1.amazonaws.com` or `http://localhost:4566`",
        )
    };
    if url.contains('@') {
        return Err(refused("a user name has no place in it"));
    }
    if url.contains(['?', '#']) {
        return Err(refused("a query has no place in it"));
    }
    let uri: Uri = url.trim().parse().map_err(|it| refused(&causes(&it)))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(refused("it does not start with `http://` or `https://`"));
    }
    if uri.path() != "/" {
        return Err(refused("a path has no place in it"));
    }
    let (host, authority) = (uri.host(), uri.authority().map(Authority::as_str));
    if host.is_none_or(str::is_empty) || (uri.port_u16().is_none() && host != authority) {
        return Err(refused("it has no host, or a port that is none"));
    }
    Ok(uri)
}

/// A client that keeps no connections and sends nothing twice.
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
mod tests {
    use std::net::{Ipv4Addr, SocketAddr, TcpListener};
    use std::sync::{Arc, Mutex};
    use std::time::SystemTime;

    use aws_credential_types::Credentials;
    use bytes::Bytes;
    use http::StatusCode;

    use super::{MAX_ANSWER, Upstream};
    use crate::wire::exchange::{Handler, Reply, Request, Response};
    use crate::wire::server::Server;

    /// Answers with so many bytes, and remembers what it was asked.
    struct Recorder {
        bytes: usize,
        seen: Mutex<Vec<(Vec<String>, Bytes)>>,
    }

    impl Handler for Recorder {
        fn handle(&self, request: Request) -> Reply {
            let headers = request.parts.headers.iter();
            let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
                format!("{name}: {}", value.to_str().unwrap())
            };
            let mut headers: Vec<_> = headers.map(line).collect();
            headers.sort();
            self.seen.lock().unwrap().push((headers, request.body));
            let mut response = Response::new(vec![b' '; self.bytes].into());
            *response.status_mut() = StatusCode::IM_A_TEAPOT;
            response.into()
        }
    }

    fn recorder(bytes: usize) -> (Arc<Recorder>, Server, Upstream) {
        let recorder = Arc::new(Recorder { bytes, seen: Mutex::default() });
        let handler: Arc<dyn Handler> = Arc::<Recorder>::clone(&recorder);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::start(address, handler, 1 << 20).unwrap();
        let upstream = Upstream::new(&format!("http://{}", server.address()), None).unwrap();
        (recorder, server, upstream)
    }

    fn session() -> Credentials {
        Credentials::from_keys("AKIALIVE", "secret", Some("token".to_owned()))
    }

    #[tokio::test]
    async fn a_call_has_its_own_headers_and_no_others() {
        let (recorder, server, upstream) = recorder(3);
        let body = Bytes::from_static(b"{\"Limit\":1}");
        let credentials = session();
        let sent = upstream.send(
            "ListKeys",
            body.clone(),
            &credentials,
            "eu-west-1",
            SystemTime::UNIX_EPOCH,
        );
        let (status, answer) = sent.await.unwrap();
        assert_eq!((status, answer.len()), (StatusCode::IM_A_TEAPOT, 3));
        let seen = recorder.seen.lock().unwrap();
        let (headers, received) = &seen[0];
        assert_eq!(received, &body);
        let (authorization, others) = headers.split_first().unwrap();
        assert!(
            authorization.starts_with(
                "authorization: AWS4-HMAC-SHA256 Credential=AKIALIVE/19700101/eu-west-1/kms/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="
            ),
            "{authorization}"
        );
        let host = format!("host: {}", server.address());
        assert_eq!(
            others,
            [
                "content-length: 11",
                "content-type: application/x-amz-json-1.1",
                &host,
                "x-amz-date: 19700101T000000Z",
                "x-amz-security-token: token",
                "x-amz-target: TrentService.ListKeys",
            ]
        );
    }

    #[test]
    fn the_signature_is_right_and_every_runtime_will_do() {
        let kms = crate::fixture::Fixture::builder().tcp().start().unwrap();
        let upstream = Upstream::new(kms.endpoint_url(), None).unwrap();
        let list = |credentials: Credentials| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let body = Bytes::from_static(b"{}");
            let now = SystemTime::now();
            let sent = upstream.send("ListKeys", body, &credentials, "us-east-1", now);
            runtime.block_on(sent).unwrap()
        };
        for _ in 0..2 {
            let (status, answer) = list(kms.credentials());
            assert_eq!(status, StatusCode::OK, "{answer:?}");
            assert!(answer.starts_with(b"{\"Keys\""), "{answer:?}");
        }
        let wrong = kms.credentials();
        let wrong = Credentials::from_keys(
            wrong.access_key_id(),
            "another",
            wrong.session_token().map(str::to_owned),
        );
        let (status, answer) = list(wrong);
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.contains("InvalidSignature"), "{answer}");
    }

    #[tokio::test]
    async fn a_failure_names_the_call_the_host_and_the_cause_but_no_credentials() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let gone = Upstream::new(&format!("http://{address}"), None).unwrap();
        let (_recorder, _server, large) = recorder(MAX_ANSWER + 1);
        let (_exact, _server, fits) = recorder(MAX_ANSWER);
        let call = async |upstream: &Upstream| {
            let (credentials, now) = (session(), SystemTime::UNIX_EPOCH);
            let sent = upstream.send("ListKeys", Bytes::new(), &credentials, "us-east-1", now);
            sent.await
        };
        let refused = call(&gone).await.unwrap_err().to_string();
        for part in ["ListKeys", &address.to_string(), "refused", "help: "] {
            assert!(refused.contains(part), "{part}: {refused}");
        }
        let too_large = call(&large).await.unwrap_err().to_string();
        assert!(too_large.contains("16777216 bytes"), "{too_large}");
        for text in [refused, too_large] {
            assert!(!text.contains("AKIALIVE") && !text.contains("token"), "{text}");
        }
        assert_eq!(call(&fits).await.unwrap().1.len(), MAX_ANSWER);
    }

    #[test]
    fn an_address_is_a_scheme_a_host_and_a_port() {
        for wrong in [
            "kms.eu-central-1.amazonaws.com",
            "ftp://localhost",
            "http://",
            "http://:80",
            "http://localhost:",
            "http://localhost:99999",
            "http://localhost/kms",
            "http://localhost/?x=1",
            "http://localhost?x=1",
            "http://localhost/#x",
            "http://me:hunter2@localhost",
            "a b",
        ] {
            let refused = Upstream::new(wrong, None).unwrap_err().to_string();
            assert!(refused.contains("help: "), "{refused}");
            assert!(!refused.contains("hunter2"), "{refused}");
        }
        for (url, host, authority) in [
            ("http://localhost:4566", "localhost", "localhost:4566"),
            ("http://LocalHost:80/", "LocalHost", "LocalHost"),
            ("http://[::1]:8080/", "[::1]", "[::1]:8080"),
            ("http://127.3.2.1:443", "127.3.2.1", "127.3.2.1:443"),
            ("http://kms.localhost", "kms.localhost", "kms.localhost"),
        ] {
            let upstream = Upstream::new(url, None).unwrap();
            assert_eq!(upstream.host(), host);
            assert_eq!(upstream.authority, authority);
            assert!(upstream.is_loopback(), "{url}");
        }
        let aws = "https://kms.eu-central-1.amazonaws.com:443";
        let aws = Upstream::new(aws, None).unwrap();
        assert_eq!(aws.authority, "kms.eu-central-1.amazonaws.com");
        for url in ["http://10.0.0.1", "http://localhost.example.org"] {
            assert!(!Upstream::new(url, None).unwrap().is_loopback(), "{url}");
        }
    }
}
