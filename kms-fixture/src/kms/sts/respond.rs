//! Turns an outcome into a response in the query protocol (facts 16.1 and 16.2).

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};

use super::VERSION;
use super::error::{Result, StsError};
use super::xml::{element, parent};
use crate::wire::exchange::Response;

/// The output of an operation.
#[derive(Debug)]
pub(crate) struct Output {
    /// The elements of the result.
    pub(super) result: String,
    pub(crate) issued: Option<Issued>,
}

/// Credentials that an operation has issued for a new name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issued {
    /// The ARN of the new session or federated user.
    pub(crate) caller_arn: String,
    /// Its name in texts: `worker/night-shift`.
    pub(crate) name: String,
}

/// Returns the response for the wire.
pub(crate) fn respond(
    action: &str,
    outcome: &Result<Output>,
    request_id: &str,
    date: SystemTime,
) -> Response {
    let id = element("RequestId", request_id);
    let namespace = format!("https://sts.amazonaws.com/doc/{VERSION}/");
    let (status, body) = match outcome {
        Ok(output) => {
            let result = parent(&format!("{action}Result"), &output.result);
            let metadata = parent("ResponseMetadata", &id);
            let name = format!("{action}Response");
            (200, format!("<{name} xmlns=\"{namespace}\">{result}{metadata}</{name}>"))
        }
        Err(error) => {
            let body = format!(
                "<ErrorResponse xmlns=\"{namespace}\">{}{id}</ErrorResponse>",
                described(error)
            );
            (error.status, body)
        }
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let length = response.body().len();
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(date)) {
        headers.insert(header::DATE, date);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn described(error: &StsError) -> String {
    let by = if error.status < 500 { "Sender" } else { "Receiver" };
    let code = element("Code", error.code);
    let message = element("Message", &error.message);
    parent("Error", &format!("{}{code}{message}", element("Type", by)))
}
