use kms_fixture::kms_test;

#[kms_test(
    keys(orders),
    roles(worker),
    grants(bare, empty(), no_grantee(key(orders), operations(Decrypt)), nothing(key(orders), grantee(worker), operations()))
)]
async fn incomplete() {}

fn main() {}
