//! The cost of an exploration: so many runs against so many fixtures with the same body.

use aws_sdk_kms::Client;
use kms_fixture::{Fault, Fixture, FixtureBuilder, Kms};

use crate::support::measure::{Effort, medians, whole};
use crate::support::table::{self, Goal};

/// An exploration names the calls of each run, to see that they are those of the first.
const GOAL: Goal = Goal::AtMost(1.25);
const CALLS: usize = 25;

/// The faults of each attempt.
fn faults() -> [Fault; 4] {
    [Fault::throttled(), Fault::internal(), Fault::unavailable(), Fault::lost_answer()]
}

fn world() -> FixtureBuilder {
    Fixture::builder().seed(1).key("orders").role("worker")
}

async fn body(kms: &Kms) {
    let client = Client::new(&kms.sdk_config());
    for _ in 0..CALLS {
        client.list_keys().send().await.expect("the SDK tries again");
    }
}

/// Compares 101 runs (the first one, then four faults at 25 calls) with 101 fixtures.
pub(crate) fn run(effort: Effort) {
    let subject = whole(|| {
        let explored = world().explore(faults()).run_async(|kms| async move { body(&kms).await });
        assert_eq!(explored.runs(), 100);
    });
    let floor = whole(|| {
        let runtime = || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
        };
        let first = [world()].into_iter();
        let attempts = (1..).take(CALLS);
        let struck = attempts.flat_map(|call| faults().map(|it| world().fault(it.call(call))));
        for builder in first.chain(struck) {
            let kms = builder.start().expect("the scenario makes sense");
            runtime().block_on(body(&kms));
        }
    });
    let [subject, floor] = medians(effort, 8, [subject, floor]);
    table::heading("An exploration of 100 runs of 25 calls");
    table::figure("a hundred and one fixtures with the same body", floor);
    table::judged("exploration", subject, table::ratio(subject, floor), GOAL);
}
