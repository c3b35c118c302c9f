//! Key material that the owner brings along.

use super::super::shape::{Kind, Operation, Text, operation, optional, required};
use super::members::{CIPHERTEXT, KEY_ID, one_of};
use super::patterns::{MATERIAL_DESCRIPTION_PATTERN, MATERIAL_PATTERN};

const WRAPPING_ALGORITHM: Kind = one_of(&[
    "RSAES_PKCS1_V1_5",
    "RSAES_OAEP_SHA_1",
    "RSAES_OAEP_SHA_256",
    "RSA_AES_KEY_WRAP_SHA_1",
    "RSA_AES_KEY_WRAP_SHA_256",
    "SM2PKE",
]);
const WRAPPING_KEY_SPEC: Kind = one_of(&["RSA_2048", "RSA_3072", "RSA_4096", "SM2"]);
const EXPIRATION_MODEL: Kind = one_of(&["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"]);
const IMPORT_TYPE: Kind = one_of(&["NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"]);
const MATERIAL_DESCRIPTION: Kind =
    Kind::Text(Text::length(0, 256).like(&MATERIAL_DESCRIPTION_PATTERN));
const MATERIAL_ID: Kind = Kind::Text(Text::length(64, 64).like(&MATERIAL_PATTERN));

pub(super) static OPERATIONS: &[Operation] = &[
    operation(
        "GetParametersForImport",
        &[
            required("KeyId", KEY_ID),
            required("WrappingAlgorithm", WRAPPING_ALGORITHM),
            required("WrappingKeySpec", WRAPPING_KEY_SPEC),
        ],
    ),
    operation(
        "ImportKeyMaterial",
        &[
            required("KeyId", KEY_ID),
            required("ImportToken", CIPHERTEXT),
            required("EncryptedKeyMaterial", CIPHERTEXT),
            optional("ValidTo", Kind::Timestamp),
            optional("ExpirationModel", EXPIRATION_MODEL),
            optional("ImportType", IMPORT_TYPE),
            optional("KeyMaterialDescription", MATERIAL_DESCRIPTION),
            optional("KeyMaterialId", MATERIAL_ID),
        ],
    ),
    operation(
        "DeleteImportedKeyMaterial",
        &[required("KeyId", KEY_ID), optional("KeyMaterialId", MATERIAL_ID)],
    ),
];
