//! Grants.

use super::super::shape::{Kind, Operation, Text, operation, optional, required};
use super::members::{ANY, GRANT_ID, GRANT_TOKEN, GRANT_TOKENS, KEY_ID, LIMIT, MARKER, one_of};
use super::patterns::{NAME_PATTERN, PRINCIPAL_PATTERN, SERVICE_PATTERN, SOURCE_ARN_PATTERN};
use crate::model::GrantOperation;

const PRINCIPAL: Kind = Kind::Text(Text::length(1, 256).like(&PRINCIPAL_PATTERN));
const SERVICE: Kind = Kind::Text(Text::length(1, 128).like(&SERVICE_PATTERN));
const GRANT_OPERATION: Kind = one_of(GrantOperation::WORDS);
const CONSTRAINTS: Kind = Kind::Structure(&[
    optional("EncryptionContextSubset", Kind::Map),
    optional("EncryptionContextEquals", Kind::Map),
    optional("SourceArn", Kind::Text(Text::length(20, 512).like(&SOURCE_ARN_PATTERN))),
]);

pub(super) static OPERATIONS: &[Operation] = &[
    operation(
        "CreateGrant",
        &[
            required("KeyId", KEY_ID),
            optional("GranteePrincipal", PRINCIPAL),
            optional("RetiringPrincipal", PRINCIPAL),
            required("Operations", Kind::List(0, ANY, &GRANT_OPERATION)),
            optional("Constraints", CONSTRAINTS),
            optional("GrantTokens", GRANT_TOKENS),
            optional("Name", Kind::Text(Text::length(1, 256).like(&NAME_PATTERN))),
            optional("DryRun", Kind::Boolean),
            optional("GranteeServicePrincipal", SERVICE),
            optional("RetiringServicePrincipal", SERVICE),
        ],
    ),
    operation(
        "ListGrants",
        &[
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
            required("KeyId", KEY_ID),
            optional("GrantId", GRANT_ID),
            optional("GranteePrincipal", PRINCIPAL),
            optional("GranteeServicePrincipal", SERVICE),
        ],
    ),
    operation(
        "ListRetirableGrants",
        &[
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
            optional("RetiringPrincipal", PRINCIPAL),
            optional("RetiringServicePrincipal", SERVICE),
        ],
    ),
    operation(
        "RetireGrant",
        &[
            optional("GrantToken", GRANT_TOKEN),
            optional("KeyId", KEY_ID),
            optional("GrantId", GRANT_ID),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "RevokeGrant",
        &[
            required("KeyId", KEY_ID),
            required("GrantId", GRANT_ID),
            optional("DryRun", Kind::Boolean),
        ],
    ),
];
