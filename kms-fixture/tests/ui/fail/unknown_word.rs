use kms_fixture::kms_test;

#[kms_test(
    keys(orders(state(Disbled), spec(RSA_1024), usage(encrypt_decrypt), origin(AWS))),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt, ListGrants, Decrypt)))
)]
async fn unknown() {}

fn main() {}
