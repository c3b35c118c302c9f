use kms_fixture::kms_test;

#[kms_test(keys(
    orders(state(KeyState::Disabled), spec("HMAC_256"), usage(SIGN_VERIFY, ENCRYPT_DECRYPT), origin(EXTERNAL())),
))]
async fn forms() {}

fn main() {}
