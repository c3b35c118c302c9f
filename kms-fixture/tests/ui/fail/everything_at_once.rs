use kms_fixture::{Grant, Key, kms_test};

#[kms_test(
    region = us_east_1,
    keys(orders(stat(Disabled)), orders, archive(state(Disbled))),
    grants(orphan, access(key(ordres), grantee("arn:aws:iam::111122223333:root"), operations(Decrypt))),
    start_paused = true
)]
#[test]
fn wrong((a, b): (Key, Key), ordrs: Key, access: Grant) {}

fn main() {}
