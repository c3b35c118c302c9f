//! AWS's own names of options, which have others here.

use kms_fixture::kms_test;

#[kms_test(
    keys(orders(enabled = false, key_spec(HMAC_256))),
    roles(worker(permissions_boundary = "b.json", session_name = "night")),
    grants(access(
        key_id(orders),
        grantee_principal(worker),
        operations(Decrypt),
        constraints(tenant = "7"),
        expires = 60
    ))
)]
async fn words() {}

fn main() {}
