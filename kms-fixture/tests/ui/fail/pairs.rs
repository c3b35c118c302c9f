use kms_fixture::kms_test;

#[kms_test(keys(orders(tags(
    team = "orders",
    team = "orders",
    stage = Test,
    level = 3,
    pair("one"),
    pair = 4,
    "text",
    word
))))]
async fn pairs() {}

fn main() {}
