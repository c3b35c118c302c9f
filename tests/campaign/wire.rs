//! HTTP/1.1 by hand, one request for each connection, so that a fault can end a connection at any byte.

use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use aws_sdk_kms::config::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use serde_json::Value;

/// The time after which a call counts as hanging.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) const REGION: &str = "us-east-1";

/// A request or an answer.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// The first line and the headers, with the empty line.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads one message with a `content-length`; nothing if the connection ends before it.
    pub(crate) fn read(stream: &mut TcpStream) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let mut chunk = [0; 8192];
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
                break at + 4;
            }
            match stream.read(&mut chunk)? {
                0 if bytes.is_empty() => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => bytes.extend_from_slice(&chunk[..read]),
            }
        };
        let mut body = bytes.split_off(end);
        let head = String::from_utf8_lossy(&bytes).into_owned();
        let length = header(&head, "content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
        while body.len() < length {
            match stream.read(&mut chunk)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => body.extend_from_slice(&chunk[..read]),
            }
        }
        Ok(Some(Self { head, body }))
    }

    /// Returns an answer in the form of awsJson1_1.
    pub(crate) fn answer(status: u16, body: Vec<u8>) -> Self {
        let head = format!(
            "HTTP/1.1 {status} -\r\ncontent-type: application/x-amz-json-1.1\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        Self { head, body }
    }

    pub(crate) fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let mut bytes = self.head.clone().into_bytes();
        bytes.extend_from_slice(&self.body);
        stream.write_all(&bytes)
    }

    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn operation(&self) -> &str {
        header(&self.head, "x-amz-target")
            .and_then(|it| it.strip_prefix("TrentService."))
            .unwrap_or("")
    }

    /// Returns the body as JSON; null if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Returns the value of a header.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

pub(crate) fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Makes a signed call.
pub(crate) fn call(
    address: &str,
    credentials: &Credentials,
    operation: &str,
    input: &Value,
    invocation: Option<&str>,
) -> io::Result<Message> {
    call_in(REGION, address, credentials, operation, input, invocation)
}

/// Makes a call that is signed for `region`.
pub(crate) fn call_in(
    region: &str,
    address: &str,
    credentials: &Credentials,
    operation: &str,
    input: &Value,
    invocation: Option<&str>,
) -> io::Result<Message> {
    let body = input.to_string();
    let head = head(region, address, credentials, operation, &body, invocation);
    let mut stream = connect(address)?;
    Message { head, body: body.into_bytes() }.write(&mut stream)?;
    Message::read(&mut stream)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

fn head(
    region: &str,
    address: &str,
    credentials: &Credentials,
    operation: &str,
    body: &str,
    invocation: Option<&str>,
) -> String {
    let identity = credentials.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("kms")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let target = format!("TrentService.{operation}");
    let mut headers = vec![
        ("host", address),
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", &target),
    ];
    headers.extend(invocation.map(|it| ("amz-sdk-invocation-id", it)));
    let signable = SignableRequest::new(
        "POST",
        format!("http://{address}/"),
        headers.iter().copied(),
        SignableBody::Bytes(body.as_bytes()),
    );
    let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
    let mut head = "POST / HTTP/1.1\r\nconnection: close\r\n".to_owned();
    for (name, value) in headers.into_iter().chain(instructions.headers()) {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    write!(head, "content-length: {}\r\n\r\n", body.len()).unwrap();
    head
}
