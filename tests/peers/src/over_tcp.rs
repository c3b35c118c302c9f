//! Servers with one stub, and a client that signs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use httpmock::Method::POST;
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use crate::fixture_cost::{OverTcp, fixture};
use crate::support::bare::Bare;
use crate::support::measure::whole;
use crate::support::wire::address;
use crate::{compare, moto};

const JSON: &str = "application/x-amz-json-1.1";

pub(crate) fn run() {
    let rounds = OverTcp::new();
    let (request, body) = (&rounds.request, &rounds.answer.body);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let call = |at| ask(at, request, body);
    let bare = || {
        let server = Bare::start(&rounds.response);
        call(server.address);
    };
    let wiremock = || {
        let server = runtime.block_on(async {
            let server = wiremock::MockServer::start().await;
            let answer = ResponseTemplate::new(200).set_body_raw(body.clone(), JSON);
            Mock::given(method("POST")).respond_with(answer).mount(&server).await;
            server
        });
        call(*server.address());
        runtime.block_on(async { drop(server) });
    };
    let httpmock = || {
        let server = httpmock::MockServer::start();
        server.mock(|when, then| {
            when.method(POST);
            then.status(200).header("content-type", JSON).body(body);
        });
        call(*server.address());
    };
    let own = || {
        let kms = fixture();
        call(address(kms.endpoint_url()));
    };
    compare(
        "Over TCP",
        ["bare hyper", "wiremock", "httpmock", "kms-fixture"],
        [whole(bare), whole(wiremock), whole(httpmock), whole(own)],
    );
    moto::run();
}

/// Sends a request and reads the answer, which has this body.
fn ask(at: SocketAddr, request: &[u8], body: &[u8]) {
    let mut stream = TcpStream::connect(at).expect("the server listens");
    stream.set_nodelay(true).expect("an option of TCP");
    stream.write_all(request).expect("the server reads");
    let mut answer = Vec::with_capacity(4096);
    let mut buffer = [0; 4096];
    while !answer.ends_with(body) {
        let read = stream.read(&mut buffer).expect("an answer");
        assert!(read > 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&buffer[..read]);
    }
}
