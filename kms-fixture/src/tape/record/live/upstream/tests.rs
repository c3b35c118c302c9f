//! Calls over a socket: headers, signatures, failures, addresses.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::StatusCode;

use super::{MAX_ANSWER, Upstream};
use crate::wire::exchange::{Handler, Reply, Request, Response};
use crate::wire::server::Server;

/// A service that answers with this many bytes, and stores its requests.
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
    let sent =
        upstream.send("ListKeys", body.clone(), &credentials, "eu-west-1", SystemTime::UNIX_EPOCH);
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
fn the_signature_is_right_on_every_runtime() {
    let kms = crate::fixture::Fixture::builder().tcp().start().unwrap();
    let upstream = Upstream::new(kms.endpoint_url(), None).unwrap();
    let list = |credentials: Credentials| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
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
