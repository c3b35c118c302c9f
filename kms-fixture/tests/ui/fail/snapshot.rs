use kms_fixture::kms_test;

#[kms_test(snapshot = "rotate")]
async fn a_name() {}

#[kms_test(snapshot = true)]
async fn a_bool() {}

#[kms_test(snapshot = NAME)]
async fn a_constant() {}

#[kms_test(snapshot())]
async fn empty_parentheses() {}

#[kms_test(snapshot("rotate"))]
async fn in_parentheses() {}

#[kms_test(snapshot, snapshot)]
async fn twice() {}

#[kms_test(snapshot)]
#[should_panic]
async fn never_compared() {}

fn main() {}
