//! The floor over TCP: hyper alone, giving one constant answer, served and stopped in the way a fixture's socket is.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{OnceLock, mpsc};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinSet};

use super::answer::Answer;

/// A socket that is closed when this is dropped.
pub(crate) struct Bare {
    pub(crate) address: SocketAddr,
    accepting: AbortHandle,
    closed: mpsc::Receiver<()>,
}

impl Bare {
    pub(crate) fn start(answer: &Response<Bytes>) -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .expect("loopback has a free port");
        listener.set_nonblocking(true).expect("a mode of sockets");
        let address = listener.local_addr().expect("it is bound");
        let handle = runtime();
        let _inside = handle.enter();
        let listener = TcpListener::from_std(listener).expect("the runtime takes sockets");
        let (sign, closed) = mpsc::channel();
        let accepting = handle.spawn(accept(sign, listener, answer.clone()));
        Self { address, accepting: accepting.abort_handle(), closed }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.accepting.abort();
        let _ = self.closed.recv();
    }
}

/// The answer as hyper takes it.
pub(crate) fn constant(answer: &Answer) -> Response<Bytes> {
    // A fixture says so over TCP only.
    let mut response = Response::builder().header("connection", "keep-alive");
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(answer.body.clone().into()).expect("the headers are valid")
}

/// One thread for the process, as a fixture's server has.
fn runtime() -> &'static Handle {
    static RUNTIME: OnceLock<Handle> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let handle = runtime.handle().clone();
        std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
        handle
    })
}

async fn accept(_sign: mpsc::Sender<()>, listener: TcpListener, answer: Response<Bytes>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let answer = answer.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let answer = answer.clone();
            async move {
                let _ = request.into_body().collect().await;
                Ok::<_, Infallible>(answer.map(Full::new))
            }
        });
        connections.spawn(async move {
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            let _ = connection.await;
        });
    }
}
