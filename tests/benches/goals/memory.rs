//! Memory: many fixtures, many idle connections, and a journal of very many calls, by the process's resident memory.
//!
//! Linux only, and on demand (`-- memory`): the figures are of the whole process.

use std::net::TcpStream;

use kms_fixture::Kms;
use kms_fixture::scenario::KeyDeclaration;
use kms_fixture::{Fixture, FixtureBuilder};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};

use crate::fixture_cost;
use crate::support::direct::Direct;
use crate::support::measure::Effort;
use crate::support::signed::Signer;
use crate::support::table;
use crate::support::wire::address;
use crate::throughput;

pub(crate) fn run(effort: Effort) {
    let (many, calls) = match effort {
        Effort::Full => (10_000, 1_000_000),
        Effort::Smoke => (10, 100),
    };
    // First, because the allocator keeps what others free.
    journal("one grant", &throughput::fixture(1), calls);
    journal("pages of 50 grants", &throughput::fixture(60), calls);
    journal_of_inputs(calls);
    fixtures(many);
    connections(many);
}

/// The resident memory in bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages = pages.split(' ').nth(1).expect("the second number");
    pages.parse::<usize>().expect("a number") * rustix::param::page_size()
}

fn print(name: &str, before: usize, after: usize, each: usize) {
    let bytes = after.saturating_sub(before);
    println!("  {name:<58} {:>8} kB   {:>6} bytes each", bytes / 1_000, bytes / each);
}

fn fixtures(many: usize) {
    table::heading(&format!(
        "Memory: {many} fixtures at a time, each with a key, a role and a grant"
    ));
    for round in ["the first time", "once more, after they are dropped"] {
        let before = resident();
        let all: Vec<_> = (0..many).map(|_| fixture_cost::fixture()).collect();
        print(round, before, resident(), many);
        drop(all);
    }
}

/// As many connections as the process may open, at most `many`.
fn connections(many: usize) {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let _ = setrlimit(Resource::Nofile, raised);
    let allowed = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    // Both ends are here.
    let many = many.min(usize::try_from(allowed.saturating_sub(100) / 2).unwrap_or(many));
    table::heading(&format!("Memory: {many} idle connections to one fixture, both ends"));
    let kms = fixture_cost::fixture();
    let at = address(kms.endpoint_url());
    for round in ["the first time", "once more, after they are closed"] {
        let before = resident();
        let open: Vec<_> = (0..many).map(|_| TcpStream::connect(at).expect("a port")).collect();
        // The server has accepted them all when it answers a request on the last one.
        throughput::ask(&kms, at);
        print(round, before, resident(), many);
        drop(open);
        throughput::ask(&kms, at);
    }
}

fn journal(what: &str, kms: &Kms, calls: usize) {
    let input = json!({"RetiringPrincipal": kms.caller("worker").arn(), "Limit": 50});
    filled(what, kms, "ListRetirableGrants", &input, calls);
}

/// Calls with large inputs, of which the journal drops the first ones by their size.
fn journal_of_inputs(calls: usize) {
    let builder: FixtureBuilder = Fixture::builder().key(KeyDeclaration::new("orders"));
    let kms = builder.start().expect("the scenario makes sense");
    let input = json!({"KeyId": kms.key("orders").arn(), "Description": "d".repeat(8192)});
    filled("inputs of 8 kB", &kms, "UpdateKeyDescription", &input, calls / 10);
}

fn filled(what: &str, kms: &Kms, operation: &str, input: &Value, calls: usize) {
    table::heading(&format!("Memory: a journal of {calls} calls, {what}"));
    let (direct, signer) = (Direct::new(kms), Signer::new(kms));
    let request = signer.sign(operation, input);
    let before = resident();
    for at in 1..=calls {
        assert!(direct.call(request.sdk()).status().is_success());
        if [calls / 100, calls / 10, calls].contains(&at) {
            print(&format!("after {at} calls"), before, resident(), at);
        }
    }
    println!("  {} calls kept, {} dropped", kms.calls().len(), kms.calls().dropped());
}
