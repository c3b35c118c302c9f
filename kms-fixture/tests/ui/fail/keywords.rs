use kms_fixture::kms_test;

#[kms_test(
    type = 1,
    keys(orders(state(fn), enum(x))),
    grants(access(key(self), grantee(crate), operations(match, _)))
)]
async fn everywhere() {}

fn main() {}
