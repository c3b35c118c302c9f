use kms_fixture::kms_test;

#[kms_test(leaks)]
async fn nothing() {}

#[kms_test(leaks())]
async fn empty() {}

#[kms_test(leaks = "deny")]
async fn equals() {}

#[kms_test(leaks("deny"))]
async fn in_quotes() {}

#[kms_test(leaks(denny))]
async fn misspelt() {}

#[kms_test(leaks(deny, allow))]
async fn both() {}

#[kms_test(leaks(deny))]
#[should_panic]
async fn never_looked_for() {}

fn main() {}
