//! Questions to a running server, by its control endpoints.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::error::Error;

/// The time limit of an answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The largest answer.
const LIMIT: u64 = 16 << 20;

/// Returns the answer to `GET /kms-fixture/{path}` of the server at `endpoint`.
///
/// # Errors
///
/// A URL that is not `http://HOST:PORT`; no server there, or another one.
pub(super) fn get(endpoint: &str, path: &str) -> Result<Value, Error> {
    let host = endpoint
        .strip_prefix("http://")
        .filter(|it| !it.contains(['/', '\r', '\n', ' ']))
        .ok_or_else(|| {
        Error::new(format!("`{endpoint}` is not the URL of a kms-fixture server"))
            .help("write it like `http://127.0.0.1:40123`")
    })?;
    let answer = exchange(host, path)
        .map_err(|it| Error::new(format!("no kms-fixture server answers at {endpoint}: {it}")))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer.as_str(), ""));
    let is_good = head.split(' ').nth(1) == Some("200");
    let value = serde_json::from_str(body).ok().filter(|_| is_good);
    value.ok_or_else(|| {
        Error::new(format!(
            "{endpoint} does not answer `GET /kms-fixture/{path}` as a kms-fixture server does"
        ))
    })
}

fn exchange(host: &str, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let request =
        format!("GET /kms-fixture/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(LIMIT).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
