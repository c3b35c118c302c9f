//! The cost of a fixture: start, seed, client, first call, teardown.
//!
//! Through the SDK against `StaticReplayClient` with one canned answer of the same bytes: in a configuration as the
//! SDK's guide makes it for a test, which is what counts, and in the fixture's own, which tells what is the SDK's part.
//! Over TCP against a bare hyper server with a constant answer of the same bytes, on a server thread of the same kind.

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Config, Region};
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
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

pub(crate) fn run(effort: Effort) {
    let kms = fixture();
    let request = Signer::new(&kms)
        .sign("ListRetirableGrants", &json!({"RetiringPrincipal": kms.caller("worker").arn()}));
    let answer = Answer::of(&Direct::new(&kms).call(request.sdk()));
    through_the_sdk(effort, &kms, &answer);
    over_tcp(effort, &request, &answer);
}

/// A key, a role and a grant.
fn fixture() -> Kms {
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

fn through_the_sdk(effort: Effort, kms: &Kms, answer: &Answer) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let region = kms.region().to_owned();
    let (credentials, retiring) = (kms.credentials(), kms.caller("worker").arn().to_owned());
    let shared = kms.sdk_config();
    let subject = whole(|| {
        runtime.block_on(async {
            let kms = fixture();
            let client = Client::new(&kms.sdk_config());
            list(&client, kms.caller("worker").arn()).await;
        });
    });
    let floor = whole(|| {
        runtime.block_on(async {
            let config = Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new(region.clone()))
                .credentials_provider(credentials.clone())
                .http_client(canned(answer));
            list(&Client::from_conf(config.build()), &retiring).await;
        });
    });
    let own_floor = whole(|| {
        runtime.block_on(async {
            let config = shared.clone().into_builder().http_client(canned(answer));
            list(&Client::new(&config.build()), &retiring).await;
        });
    });
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

async fn list(client: &Client, retiring: &str) {
    let page = client
        .list_retirable_grants()
        .retiring_principal(retiring)
        .send()
        .await
        .expect("the administrator may list");
    assert_eq!(page.grants().len(), 1);
}

fn over_tcp(effort: Effort, request: &Signed, answer: &Answer) {
    let request = request.wire();
    let response = constant(answer);
    let call = |at| Connection::open(at, answer).check(&request, answer);
    let subject = whole(|| {
        let kms = fixture();
        call(address(kms.endpoint_url()));
    });
    let floor = whole(|| {
        let server = Bare::start(&response);
        call(server.address);
    });
    let [subject, floor] = medians(effort, 8, [subject, floor]);
    table::heading("A fixture over TCP: start, seed, bind, one raw request, teardown");
    table::figure("bare hyper with a constant answer", floor);
    let ratio = table::ratio(subject, floor);
    table::judged("fixture", subject, ratio, GOAL);
}
