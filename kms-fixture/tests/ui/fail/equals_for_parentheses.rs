use kms_fixture::kms_test;

#[kms_test(keys(orders(state = Disabled)), roles(worker(allow = ["kms:ListGrants"])))]
async fn not_a_literal() {}

#[kms_test(keys(orders(state = "Disabled", spec = KeySpec::HMAC_256)), roles = "worker", grants = 3)]
async fn a_literal() {}

fn main() {}
