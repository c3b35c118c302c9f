use kms_fixture::kms_test;

#[kms_test]
#[test]
fn plain() {}

#[kms_test]
#[tokio::test]
async fn of_tokio() {}

#[kms_test]
#[::core::prelude::v1::test]
fn by_path() {}

#[kms_test]
#[kms_test]
fn twice() {}

#[kms_test]
#[rstest]
fn with_rstest() {}

#[tokio::test]
#[kms_test]
async fn of_tokio_above() {}

#[tokio::test(flavor = "current_thread")]
#[kms_test]
async fn with_arguments_above() {}

fn main() {}
