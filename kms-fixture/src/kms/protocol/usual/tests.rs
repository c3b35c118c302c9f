//! The usual shape and `aws-sigv4`: the same signature, or no answer.

mod agreement;
mod bits;
mod kept;
mod published;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use super::super::authenticate::{request_time, sign_again};
use super::super::signed::Signed;
use super::signature;
use crate::kms::principals::{Credential, Directory, Drawn, Secret, Secrets};
use crate::wire::exchange::Request;

const DATE: &str = "20150830T123600Z";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

pub(super) fn credential(secret: &str, session_token: Option<&str>) -> Credential {
    let access_key = Secret::new(secret.to_owned());
    let session_token = session_token.map(str::to_owned);
    Credential {
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secrets: Secrets::new(move || Drawn { access_key, session_token }),
        caller: Directory::service("111122223333", "example.amazonaws.com", None),
        declared: "example".to_owned(),
        expires: None,
        is_stale: false,
    }
}

/// Returns a request; `None` if HTTP does not have such a one.
pub(super) fn request(
    method: &str,
    target: &str,
    headers: &[(&str, &[u8])],
    body: impl Into<Bytes>,
) -> Option<Request> {
    let mut parts = http::Request::new(()).into_parts().0;
    parts.method = method.parse().ok()?;
    parts.uri = target.parse().ok()?;
    for (name, value) in headers {
        let name: HeaderName = name.parse().ok()?;
        parts.headers.append(name, HeaderValue::from_bytes(value).ok()?);
    }
    Some(Request { parts, body: body.into(), arrived: None, connection: None })
}

/// Returns the `Authorization` header for a scope, with a signature.
pub(super) fn authorization(scope: &str, headers: &str, signature: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, SignedHeaders={headers}, Signature={signature}"
    )
}

/// Returns the signature by the usual shape, and the one by `aws-sigv4`; `None` if the request's date is not valid.
pub(super) fn both(
    request: &Request,
    authorization: &str,
    credential: &Credential,
) -> Option<(Option<String>, Option<String>)> {
    let stamp = request.header("x-amz-date");
    let time = request_time(request, stamp).ok()?;
    let signed = Signed::parse(authorization, true).ok()?;
    let usual = signature(request, &signed, credential, stamp);
    Some((usual, sign_again(request, &signed, credential, time)))
}

#[test]
fn nothing_secret_is_in_debug_output() {
    let credential = credential(SECRET, Some("the-session-token"));
    let key = credential.secrets.access_key.signing_key("20150830/us-east-1/kms/aws4_request");
    let shown = format!("{credential:?} {:?} {key:?}", credential.secrets);
    assert!(shown.contains("AKIDEXAMPLE"));
    for secret in [SECRET, "wJalr", "the-session-token"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
