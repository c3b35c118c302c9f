use kms_fixture::kms_test;

#[kms_test(roles(worker(allow(ListGrants, "ListGrants", 3)), janitor(allow())))]
async fn actions() {}

fn main() {}
