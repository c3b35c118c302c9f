//! awsJson1_1: from a request to an operation and back (`kms-facts.md` 1). Knows JSON and HTTP, no sockets.

mod authenticate;
mod dispatch;
mod form;
mod operations;
mod respond;
mod shape;
mod shapes;
mod signed;
mod types;
mod validate;

pub(crate) use operations::{Known, known};
pub(crate) use respond::{Answer, respond, respond_with};

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use serde_json::Value;

use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::principals::Credential;
use crate::wire::exchange::Request;

/// The largest body that is read. AWS's own limit is not published.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// The operation that a request names and the fake has: `X-Amz-Target: TrentService.<operation>` on `POST /` (fact 1.1).
pub(crate) fn target(request: &Request) -> Result<&'static str> {
    match read_target(request)? {
        Known::Implemented(name) => Ok(name),
        Known::NotImplemented(name) => Err(KmsError::not_implemented(name)),
        Known::No => Err(KmsError::unknown_operation()),
    }
}

/// The operation that a request names, whether the fake has it or only AWS does.
pub(crate) fn named(request: &Request) -> Result<&'static str> {
    match read_target(request)? {
        Known::Implemented(name) | Known::NotImplemented(name) => Ok(name),
        Known::No => Err(KmsError::unknown_operation()),
    }
}

fn read_target(request: &Request) -> Result<Known> {
    let parts = &request.parts;
    if parts.method != http::Method::POST || parts.uri.path() != "/" {
        return Err(KmsError::unknown_operation());
    }
    let target = parts.headers.get("x-amz-target");
    let name = target
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.strip_prefix("TrentService."))
        .unwrap_or_default();
    Ok(known(name))
}

pub(crate) use authenticate::authenticate;

/// Reads the body, checks it against the API's model, and runs the operation.
pub(crate) fn call(cx: &mut Cx<'_>, operation: &'static str, body: &Bytes) -> Result<Bytes> {
    let input = validate::validate(operation, parse(body)?)?;
    dispatch::dispatch(cx, operation, input)
}

/// Checks a parsed input against the API's model and runs the operation. Returns the status, and the output or the body
/// of the error; null if there is none.
pub(crate) fn call_by_value(
    cx: &mut Cx<'_>,
    operation: &'static str,
    input: Value,
) -> (u16, Value) {
    let input = validate::validate(operation, input);
    respond::plain(input.and_then(|it| dispatch::dispatch(cx, operation, it)))
}

/// An empty body counts as `{}` (fact 1.2).
pub(crate) fn parse(body: &Bytes) -> Result<Value> {
    if body.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    // Text, depth and encoding are serde_json's to judge; AWS gives no reason either.
    serde_json::from_slice(body).map_err(|_| KmsError::not_json())
}

/// Who calls, and the Region that the signature is for.
#[derive(Debug)]
pub(crate) struct Authentic {
    pub(crate) credential: Arc<Credential>,
    pub(crate) region: String,
}

/// What authentication needs to know of the fixture.
pub(crate) struct Gate<'a> {
    pub(crate) region: &'a str,
    /// Whether something has been replicated to a Region.
    pub(crate) is_open: &'a dyn Fn(&str) -> bool,
    pub(crate) now: SystemTime,
    /// The credentials that have an access key id.
    pub(crate) credential: &'a dyn Fn(&str) -> Option<Arc<Credential>>,
}
