use kms_fixture::kms_test;

#[kms_test(start_paused = true, flavor = "multi_thread", worker_threads = 2)]
fn plain() {}

fn main() {}
