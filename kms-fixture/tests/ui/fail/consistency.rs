use kms_fixture::kms_test;

#[kms_test(consistency(weak))]
async fn unknown() {}

#[kms_test(consistency(eventul(seconds = 3)))]
async fn misspelt() {}

#[kms_test(consistency("eventual"))]
async fn in_quotes() {}

#[kms_test(consistency(strong(seconds = 3)))]
async fn strong_with_options() {}

#[kms_test(consistency(eventual = 300))]
async fn without_parentheses() {}

#[kms_test(consistency(eventual, strong))]
async fn both() {}

#[kms_test(consistency(eventual(secnds = 1, seconds = 2, seconds = 3, state(Disabled), 4)))]
async fn of_its_options() {}

#[kms_test(consistency(eventual(seconds = 86401, list_seconds = "none", jitter = 1)))]
async fn of_their_values() {}

#[kms_test(consistency(eventual(seconds = -1, list_seconds = 1.5)), seconds = 3)]
async fn of_no_time() {}

#[kms_test(consistency(eventual), cassette)]
async fn in_a_recording() {}

fn main() {}
