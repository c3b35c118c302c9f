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

/// A connection that is reset without an answer, in place of a response. No handler of the fixture does this yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Broken;

/// How an exchange ends.
pub(crate) type End = Result<Response, Broken>;

/// What a handler returns: the end of the exchange, now or later.
pub(crate) enum Reply {
    /// The exchange ends at once.
    Now(End),
    /// The exchange ends when this future does.
    Later(Pin<Box<dyn Future<Output = End> + Send>>),
}

impl Reply {
    /// Ends the exchange when `end` does.
    pub(crate) fn later(end: impl Future<Output = End> + Send + 'static) -> Self {
        Self::Later(Box::pin(end))
    }

    /// Waits for the end of the exchange.
    pub(crate) async fn end(self) -> End {
        match self {
            Self::Now(end) => end,
            Self::Later(end) => end.await,
        }
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self::Now(Ok(response))
    }
}

/// Answers requests, by itself or by way of the handler behind it.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Answers one request. Never panics, never blocks for long.
    fn handle(&self, request: Request) -> Reply;

    /// Hears that a connection has broken off, so that the last answer may not have arrived. A handler in front of
    /// another one passes this on.
    fn broken_off(&self, _connection: u64) {}
}
