//! Keys: what they are, and which state they are in.

use super::super::shape::{Kind, Operation, Text, operation, optional, required};
use super::members::{
    DESCRIPTION, GRANT_TOKENS, KEY_ID, KEY_ONLY, KEY_STORE, LIMIT, MARKER, POLICY, TAGS, one_of,
};
use super::patterns::XKS_PATTERN;
use crate::model::{KeySpec, KeyUsage, Origin};

/// The specs of the deprecated member `CustomerMasterKeySpec`.
const LEGACY_SPECS: &[&str] = &[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SYMMETRIC_DEFAULT",
    "HMAC_224",
    "HMAC_256",
    "HMAC_384",
    "HMAC_512",
    "SM2",
];
const OWNERS: Kind = one_of(&["SELF", "OTHER_ACCOUNTS_VIA_RAM"]);

pub(super) static OPERATIONS: &[Operation] = &[
    operation(
        "CreateKey",
        &[
            optional("Policy", POLICY),
            optional("Description", DESCRIPTION),
            optional("KeyUsage", one_of(KeyUsage::WORDS)),
            optional("CustomerMasterKeySpec", one_of(LEGACY_SPECS)),
            optional("KeySpec", one_of(KeySpec::WORDS)),
            optional("Origin", one_of(Origin::WORDS)),
            optional("CustomKeyStoreId", KEY_STORE),
            optional("BypassPolicyLockoutSafetyCheck", Kind::Boolean),
            optional("Tags", TAGS),
            optional("MultiRegion", Kind::Boolean),
            optional("XksKeyId", Kind::Text(Text::length(1, 128).like(&XKS_PATTERN))),
        ],
    ),
    operation("DescribeKey", &[required("KeyId", KEY_ID), optional("GrantTokens", GRANT_TOKENS)]),
    operation(
        "ListKeys",
        &[
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
            optional("ResourceOwners", Kind::List(1, 2, &OWNERS)),
        ],
    ),
    operation(
        "UpdateKeyDescription",
        &[required("KeyId", KEY_ID), required("Description", DESCRIPTION)],
    ),
    operation("EnableKey", KEY_ONLY),
    operation("DisableKey", KEY_ONLY),
    operation(
        "ScheduleKeyDeletion",
        &[required("KeyId", KEY_ID), optional("PendingWindowInDays", Kind::Integer(1, 365))],
    ),
    operation("CancelKeyDeletion", KEY_ONLY),
];
