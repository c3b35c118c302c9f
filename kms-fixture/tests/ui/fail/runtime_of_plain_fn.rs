use kms_fixture::kms_test;

#[kms_test(start_paused = true, flavor = "multi_thread", worker_threads = 2)]
fn plain() {}

#[kms_test(start_paused = true, transport = "tcp")]
fn plain_and_paused_over_sockets() {}

fn main() {}
