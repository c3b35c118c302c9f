//! awsJson1_1: translates requests to operations and back (`kms-facts.md` 1). It knows JSON and HTTP, not sockets.

mod authenticate;
mod dispatch;
mod json;
mod output;
mod pattern;
mod respond;
#[cfg(feature = "cli")]
mod sign;
mod signed;
mod types;
#[cfg(feature = "crypto")]
mod usual;
mod validate;

pub(crate) use dispatch::{Implemented, implemented};
pub(crate) use json::write;
pub(crate) use respond::{Answer, respond, respond_with};
#[cfg(feature = "cli")]
pub(crate) use sign::sign;

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use serde_json::Value;

use self::output::Output;
use crate::api::{self, Operation};
use crate::kms::body::Body;
use crate::kms::error::{KmsError, Result};
use crate::kms::evidence::Evidence;
use crate::kms::ops::{Cx, explain};
use crate::kms::principals::Credential;
use crate::wire::exchange::Request;

/// The largest accepted body. AWS has not published its own limit.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// Reads the operation that a request names. Fails unless the fake implements it.
pub(crate) fn target(request: &Request) -> Result<Implemented> {
    let operation = operation(request)?;
    Implemented::of(operation).ok_or_else(|| KmsError::not_implemented(operation.name))
}

/// Reads the operation that a request names, whether or not the fake implements it.
pub(crate) fn named(request: &Request) -> Result<&'static str> {
    operation(request).map(|it| it.name)
}

/// Reads the operation that a request names: `X-Amz-Target: TrentService.<operation>` on `POST /` (fact 1.1).
fn operation(request: &Request) -> Result<&'static Operation> {
    let parts = &request.parts;
    if parts.method != http::Method::POST || parts.uri.path() != "/" {
        return Err(KmsError::unknown_operation());
    }
    let target = request.header("x-amz-target");
    let name = target.and_then(|it| it.strip_prefix("TrentService.")).unwrap_or_default();
    api::operation(name).ok_or_else(KmsError::unknown_operation)
}

pub(crate) use authenticate::authenticate;

/// Reads the body, checks it against the API's model, and runs the operation.
pub(crate) fn call(cx: &mut Cx<'_>, called: Implemented, body: &Bytes) -> Result<Body> {
    let mut output = Output::text();
    match run(cx, called, parse(body)?, &mut output) {
        Ok(()) => Ok(output.into_text()),
        Err(error) => Err(explain(cx, called.operation.name, &parse(body)?, error)),
    }
}

/// Checks a parsed input against the API's model and runs the operation. Returns the status, and the output or the body
/// of the error, or null; and the evidence of a refusal.
pub(crate) fn call_by_value(
    cx: &mut Cx<'_>,
    called: Implemented,
    input: &Value,
) -> (u16, Value, Option<Box<Evidence>>) {
    let mut output = Output::value();
    match run(cx, called, input.clone(), &mut output) {
        Ok(()) => (200, output.into_value(), None),
        Err(error) => {
            let error = explain(cx, called.operation.name, input, error);
            let body = respond::error_body(&error, Output::value()).into_value();
            (error.status, body, error.why)
        }
    }
}

fn run(cx: &mut Cx<'_>, called: Implemented, input: Value, output: &mut Output) -> Result<()> {
    cx.throttle(called.operation.name, &input)?;
    let input = validate::validate(called.operation.input.members(), input)?;
    dispatch::dispatch(cx, called, input, output)?;
    cx.note_uses(called.operation.name);
    Ok(())
}

/// Reads a body; an empty one counts as `{}` (fact 1.2).
pub(crate) fn parse(body: &Bytes) -> Result<Value> {
    if body.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    // serde_json checks text, depth and encoding; AWS gives no reason either.
    serde_json::from_slice(body).map_err(|_| KmsError::not_json())
}

/// The caller of a request, and the Region of its signature.
#[derive(Debug)]
pub(crate) struct Authentic {
    pub(crate) credential: Arc<Credential>,
    pub(crate) region: String,
    /// The time of the signature, by the client's clock.
    pub(crate) time: SystemTime,
}

/// The state of the fixture that the verification of a signature needs.
pub(crate) struct Verifier<'a> {
    /// The service that the signature must name.
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    /// Returns whether another Region is served.
    pub(crate) is_open: &'a dyn Fn(&str) -> bool,
    pub(crate) now: SystemTime,
    /// Returns the credentials with an access key id.
    pub(crate) credential: &'a dyn Fn(&str) -> Option<Arc<Credential>>,
}
