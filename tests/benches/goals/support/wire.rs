//! The least HTTP/1.1 client: bytes out, a known number of bytes in.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::answer::Answer;

/// A connection on which every answer has the same length.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects; every answer will have as many bytes as `answer`.
    pub(crate) fn open(address: SocketAddr, answer: &Answer) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("an option of TCP");
        // An answer that is too short fails instead of hanging.
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("not zero");
        Self { stream, buffer: vec![0; answer.length()] }
    }

    pub(crate) fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).expect("the server reads");
    }

    pub(crate) fn receive(&mut self) -> &[u8] {
        self.stream.read_exact(&mut self.buffer).expect("an answer of the length expected");
        &self.buffer
    }

    /// Sends `request` and checks that the answer is `answer`.
    pub(crate) fn check(&mut self, request: &[u8], answer: &Answer) {
        self.send(request);
        let bytes = self.receive();
        assert!(bytes.starts_with(b"HTTP/1.1 200 OK\r\n") && bytes.ends_with(&answer.body));
    }
}

/// The address in `http://127.0.0.1:<port>`.
pub(crate) fn address(url: &str) -> SocketAddr {
    url.trim_start_matches("http://").parse().expect("a URL of a fixture is an address")
}
