use kms_fixture::kms_test;

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(
        key(orders),
        grantee(worker),
        operations(Decrypt),
        context_equals(tenant = "7"),
        context_subset(tenant = "7")
    ))
)]
async fn both() {}

fn main() {}
