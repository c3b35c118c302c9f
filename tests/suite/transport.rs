//! The same service without a socket and over one.

use std::io::{Read, Write};
use std::net::TcpStream;

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::refused;

#[kms_test(
    transport = "tcp",
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
async fn the_sdk_may_go_over_tcp(kms: Kms, worker: Caller, janitor: Caller, access: Grant) {
    let retire = |caller: &Caller| client(caller).retire_grant().grant_token(access.token()).send();
    refused(retire(&worker).await).has_code("AccessDeniedException");
    retire(&janitor).await.unwrap();
    assert_eq!(kms.calls().len(), 2);
}

#[kms_test(keys(orders))]
async fn both_ways_give_the_same_answer(kms: Kms, admin: Caller, orders: Key) {
    let direct = client(&admin);
    let http = aws_smithy_http_client::Builder::new().build_http();
    let over_tcp =
        admin.sdk_config().to_builder().endpoint_url(kms.endpoint_url()).http_client(http);
    let over_tcp = aws_sdk_kms::Client::new(&over_tcp.build());
    let mut seen = Vec::new();
    for client in [&direct, &over_tcp] {
        let good = client.describe_key().key_id(orders.id()).send().await.unwrap();
        let bad = refused(client.describe_key().key_id("nonsense").send().await);
        seen.push((good.key_metadata().cloned(), bad));
    }
    assert_eq!(seen[0], seen[1]);
}

#[kms_test]
fn without_a_socket_a_replaced_client_reaches_no_server(kms: Kms) {
    let config = kms.sdk_config();
    assert_eq!(config.endpoint_url(), Some("http://kms-fixture.invalid"));
}

/// A blocking client in an async test on one thread, which a server on the test's own runtime could not answer.
#[kms_test]
async fn blocking_clients_work_in_async_tests(kms: Kms) {
    tokio::task::yield_now().await;
    assert!(plain_get(kms.endpoint_url()).starts_with("HTTP/1.1 400 Bad Request"));
}

#[kms_test]
fn plain_tests_work(kms: Kms) {
    assert!(plain_get(kms.endpoint_url()).contains("UnknownOperationException"));
}

#[kms_test]
fn the_server_is_gone_with_the_fixture(kms: Kms) {
    let other = kms_fixture::Fixture::builder().start().unwrap();
    let url = other.endpoint_url().to_owned();
    plain_get(&url);
    drop(other);
    assert!(TcpStream::connect(url.strip_prefix("http://").unwrap()).is_err());
    plain_get(kms.endpoint_url());
}

fn plain_get(url: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Handles go wherever a test takes them.
#[test]
fn handles_are_send_and_sync() {
    fn shareable<T: Clone + Send + Sync + Unpin + 'static>() {}
    shareable::<Kms>();
    shareable::<Caller>();
    shareable::<Key>();
    shareable::<Grant>();
}
