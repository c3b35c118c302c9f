//! The signature of a request of the usual shape, at a fraction of the price of signing it again with `aws-sigv4`.
//!
//! Usual is what AWS's SDKs send: `/` without a query, a stamp in `X-Amz-Date`, and signed headers that occur once, with
//! printable values and single blanks. For any other request there is no answer here, and `aws-sigv4` has the say.

use http::HeaderValue;

use super::signed::Signed;
use crate::kms::crypto::sha256;
use crate::kms::ids::hex;
use crate::kms::principals::Credential;
use crate::wire::exchange::Request;

/// Returns the signature that the request should have; `None` if the request is not of the usual shape.
pub(super) fn signature(
    request: &Request,
    signed: &Signed<'_>,
    credential: &Credential,
    stamp: Option<&str>,
) -> Option<String> {
    let stamp = stamp.filter(|it| is_stamp(it.as_bytes()) && it.get(..8) == Some(signed.date))?;
    let canonical = canonical_request(request, signed)?;
    let mut text = String::with_capacity(160);
    for part in ["AWS4-HMAC-SHA256\n", stamp, "\n", signed.scope, "\n"] {
        text.push_str(part);
    }
    text.push_str(&hex(&sha256(&canonical)));
    let key = credential.secrets.access_key.signing_key(signed.scope);
    Some(hex(&key.sign(text.as_bytes())))
}

fn canonical_request(request: &Request, signed: &Signed<'_>) -> Option<Vec<u8>> {
    let parts = &request.parts;
    if parts.uri.path_and_query().is_some_and(|it| it.as_str() != "/") {
        return None;
    }
    let headers: Vec<(&str, &HeaderValue)> =
        parts.headers.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let mut text = Vec::with_capacity(1024);
    text.extend_from_slice(parts.method.as_str().as_bytes());
    text.extend_from_slice(b"\n/\n\n");
    let mut last = "";
    for name in &signed.headers {
        // Sorted and without doubles; a name in capitals is not found.
        if *name <= last {
            return None;
        }
        last = name;
        let value = the_only(name, &headers)?.as_bytes();
        if !is_plain(value) || (*name == "host" && !is_host(value)) {
            return None;
        }
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    text.push(b'\n');
    text.extend_from_slice(signed.header_list.as_bytes());
    text.push(b'\n');
    text.extend_from_slice(hex(&sha256(&request.body)).as_bytes());
    Some(text)
}

/// Returns the value of a header that occurs once.
fn the_only<'a>(name: &str, headers: &[(&str, &'a HeaderValue)]) -> Option<&'a HeaderValue> {
    let mut found = None;
    for (of, value) in headers {
        if *of == name {
            if found.is_some() {
                return None;
            }
            found = Some(*value);
        }
    }
    found
}

/// Returns whether the canonical form of a header's value is the value itself.
fn is_plain(value: &[u8]) -> bool {
    // A blank at the start follows a blank, so to speak.
    let mut last = b' ';
    // By index, which costs a third of an iterator in a debug build.
    let mut at = 0;
    while at < value.len() {
        match value[at] {
            b' ' if last == b' ' => return false,
            byte @ b' '..=b'~' => last = byte,
            _ => return false,
        }
        at += 1;
    }
    last != b' ' || value.is_empty()
}

/// Returns whether `value` is a name or an IPv4 address, perhaps with a port.
fn is_host(value: &[u8]) -> bool {
    let end = value.iter().position(|it| *it == b':').unwrap_or(value.len());
    let (name, port) = value.split_at(end);
    let is_name = !name.is_empty()
        && name
            .iter()
            .all(|it| matches!(it, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-'));
    let is_port = (2..=6).contains(&port.len()) && port[1..].iter().all(u8::is_ascii_digit);
    is_name && (port.is_empty() || is_port)
}

/// Returns whether `stamp` has the form `20261121T192345Z`. A leap second is not a usual one.
fn is_stamp(stamp: &[u8]) -> bool {
    let &[_, _, _, _, _, _, _, _, b'T', _, _, _, _, tens, _, b'Z'] = stamp else {
        return false;
    };
    let has_digits = |it: &[u8]| it.iter().all(u8::is_ascii_digit);
    has_digits(&stamp[..8]) && has_digits(&stamp[9..15]) && tens < b'6'
}

#[cfg(test)]
mod tests;
