//! The one seam: a request goes in, a response comes out. No sockets, no KMS.

use std::time::SystemTime;

use bytes::Bytes;

/// A request, whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) parts: http::request::Parts,
    pub(crate) body: Bytes,
    /// When it arrived by the machine's clock, if it came over a socket from a client with a clock of its own.
    pub(crate) arrived: Option<SystemTime>,
}

/// A response, whole.
pub(crate) type Response = http::Response<Bytes>;

/// Answers requests.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Answers one request. Never panics, never blocks for long.
    fn handle(&self, request: Request) -> Response;
}
