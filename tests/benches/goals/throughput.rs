//! Throughput: pages of 50 grants over keep-alive connections, against a bare hyper server whose constant answer has
//! the same bytes. One client thread writes to all connections, then reads from all.

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
use crate::support::wire::{Connection, address};

/// How many requests each connection sends while the clock runs.
const REQUESTS: u32 = 50;

pub(crate) fn run(effort: Effort) {
    let kms = fixture();
    let request = Signer::new(&kms).sign(
        "ListRetirableGrants",
        &json!({"RetiringPrincipal": kms.caller("worker").arn(), "Limit": 50}),
    );
    let answer = Answer::of(&Direct::new(&kms).call(request.sdk()));
    let request = request.wire();
    let server = Bare::start(&constant(&answer));
    table::heading(&format!("Throughput: a page of 50 grants, {} bytes", answer.length()));
    for connections in [1, 8] {
        let open = |address| -> Vec<Connection> {
            let open = (0..connections).map(|_| Connection::open(address, &answer));
            open.map(|mut it| {
                it.check(&request, &answer);
                it
            })
            .collect()
        };
        let mut to_fixture = open(address(kms.endpoint_url()));
        let mut to_bare = open(server.address);
        let subject = whole(|| batch(&mut to_fixture, &request));
        let floor = whole(|| batch(&mut to_bare, &request));
        let taken = medians(effort, 8, [subject, floor]);
        let [subject, floor] = taken.map(|it| it / (REQUESTS * connections));
        let name = |who: &str| {
            format!("{who}, {connections} connection{}", if connections == 1 { "" } else { "s" })
        };
        table::figure(&name("bare hyper, time for each request"), floor);
        let ratio = table::ratio(floor, subject);
        table::judged(&name("fixture"), subject, ratio, Goal::AtLeast(0.8));
    }
}

/// A key with 60 grants that a role can retire.
fn fixture() -> Kms {
    let builder =
        Fixture::builder().key(KeyDeclaration::new("orders")).role(RoleDeclaration::new("worker"));
    (0..60)
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

fn batch(connections: &mut [Connection], request: &[u8]) {
    for _ in 0..REQUESTS {
        for connection in &mut *connections {
            connection.send(request);
        }
        for connection in &mut *connections {
            connection.receive();
        }
    }
}
