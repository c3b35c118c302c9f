use kms_fixture::kms_test;

#[kms_test(start_paused = true, transport = "tcp")]
async fn paused_over_sockets() {}

#[kms_test(start_paused = true, flavor = "multi_thread")]
async fn paused_with_threads() {}

#[kms_test(start_paused = true, cassette)]
async fn paused_on_a_cassette() {}

#[kms_test(cassette = "orders/rotate.json", transport = "tcp", start_paused = true)]
async fn paused_in_every_way() {}

#[kms_test(worker_threads = 2)]
async fn threads_without_flavor() {}

#[kms_test(worker_threads = 2, flavor = "current_thread")]
async fn threads_with_one_thread() {}

fn main() {}
