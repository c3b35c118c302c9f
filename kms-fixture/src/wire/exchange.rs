//! The one seam: a request goes in, a response comes out. No sockets, no KMS.

use std::future::Future;
use std::pin::Pin;
use std::time::SystemTime;

use bytes::Bytes;

/// A request, whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) parts: http::request::Parts,
    pub(crate) body: Bytes,
    /// When it arrived by the machine's clock, if it came over a socket from a client with a clock of its own.
    pub(crate) arrived: Option<SystemTime>,
    /// The connection that it came over, if it came over a socket.
    pub(crate) connection: Option<u64>,
}

/// A response, whole.
pub(crate) type Response = http::Response<Bytes>;

/// A response, now or once somebody else has answered.
pub(crate) enum Reply {
    /// Here it is.
    Now(Response),
    /// It takes another exchange.
    Later(Pin<Box<dyn Future<Output = Response> + Send>>),
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self::Now(response)
    }
}

/// Answers requests.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Answers one request. Never panics, never blocks for long.
    fn handle(&self, request: Request) -> Reply;

    /// Hears that a connection has broken off, so that the last answer may not have arrived.
    fn broken_off(&self, _connection: u64) {}
}
