use kms_fixture::kms_test;

#[kms_test(keys(
    of_default(usage(SIGN_VERIFY)),
    of_hmac(spec(HMAC_256), usage(ENCRYPT_DECRYPT)),
    of_rsa(usage(KEY_AGREEMENT), spec(RSA_2048)),
    without_usage(spec(ECC_NIST_P384)),
    // Mistakes of their own, and nothing more is said.
    unknown_spec(spec(RSA_1024)),
    meant_usage(spec(RSA_2048), usge(SIGN_VERIFY)),
    quoted_usage(spec(RSA_2048), usage("SIGN_VERIFY")),
    right(spec(SM2), usage(KEY_AGREEMENT))
))]
async fn usages() {}

fn main() {}
