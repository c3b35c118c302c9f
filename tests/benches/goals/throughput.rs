//! Throughput: pages of 50 grants, and of one, over keep-alive connections, against a bare hyper server whose constant answer has
//! the same bytes. One client thread writes to all connections, then reads from all.

use std::net::SocketAddr;

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Kms};
use serde_json::json;

use crate::support::answer::Answer;
use crate::support::bare::{Bare, constant};
use crate::support::direct::Direct;
use crate::support::measure::{Effort, medians, whole};
use crate::support::signed::Signer;
use crate::support::table::{self, Goal};
pub(crate) use crate::support::wire::Connection;
use crate::support::wire::address;

/// How many requests each connection sends while the clock runs.
const REQUESTS: usize = 50;

pub(crate) fn run(effort: Effort) {
    for grants in [60, 1] {
        let calls = Calls::new(grants);
        let what = if grants == 1 { "one grant" } else { "50 grants" };
        let length = calls.answer.length();
        table::heading(&format!("Throughput: a page of {what}, {length} bytes"));
        for connections in [1, 8] {
            let mut to_fixture = calls.to_fixture(connections);
            let mut to_bare = calls.to_bare(connections);
            let subject = whole(|| batch(&mut to_fixture, &calls.request, REQUESTS));
            let floor = whole(|| batch(&mut to_bare, &calls.request, REQUESTS));
            let taken = medians(effort, 8, [subject, floor]);
            let [subject, floor] =
                taken.map(|it| it / u32::try_from(REQUESTS * connections).expect("few"));
            let name = |who: &str| {
                format!(
                    "{who}, {connections} connection{}",
                    if connections == 1 { "" } else { "s" }
                )
            };
            table::figure(&name("bare hyper, time for each request"), floor);
            let ratio = table::ratio(floor, subject);
            table::judged(&name("fixture"), subject, ratio, Goal::AtLeast(0.75));
        }
    }
}

/// A fixture, a bare server with the same constant answer, and the request for both.
pub(crate) struct Calls {
    kms: Kms,
    server: Bare,
    pub(crate) request: Vec<u8>,
    answer: Answer,
}

impl Calls {
    /// A page of 50 of so many grants, or fewer.
    pub(crate) fn new(grants: usize) -> Self {
        let kms = fixture(grants);
        let request = Signer::new(&kms).sign(
            "ListRetirableGrants",
            &json!({"RetiringPrincipal": kms.caller("worker").arn(), "Limit": 50}),
        );
        let answer = Answer::of(&Direct::new(&kms).call(request.sdk()));
        let server = Bare::start(&constant(&answer));
        Self { kms, server, request: request.wire(), answer }
    }

    /// Opens so many connections to the fixture.
    pub(crate) fn to_fixture(&self, connections: usize) -> Vec<Connection> {
        self.open(connections, address(self.kms.endpoint_url()))
    }

    /// Opens so many connections to the bare server.
    pub(crate) fn to_bare(&self, connections: usize) -> Vec<Connection> {
        self.open(connections, self.server.address)
    }

    fn open(&self, connections: usize, at: SocketAddr) -> Vec<Connection> {
        let open = (0..connections).map(|_| {
            let mut connection = Connection::open(at, &self.answer);
            connection.check(&self.request, &self.answer);
            connection
        });
        open.collect()
    }
}

/// A key with so many grants that a role can retire.
pub(crate) fn fixture(grants: usize) -> Kms {
    let builder =
        Fixture::builder().key(KeyDeclaration::new("orders")).role(RoleDeclaration::new("worker"));
    (0..grants)
        .fold(builder, |builder, number| {
            let grant = GrantDeclaration::new(format!("g{number}"))
                .key("orders")
                .grantee("worker")
                .retiring("worker")
                .operations([GrantOperation::Decrypt, GrantOperation::RetireGrant]);
            builder.grant(grant)
        })
        .start()
        .expect("the scenario makes sense")
}

/// Makes one call on a connection of its own.
#[cfg(target_os = "linux")]
pub(crate) fn ask(kms: &Kms, at: SocketAddr) {
    let retiring = kms.caller("worker").arn().to_owned();
    let input = json!({"RetiringPrincipal": retiring});
    let request = Signer::new(kms).sign("ListRetirableGrants", &input);
    let answer = Answer::of(&Direct::new(kms).call(request.sdk()));
    Connection::open(at, &answer).check(&request.wire(), &answer);
}

/// Sends so many requests on each connection.
pub(crate) fn batch(connections: &mut [Connection], request: &[u8], requests: usize) {
    for _ in 0..requests {
        for connection in &mut *connections {
            connection.send(request);
        }
        for connection in &mut *connections {
            connection.receive();
        }
    }
}
