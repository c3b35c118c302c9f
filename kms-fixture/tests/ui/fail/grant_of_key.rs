use kms_fixture::kms_test;

#[kms_test(
    keys(
        orders,
        macs(spec(HMAC_256)),
        signing(spec(RSA_2048), usage(SIGN_VERIFY)),
        unclear(spec(RSA_2048))
    ),
    roles(worker),
    grants(
        first(key(orders), grantee(worker), operations(Decrypt, Sign, GetPublicKey)),
        second(key(macs), grantee(worker), operations(GenerateMac, Decrypt), context_equals(tenant = "7")),
        third(key(signing), grantee(worker), operations(Sign), context_subset(tenant = "7")),
        fourth(key(unclear), grantee(worker), operations(Decrypt, Sign)),
        fifth(key(orders), grantee(worker), operations(CreateGrant)),
        sixth(key(orders), grantee(worker), operations(CreateGrant, RetireGrant))
    )
)]
async fn grants() {}

fn main() {}
