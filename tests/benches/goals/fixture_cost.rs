//! The cost of a fixture: start, seed, client, first call, teardown.
//!
//! Through the SDK against `StaticReplayClient` with one canned answer of the same bytes: in a configuration as the
//! SDK's guide makes it for a test, which is what counts, and in the fixture's own, which tells what is the SDK's part.
//! Over TCP against a bare hyper server with a constant answer of the same bytes, on a server thread of the same kind.

use std::net::SocketAddr;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_types::SdkConfig;
use hyper::Response;
use hyper::body::Bytes;
use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Kms};
use serde_json::json;

use crate::support::answer::Answer;
use crate::support::bare::{Bare, constant};
use crate::support::direct::Direct;
use crate::support::measure::{Effort, medians, whole};
use crate::support::signed::{Signed, Signer};
use crate::support::table::{self, Goal};
use crate::support::wire::{Connection, address};

const GOAL: Goal = Goal::AtMost(1.25);
/// What wiremock costs with one stub (`tests/peers`).
const OVER_TCP: Goal = Goal::AtMost(1.24);

pub(crate) fn run(effort: Effort) {
    through_the_sdk(effort, &ThroughSdk::new());
    over_tcp(effort, &OverTcp::new());
}

/// A key, a role and a grant.
pub(crate) fn fixture() -> Kms {
    Fixture::builder()
        .seed(1)
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .grant(
            GrantDeclaration::new("access")
                .key("orders")
                .grantee("worker")
                .retiring("worker")
                .operations([GrantOperation::Decrypt, GrantOperation::RetireGrant]),
        )
        .start()
        .expect("the scenario makes sense")
}

/// The request of each round, and its answer.
fn exchange(kms: &Kms) -> (Signed, Answer) {
    let request = Signer::new(kms)
        .sign("ListRetirableGrants", &json!({"RetiringPrincipal": kms.caller("worker").arn()}));
    let answer = Answer::of(&Direct::new(kms).call(request.sdk()));
    (request, answer)
}

/// The rounds through the SDK.
pub(crate) struct ThroughSdk {
    pub(crate) runtime: tokio::runtime::Runtime,
    region: String,
    credentials: Credentials,
    pub(crate) retiring: String,
    shared: SdkConfig,
    answer: Answer,
}

impl ThroughSdk {
    pub(crate) fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let kms = fixture();
        Self {
            runtime,
            region: kms.region().to_owned(),
            credentials: kms.credentials(),
            retiring: kms.caller("worker").arn().to_owned(),
            shared: kms.sdk_config(),
            answer: exchange(&kms).1,
        }
    }

    pub(crate) fn fixture(&self) {
        self.runtime.block_on(async {
            let kms = fixture();
            let client = Client::new(&kms.sdk_config());
            list(&client, kms.caller("worker").arn()).await;
        });
    }

    /// `StaticReplayClient` in a configuration as the SDK's guide makes it.
    pub(crate) fn canned(&self) {
        self.runtime.block_on(async {
            let config = Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new(self.region.clone()))
                .credentials_provider(self.credentials.clone())
                .http_client(canned(&self.answer));
            list(&Client::from_conf(config.build()), &self.retiring).await;
        });
    }

    /// `StaticReplayClient` in the configuration of a fixture.
    pub(crate) fn canned_in_own_config(&self) {
        self.runtime.block_on(async {
            let config = self.shared.clone().into_builder().http_client(canned(&self.answer));
            list(&Client::new(&config.build()), &self.retiring).await;
        });
    }
}

fn through_the_sdk(effort: Effort, rounds: &ThroughSdk) {
    let subject = whole(|| rounds.fixture());
    let floor = whole(|| rounds.canned());
    let own_floor = whole(|| rounds.canned_in_own_config());
    let [subject, floor, own_floor] = medians(effort, 8, [subject, floor, own_floor]);
    table::heading("A fixture through the SDK: start, seed, client, first call, teardown");
    table::figure("StaticReplayClient", floor);
    table::figure("StaticReplayClient in the fixture's SdkConfig", own_floor);
    let ratio = table::ratio(subject, floor);
    table::judged("fixture", subject, ratio, GOAL);
}

/// One canned answer.
fn canned(answer: &Answer) -> StaticReplayClient {
    let event = ReplayEvent::new(HttpRequest::empty(), answer.sdk());
    StaticReplayClient::new(vec![event])
}

pub(crate) async fn list(client: &Client, retiring: &str) {
    let page = client
        .list_retirable_grants()
        .retiring_principal(retiring)
        .send()
        .await
        .expect("the administrator may list");
    assert_eq!(page.grants().len(), 1);
}

/// The rounds over TCP.
pub(crate) struct OverTcp {
    pub(crate) request: Vec<u8>,
    pub(crate) answer: Answer,
    pub(crate) response: Response<Bytes>,
}

impl OverTcp {
    pub(crate) fn new() -> Self {
        let (request, answer) = exchange(&fixture());
        Self { request: request.wire(), response: constant(&answer), answer }
    }

    fn call(&self, at: SocketAddr) {
        Connection::open(at, &self.answer).check(&self.request, &self.answer);
    }

    pub(crate) fn fixture(&self) {
        let kms = fixture();
        self.call(address(kms.endpoint_url()));
    }

    /// Bare hyper with a constant answer.
    pub(crate) fn bare(&self) {
        let server = Bare::start(&self.response);
        self.call(server.address);
    }
}

fn over_tcp(effort: Effort, rounds: &OverTcp) {
    let subject = whole(|| rounds.fixture());
    let floor = whole(|| rounds.bare());
    let [subject, floor] = medians(effort, 8, [subject, floor]);
    table::heading("A fixture over TCP: start, seed, bind, one raw request, teardown");
    table::figure("bare hyper with a constant answer", floor);
    let ratio = table::ratio(subject, floor);
    table::judged("fixture", subject, ratio, OVER_TCP);
}
