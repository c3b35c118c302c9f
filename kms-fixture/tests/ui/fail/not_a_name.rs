use kms_fixture::kms_test;

#[kms_test(keys("orders", 7, "two words", [x], orders = 3))]
async fn literals() {}

fn main() {}
