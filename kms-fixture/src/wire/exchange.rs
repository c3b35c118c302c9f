//! The one seam: a handler turns a request into a response, without knowledge of sockets or KMS.

use std::future::Future;
use std::pin::Pin;
use std::time::SystemTime;

use bytes::Bytes;

/// A complete request.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) parts: http::request::Parts,
    pub(crate) body: Bytes,
    /// The arrival by the system clock, if the request came over a socket from a client with its own clock.
    pub(crate) arrived: Option<SystemTime>,
    /// The connection, if the request came over a socket.
    pub(crate) connection: Option<u64>,
}

impl Request {
    /// Returns the first value of a header, if that is ASCII.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        // `HeaderValue::to_str` returns this text, too, but looks at each byte, which costs tens of thousands of
        // instructions in a debug build. ASCII has as many characters as bytes; the standard library counts them fast.
        let value = self.parts.headers.get(name)?.as_bytes();
        str::from_utf8(value).ok().filter(|it| it.chars().count() == it.len())
    }
}

/// A complete response.
pub(crate) type Response = http::Response<Bytes>;

/// The word of the fault that strikes a request, for the journal. A request carries it as an extension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Struck(pub(crate) &'static str);

impl Struck {
    /// Returns the word of the fault that strikes a request.
    pub(crate) fn word(parts: &http::request::Parts) -> Option<&'static str> {
        parts.extensions.get::<Self>().map(|it| it.0)
    }
}

/// Marks a request that sees no change that takes time to arrive. A request carries it as an extension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeesNoChange;

/// The reset of a connection, in place of a response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Broken;

/// The end of an exchange.
pub(crate) type End = Result<Response, Broken>;

/// The reply of a handler: the end of the exchange, now or later.
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

/// A handler of requests, which answers them itself or through the handler behind it.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Answers one request. Never panics, never blocks for long.
    fn handle(&self, request: Request) -> Reply;

    /// Handles a broken connection, whose last answer may not have arrived. A handler in front of another one passes
    /// this on.
    fn broken_off(&self, _connection: u64) {}
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_header_has_the_text_that_http_gives_it() {
        let long = "x".repeat(300);
        let values: [&[u8]; 8] = [
            b"",
            b"plain",
            b" a\tb ",
            b"~!",
            "h\u{f6}st".as_bytes(),
            b"\xff",
            &[b'x'; 300],
            &[long.as_bytes(), "\u{20ac}".as_bytes()].concat(),
        ];
        for value in values {
            let value = HeaderValue::from_bytes(value).unwrap();
            let mut parts = http::Request::new(()).into_parts().0;
            parts.headers.insert("name", value.clone());
            let request = Request { parts, body: Bytes::new(), arrived: None, connection: None };
            assert_eq!(request.header("Name"), value.to_str().ok());
            assert_eq!(request.header("other"), None);
        }
    }
}
