//! Signs a request with the credentials of a caller of the fixture.

use std::time::SystemTime;

use http::{HeaderValue, header};

use super::authenticate::{basic, sign_again};
use super::signed::Signed;
use crate::kms::principals::Credential;
use crate::wire::exchange::Request;

/// Signs a request, which has a host and an operation, for `region` at `now`. Returns nothing if that is not possible.
pub(crate) fn sign(
    request: &mut Request,
    credential: &Credential,
    region: &str,
    now: SystemTime,
) -> Option<()> {
    let date = basic(now);
    let mut names = vec!["content-type", "host", "x-amz-date"];
    let headers = &mut request.parts.headers;
    headers.insert("x-amz-date", HeaderValue::from_str(&date).ok()?);
    if let Some(token) = &credential.secrets.session_token {
        headers.insert("x-amz-security-token", HeaderValue::from_str(token).ok()?);
        names.push("x-amz-security-token");
    }
    names.push("x-amz-target");
    let listed = names.join(";");
    let day = date.get(..8)?;
    let scope = format!("{day}/{region}/kms/aws4_request");
    let signed = Signed {
        access_key_id: &credential.access_key_id,
        scope: &scope,
        date: day,
        region,
        service: "kms",
        terminator: "aws4_request",
        headers: names,
        header_list: &listed,
        signature: "",
    };
    let signature = sign_again(request, &signed, credential, now)?;
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={listed}, Signature={signature}",
        signed.access_key_id
    );
    let authorization = HeaderValue::from_str(&authorization).ok()?;
    request.parts.headers.insert(header::AUTHORIZATION, authorization);
    Some(())
}
