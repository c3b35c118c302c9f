//! Files that are not there, and files with mistakes of their own.

use kms_fixture::{Key, Kms, kms_test, scenario};

#[kms_test(keys(orders(policy = "nope.json")), roles(worker(boundary = "worlds/wrnog.json")))]
async fn policies() {}

#[kms_test(scenario = "worlds/wrnog.json")]
async fn no_file(_orders: Key) {}

#[kms_test(scenario = "worlds/wrong.json")]
async fn mistakes(_orders: Key) {}

#[kms_test(scenario = "worlds/torn.json")]
async fn not_json(_orders: Key) {}

#[kms_test(
    scenario = "worlds/right.json",
    keys(orders),
    roles(worker(allow("kms:Decrypt", on(worker)))),
    grants(more(key(macs), grantee(janitor), operations(Decrypt)))
)]
async fn names(ordres: Key, macs: Key, kms: Kms) {}

fn world() -> kms_fixture::Scenario {
    scenario!(keys(orders(state(Disbled))), snapshot)
}

fn main() {
    world();
}
