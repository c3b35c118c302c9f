use kms_fixture::kms_test;

#[kms_test(, keys(orders archive, , ..), roles(worker(name = "a" "b") x), 3, "text")]
async fn stray() {}

fn main() {}
