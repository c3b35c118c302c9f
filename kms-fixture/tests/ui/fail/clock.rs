use kms_fixture::kms_test;

#[kms_test(clock)]
async fn nothing() {}

#[kms_test(clock())]
async fn empty() {}

#[kms_test(clock = "machine")]
async fn equals() {}

#[kms_test(clock("machine"))]
async fn in_quotes() {}

#[kms_test(clock(tokyo))]
async fn misspelt() {}

#[kms_test(clock(test, machine))]
async fn both() {}

#[kms_test(clock(tokio))]
fn of_a_plain_function() {}

#[kms_test(clock(machine), cassette)]
async fn on_a_cassette() {}

fn main() {}
