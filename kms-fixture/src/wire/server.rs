//! The listening socket: the only file that knows hyper's server.
//!
//! One thread serves every fixture of the process, so that blocking clients, plain tests and every flavour of runtime
//! work. The first socket starts it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::CONNECTION;
use http::{HeaderValue, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinSet};

use crate::wire::exchange::{Broken, Handler, Request};

/// The time limit for a client to send its head, and again its body.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A listening socket, which closes when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    accepting: AbortHandle,
    /// Disconnects when the listener is gone. The lock lets threads share a fixture.
    open: Mutex<mpsc::Receiver<()>>,
}

impl Server {
    /// Binds `address` and serves `handler` there. Stops reading a body that exceeds `max_body`.
    ///
    /// # Errors
    ///
    /// Fails if the socket cannot be bound or the thread cannot start.
    pub(crate) fn start(
        address: SocketAddr,
        handler: Arc<dyn Handler>,
        max_body: usize,
    ) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (sign, open) = mpsc::channel();
        let handle = runtime()?;
        // Registering it here lets the first connection succeed at once.
        let listener = {
            let _inside = handle.enter();
            TcpListener::from_std(listener)?
        };
        let accepting = handle.spawn(accept(sign, listener, handler, max_body));
        Ok(Self { address, accepting: accepting.abort_handle(), open: Mutex::new(open) })
    }

    /// Returns the address of the socket.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    /// Waits until the socket is closed.
    fn drop(&mut self) {
        self.accepting.abort();
        if std::thread::current().name() != Some(THREAD) {
            let open = self.open.get_mut().unwrap_or_else(PoisonError::into_inner);
            let _ = open.recv();
        }
    }
}

const THREAD: &str = "kms-fixture-server";

/// Returns the runtime of the process's one server thread, and starts it at first use.
pub(crate) fn runtime() -> io::Result<Handle> {
    static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();
    RUNTIME
        .get_or_init(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|it| it.to_string())?;
            let handle = runtime.handle().clone();
            std::thread::Builder::new()
                .name(THREAD.to_owned())
                .spawn(move || runtime.block_on(std::future::pending::<()>()))
                .map_err(|it| it.to_string())?;
            Ok(handle)
        })
        .clone()
        .map_err(io::Error::other)
}

/// Accepts connections until it is aborted. `_sign` is the first argument and therefore dropped last, after the
/// listener and the connections.
async fn accept(
    _sign: mpsc::Sender<()>,
    listener: TcpListener,
    handler: Arc<dyn Handler>,
    max_body: usize,
) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, Arc::clone(&handler), max_body));
            }
            // The process is out of file descriptors, or the client went away: the next attempt may succeed.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, handler: Arc<dyn Handler>, max_body: usize) {
    static CONNECTIONS: AtomicU64 = AtomicU64::new(0);
    let number = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
    let _ = stream.set_nodelay(true);
    let (broken, to_reset) = (Arc::default(), Arc::default());
    let stream = Watched { stream, broken: Arc::clone(&broken), to_reset: Arc::clone(&to_reset) };
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (handler, to_reset) = (Arc::clone(&handler), Arc::clone(&to_reset));
        async move { exchange(request, &*handler, max_body, number, &to_reset).await }
    });
    // For invalid HTTP, hyper answers 400 and closes the connection.
    let end = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIMEOUT)
        // A client that has closed its side still gets its answer.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // An idle connection that times out has received every answer.
    if end.is_err_and(|it| !it.is_timeout()) || broken.load(Ordering::Relaxed) {
        handler.broken_off(number);
    }
}

/// A stream that records whether the other end broke it off, and can be reset.
struct Watched {
    stream: TcpStream,
    broken: Arc<AtomicBool>,
    /// Whether dropping this resets the connection instead of closing it.
    to_reset: Arc<AtomicBool>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.to_reset.load(Ordering::Relaxed) {
            // Only now, after the last answer is written: a reset may lose answers that the client has not read yet.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl Watched {
    fn note<T>(&self, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if matches!(polled, Poll::Ready(Err(_))) {
            self.broken.store(true, Ordering::Relaxed);
        }
        polled
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(cx, into);
        self.note(polled)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.note(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        self.note(polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // An error here only shows that the other end is closed, not that it missed an answer.
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

async fn exchange(
    request: hyper::Request<Incoming>,
    handler: &dyn Handler,
    max_body: usize,
    connection: u64,
    to_reset: &AtomicBool,
) -> Result<hyper::Response<Full<Bytes>>, io::Error> {
    let (parts, body) = request.into_parts();
    let is_kept = is_kept(&parts);
    let body = tokio::time::timeout(TIMEOUT, read(body, max_body))
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    let reply = handler.handle(Request {
        parts,
        body,
        arrived: Some(SystemTime::now()),
        connection: Some(connection),
    });
    let response = reply.end().await.map_err(|Broken| {
        to_reset.store(true, Ordering::Relaxed);
        io::Error::from(io::ErrorKind::ConnectionReset)
    })?;
    let mut response = response.map(Full::new);
    if is_kept {
        // Recorded, although HTTP/1.1 does not need it (fact 1.4).
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("keep-alive"));
    }
    Ok(response)
}

/// Returns whether the client keeps the connection after the answer.
fn is_kept(request: &http::request::Parts) -> bool {
    let values = request.headers.get_all(CONNECTION).into_iter().filter_map(|it| it.to_str().ok());
    let mut options = values.flat_map(|it| it.split(',')).map(str::trim);
    if request.version == Version::HTTP_11 {
        return !options.any(|it| it.eq_ignore_ascii_case("close"));
    }
    options.any(|it| it.eq_ignore_ascii_case("keep-alive"))
}

/// Reads the body, or enough of it to show that it is too large.
async fn read(mut body: Incoming, max_body: usize) -> io::Result<Bytes> {
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(io::Error::other)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        // A typical body is one frame, a part of hyper's buffer, which the journal would keep whole.
        if all.is_empty() && body_is_over(&body) {
            return Ok(Bytes::copy_from_slice(&data));
        }
        all.extend_from_slice(&data);
        if all.len() > max_body {
            break;
        }
    }
    Ok(all.freeze())
}

fn body_is_over(body: &Incoming) -> bool {
    hyper::body::Body::is_end_stream(body)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::Ipv4Addr;

    use super::*;
    use crate::wire::exchange::Reply;

    struct Breaks;

    impl Handler for Breaks {
        fn handle(&self, _: Request) -> Reply {
            Reply::Now(Err(Broken))
        }
    }

    #[test]
    fn a_broken_exchange_resets_the_connection() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::start(address, Arc::new(Breaks), 100).unwrap();
        let mut client = std::net::TcpStream::connect(server.address()).unwrap();
        client.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}").unwrap();
        let mut answer = Vec::new();
        let end = client.read_to_end(&mut answer).unwrap_err();
        assert_eq!((end.kind(), answer.len()), (io::ErrorKind::ConnectionReset, 0));
    }
}
