//! Calls from web pages: the metadata of AWS's SDKs say that KMS permits them (fact 15.23).
//!
//! A page needs credentials of the fixture, because every call is signed. The values of the headers are those of sibling
//! services (INVENTED(cors)).

use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};
use http::{HeaderValue, Method};

use super::exchange::{Handler, Reply, Request, Response};

/// Two days, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("172800");
const ANY: HeaderValue = HeaderValue::from_static("*");

/// The handler in front of a service that web pages may call.
pub(crate) struct Cors {
    next: Arc<dyn Handler>,
}

impl Cors {
    pub(crate) fn new(next: Arc<dyn Handler>) -> Self {
        Self { next }
    }
}

/// Returns whether a browser asks for permission to send a request.
fn is_preflight(request: &Request) -> bool {
    let parts = &request.parts;
    parts.method == Method::OPTIONS
        && parts.uri.path() == "/"
        && parts.headers.contains_key(ORIGIN)
        && parts.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Returns the permission for the headers that the browser names.
fn permission(request: &Request) -> Response {
    let mut response = Response::new(Bytes::new());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    if let Some(requested) = request.parts.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, requested.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    response
}

/// Lets the page read an answer.
fn readable(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    let exposed = HeaderValue::from_static("x-amzn-requestid,date");
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    response
}

impl Handler for Cors {
    fn handle(&self, request: Request) -> Reply {
        if is_preflight(&request) {
            return permission(&request).into();
        }
        let is_from_page = request.parts.headers.contains_key(ORIGIN);
        match self.next.handle(request) {
            reply if !is_from_page => reply,
            Reply::Now(end) => Reply::Now(end.map(readable)),
            Reply::Later(end) => Reply::later(async move { end.await.map(readable) }),
        }
    }

    fn broken_off(&self, connection: u64) {
        self.next.broken_off(connection);
    }
}
