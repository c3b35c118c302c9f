use kms_fixture::kms_test;

#[kms_test(explore)]
async fn nothing() {}

#[kms_test(explore())]
async fn empty() {}

#[kms_test(explore = "throttled")]
async fn equals() {}

#[kms_test(explore("throttled"))]
async fn in_quotes() {}

#[kms_test(explore(throtled, lost_answers, at_least = 5, error))]
async fn misspelt() {}

#[kms_test(explore(throttled, throttled, orders = 2, orders = 3))]
async fn twice() {}

#[kms_test(explore(throttled(times = 2), internal = 3))]
async fn with_selectors() {}

#[kms_test(explore(throttled, at_most = 0, orders))]
async fn wrong_numbers() {}

#[kms_test(explore(at_most = 30))]
async fn without_a_fault() {}

#[kms_test(explore(throttled), cassette)]
async fn on_a_cassette() {}

#[kms_test(explore(throttled))]
#[should_panic]
async fn never_looked_for() {}

#[kms_test(explore(stale))]
async fn without_changes_that_take_time() {}

#[kms_test(explore(stale), consistency(strong))]
async fn with_changes_at_once() {}

#[kms_test(explore(orders = 5), flavor = "multi_thread")]
async fn on_several_threads() {}

#[kms_test(explore(orders = 5), transport = "tcp")]
async fn over_tcp() {}

#[kms_test(explore(orders = 5))]
fn of_a_plain_function() {}

#[kms_test(at_most = 5)]
async fn in_the_wrong_place() {}

fn main() {}
