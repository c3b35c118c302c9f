use kms_fixture::kms_test;

#[kms_test(cassette, snapshot)]
async fn recorded() {}

#[kms_test(cassette = "orders/rotate")]
async fn recorded_by_name() {}

#[kms_test(consistency(eventual))]
async fn eventual() {}

#[kms_test(consistency(weak))]
async fn weak() {}

fn main() {}
