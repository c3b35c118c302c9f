//! Encryption under keys, and random bytes.

use super::super::shape::{Kind, Operation, operation, optional, required};
use super::members::{
    ANY, CIPHERTEXT, GRANT_TOKENS, KEY_ID, KEY_STORE, PLAINTEXT, RECIPIENT, one_of,
};

const ENCRYPTION_ALGORITHM: Kind =
    one_of(&["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);
const DRY_RUN_MODIFIER: Kind = one_of(&["IGNORE_CIPHERTEXT"]);
const DRY_RUN_MODIFIERS: Kind = Kind::List(0, ANY, &DRY_RUN_MODIFIER);
const DATA_KEY_SPEC: Kind = one_of(&["AES_256", "AES_128"]);
const KEY_PAIR_SPEC: Kind = one_of(&[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SM2",
    "ECC_NIST_EDWARDS25519",
    "ML_KEM_512",
    "ML_KEM_768",
    "ML_KEM_1024",
]);
const NUMBER_OF_BYTES: Kind = Kind::Integer(1, 1024);

pub(super) static OPERATIONS: &[Operation] = &[
    operation(
        "Encrypt",
        &[
            required("KeyId", KEY_ID),
            required("Plaintext", PLAINTEXT),
            optional("EncryptionContext", Kind::Map),
            optional("GrantTokens", GRANT_TOKENS),
            optional("EncryptionAlgorithm", ENCRYPTION_ALGORITHM),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "Decrypt",
        &[
            optional("CiphertextBlob", CIPHERTEXT),
            optional("EncryptionContext", Kind::Map),
            optional("GrantTokens", GRANT_TOKENS),
            optional("KeyId", KEY_ID),
            optional("EncryptionAlgorithm", ENCRYPTION_ALGORITHM),
            optional("Recipient", RECIPIENT),
            optional("DryRun", Kind::Boolean),
            optional("DryRunModifiers", DRY_RUN_MODIFIERS),
        ],
    ),
    operation(
        "ReEncrypt",
        &[
            optional("CiphertextBlob", CIPHERTEXT),
            optional("SourceEncryptionContext", Kind::Map),
            optional("SourceKeyId", KEY_ID),
            required("DestinationKeyId", KEY_ID),
            optional("DestinationEncryptionContext", Kind::Map),
            optional("SourceEncryptionAlgorithm", ENCRYPTION_ALGORITHM),
            optional("DestinationEncryptionAlgorithm", ENCRYPTION_ALGORITHM),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
            optional("DryRunModifiers", DRY_RUN_MODIFIERS),
        ],
    ),
    operation(
        "GenerateDataKey",
        &[
            required("KeyId", KEY_ID),
            optional("EncryptionContext", Kind::Map),
            optional("NumberOfBytes", NUMBER_OF_BYTES),
            optional("KeySpec", DATA_KEY_SPEC),
            optional("GrantTokens", GRANT_TOKENS),
            optional("Recipient", RECIPIENT),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "GenerateDataKeyWithoutPlaintext",
        &[
            required("KeyId", KEY_ID),
            optional("EncryptionContext", Kind::Map),
            optional("KeySpec", DATA_KEY_SPEC),
            optional("NumberOfBytes", NUMBER_OF_BYTES),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "GenerateDataKeyPair",
        &[
            optional("EncryptionContext", Kind::Map),
            required("KeyId", KEY_ID),
            required("KeyPairSpec", KEY_PAIR_SPEC),
            optional("GrantTokens", GRANT_TOKENS),
            optional("Recipient", RECIPIENT),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "GenerateDataKeyPairWithoutPlaintext",
        &[
            optional("EncryptionContext", Kind::Map),
            required("KeyId", KEY_ID),
            required("KeyPairSpec", KEY_PAIR_SPEC),
            optional("GrantTokens", GRANT_TOKENS),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "GenerateRandom",
        &[
            optional("NumberOfBytes", NUMBER_OF_BYTES),
            optional("CustomKeyStoreId", KEY_STORE),
            optional("Recipient", RECIPIENT),
        ],
    ),
];
