//! Mistakes in `allow`.

use kms_fixture::kms_test;

#[kms_test(
    keys(orders),
    roles(worker(
        allow("kms:ListGrant"),
        allow("kms:CreateGrant", orders),
        allow("kms:CreateGrant", on(ordres)),
        allow("kms:CreateGrant", on()),
        allow("kms:CreateGrant", on("arn:aws:kms:us-east-1:111122223333:key/1")),
        allow(on(orders))
    ))
)]
async fn allowed() {}

fn main() {}
