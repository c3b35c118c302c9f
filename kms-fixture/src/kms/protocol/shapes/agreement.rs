//! Public keys, and secrets that two sides come to share.

use super::super::shape::{Kind, Operation, operation, optional, required};
use super::members::{CIPHERTEXT, GRANT_TOKENS, KEY_ID, RECIPIENT, bytes, one_of};

const KEY_AGREEMENT_ALGORITHM: Kind = one_of(&["ECDH"]);
const ENCAPSULATION_ALGORITHM: Kind = one_of(&["ML_KEM"]);

pub(super) static OPERATIONS: &[Operation] = &[
    operation("GetPublicKey", &[required("KeyId", KEY_ID), optional("GrantTokens", GRANT_TOKENS)]),
    operation(
        "DeriveSharedSecret",
        &[
            required("KeyId", KEY_ID),
            required("KeyAgreementAlgorithm", KEY_AGREEMENT_ALGORITHM),
            required("PublicKey", bytes(8192)),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
            optional("Recipient", RECIPIENT),
        ],
    ),
    operation(
        "Encapsulate",
        &[
            required("KeyId", KEY_ID),
            required("EncapsulationAlgorithm", ENCAPSULATION_ALGORITHM),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "Decapsulate",
        &[
            required("KeyId", KEY_ID),
            required("SharedSecretCiphertextBlob", CIPHERTEXT),
            required("EncapsulationAlgorithm", ENCAPSULATION_ALGORITHM),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
        ],
    ),
];
