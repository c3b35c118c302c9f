//! awsJson1_1: from a request to an operation and back (`kms-facts.md` 1). Knows JSON and HTTP, no sockets.

mod authenticate;
mod dispatch;
mod output;
mod pattern;
mod respond;
mod signed;
mod types;
mod validate;

pub(crate) use dispatch::implemented;
pub(crate) use respond::{Answer, respond, respond_with};

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use serde_json::Value;

use self::output::Output;
use crate::api;
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::Cx;
use crate::kms::principals::Credential;
use crate::wire::exchange::Request;

/// The largest body that is read. AWS's own limit is not published.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// Reads the operation that a request names and the fake implements: `X-Amz-Target: TrentService.<operation>` on `POST /` (fact 1.1).
pub(crate) fn target(request: &Request) -> Result<&'static str> {
    let name = named(request)?;
    implemented(name).ok_or_else(|| KmsError::not_implemented(name))
}

/// Reads the operation that a request names, whether or not the fake implements it.
pub(crate) fn named(request: &Request) -> Result<&'static str> {
    let parts = &request.parts;
    if parts.method != http::Method::POST || parts.uri.path() != "/" {
        return Err(KmsError::unknown_operation());
    }
    let target = parts.headers.get("x-amz-target");
    let name = target
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.strip_prefix("TrentService."))
        .unwrap_or_default();
    let operation = api::operation(name).ok_or_else(KmsError::unknown_operation)?;
    Ok(operation.name)
}

pub(crate) use authenticate::authenticate;

/// Reads the body, checks it against the API's model, and runs the operation.
pub(crate) fn call(cx: &mut Cx<'_>, operation: &str, body: &Bytes) -> Result<Bytes> {
    let mut output = Output::text();
    run(cx, operation, parse(body)?, &mut output)?;
    Ok(output.into_text())
}

/// Checks a parsed input against the API's model and runs the operation. Returns the status, and the output or the body
/// of the error; null if there is none.
pub(crate) fn call_by_value(cx: &mut Cx<'_>, operation: &str, input: Value) -> (u16, Value) {
    let mut output = Output::value();
    match run(cx, operation, input, &mut output) {
        Ok(()) => (200, output.into_value()),
        Err(error) => (error.status, respond::error_body(&error, Output::value()).into_value()),
    }
}

fn run(cx: &mut Cx<'_>, operation: &str, input: Value, output: &mut Output) -> Result<()> {
    let operation = api::operation(operation).ok_or_else(KmsError::unknown_operation)?;
    let input = validate::validate(operation.input.members(), input)?;
    dispatch::dispatch(cx, operation, input, output)?;
    cx.note_uses(operation.name);
    Ok(())
}

/// Reads a body; an empty one counts as `{}` (fact 1.2).
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

/// The facts of the fixture that authentication needs.
pub(crate) struct Gate<'a> {
    pub(crate) region: &'a str,
    /// Whether something has been replicated to a Region.
    pub(crate) is_open: &'a dyn Fn(&str) -> bool,
    pub(crate) now: SystemTime,
    /// The credentials that have an access key id.
    pub(crate) credential: &'a dyn Fn(&str) -> Option<Arc<Credential>>,
}
