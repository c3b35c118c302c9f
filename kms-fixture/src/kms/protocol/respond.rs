//! Turns an outcome into a response: status, headers, body (facts 1.3 to 1.7).

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::output::Output;
use crate::kms::body::Body;
use crate::kms::error::KmsError;
use crate::wire::exchange::Response;

/// An outcome, before it becomes a response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) outcome: Result<Body, KmsError>,
    pub(crate) request_id: String,
    pub(crate) date: SystemTime,
}

/// Returns the response for the wire, and its body as the journal keeps it.
pub(crate) fn respond(answer: Answer) -> (Response, Body) {
    let (status, body) = match answer.outcome {
        Ok(body) => (200, body),
        Err(error) => (error.status, error_body(&error, Output::text()).into_text()),
    };
    (respond_with(status, body.bytes(), &answer.request_id, answer.date), body)
}

/// Returns the response with this status and body.
pub(crate) fn respond_with(
    status: u16,
    body: Bytes,
    request_id: &str,
    date: SystemTime,
) -> Response {
    let length = body.len();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    headers.reserve(8);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store, must-revalidate, private"),
    );
    headers.insert(header::EXPIRES, HeaderValue::from_static("0"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(date)) {
        headers.insert(header::DATE, date);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// Fills in `{"__type":"..","message":".."}`, perhaps without a message (facts 1.5, 1.6).
pub(super) fn error_body(error: &KmsError, mut body: Output) -> Output {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(rename = "__type")]
        code: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<&'a str>,
        #[serde(rename = "Message", skip_serializing_if = "Option::is_none")]
        capital: Option<&'a str>,
    }
    // Recordings of sibling services show that this one exception spells `Message` with a capital letter.
    let capital = error.code == "SerializationException";
    let message = error.message.as_deref();
    let filled = body.fill(&Body {
        code: error.code,
        message: message.filter(|_| !capital),
        capital: message.filter(|_| capital),
    });
    debug_assert!(filled.is_ok(), "serializing texts cannot fail");
    body
}
