//! A small application on grants, with its tests in `tests.rs`: a broker leases the secrets of tenants to workers, and a
//! sweeper ends old leases.
//!
//! `cargo run -p kms-fixture --example lease_broker` runs it against a fake AWS KMS and prints its calls, and
//! `cargo test -p kms-fixture --example lease_broker` runs its tests.

#![allow(clippy::print_stdout)] // it is there to be read

mod broker;
mod sweeper;
#[cfg(test)]
mod tests;
mod worker;

use std::time::Duration;

use aws_sdk_kms::Client;
use kms_fixture::scenario::{ClockKind, Consistency};
use kms_fixture::{Caller, Fixture, Kms, Scenario};

use crate::broker::Broker;
use crate::sweeper::Sweeper;
use crate::worker::Worker;

/// The error of a task.
type Failure = Box<dyn std::error::Error + Send + Sync>;

const WORLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/lease_broker/world.json");
const MINUTE: Duration = Duration::from_mins(1);

fn client(caller: &Caller) -> Client {
    Client::new(&caller.sdk_config())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Failure> {
    // On AWS, these are `aws_config::load_from_env()` and `SystemTime::now`.
    let kms = Fixture::builder()
        .scenario(Scenario::from_file(WORLD)?)
        .consistency(Consistency::eventual().seconds(12))
        .clock(ClockKind::Tokio)
        .start()?;
    day(&kms).await?;
    println!("{}", kms.calls());
    Ok(())
}

/// Leases, opens, gives back and sweeps, up to the end of the last lease.
async fn day(kms: &Kms) -> Result<(), Failure> {
    let clock = kms.clock();
    let (orders, sweeper) = (kms.key("orders"), kms.caller("sweeper"));
    let (packer, shipper) = (kms.caller("packer"), kms.caller("shipper"));

    let broker = Broker::new(client(&kms.caller("broker")), orders.arn(), sweeper.arn());
    let sealed = broker.seal("7", "the order of the day").await?;
    let lease = broker.lease(packer.arn(), "7").await?;
    broker.lease_all(shipper.arn(), ["7".to_owned(), "8".to_owned()]).await?;

    // The packer has the lease and its token, the shipper waits for its grant to arrive.
    let packer = Worker::new(client(&packer), orders.arn(), MINUTE);
    packer.open_at_once(&lease, &sealed).await?;
    packer.give_back(&lease).await?;
    let shipper = Worker::new(client(&shipper), orders.arn(), MINUTE);
    shipper.open("7", &sealed).await?;

    // The shipper has forgotten its leases, so that the sweeper ends them.
    let sweeper = Sweeper::new(client(&sweeper), sweeper.arn(), 5 * MINUTE);
    let sweeper = tokio::spawn(sweeper.run(MINUTE, move || clock.now()));
    kms.until(|it| it.grants().is_empty()).await;
    sweeper.abort();
    Ok(())
}
