//! Signatures and message authentication codes.

use super::super::shape::{Kind, Operation, operation, optional, required};
use super::members::{CIPHERTEXT, GRANT_TOKENS, KEY_ID, PLAINTEXT, one_of};

const SIGNING_ALGORITHM: Kind = one_of(&[
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "ECDSA_SHA_256",
    "ECDSA_SHA_384",
    "ECDSA_SHA_512",
    "SM2DSA",
    "ML_DSA_SHAKE_256",
    "ED25519_SHA_512",
    "ED25519_PH_SHA_512",
]);
const MESSAGE_TYPE: Kind = one_of(&["RAW", "DIGEST", "EXTERNAL_MU"]);
const MAC_ALGORITHM: Kind =
    one_of(&["HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"]);

pub(super) static OPERATIONS: &[Operation] = &[
    operation(
        "Sign",
        &[
            required("KeyId", KEY_ID),
            required("Message", PLAINTEXT),
            optional("MessageType", MESSAGE_TYPE),
            optional("GrantTokens", GRANT_TOKENS),
            required("SigningAlgorithm", SIGNING_ALGORITHM),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "Verify",
        &[
            required("KeyId", KEY_ID),
            required("Message", PLAINTEXT),
            optional("MessageType", MESSAGE_TYPE),
            required("Signature", CIPHERTEXT),
            required("SigningAlgorithm", SIGNING_ALGORITHM),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "GenerateMac",
        &[
            required("Message", PLAINTEXT),
            required("KeyId", KEY_ID),
            required("MacAlgorithm", MAC_ALGORITHM),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "VerifyMac",
        &[
            required("Message", PLAINTEXT),
            required("KeyId", KEY_ID),
            required("MacAlgorithm", MAC_ALGORITHM),
            required("Mac", CIPHERTEXT),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
        ],
    ),
];
