//! What belongs to a key: its policy, its aliases and its tags.

use super::super::shape::{Kind, Member, Operation, Text, operation, optional, required};
use super::members::{ANY, KEY_ID, LIMIT, MARKER, POLICY, TAG_KEY, TAGS};
use super::patterns::{NAME_PATTERN, POLICY_NAME_PATTERN};

const ALIAS: Kind = Kind::Text(Text::length(1, 256).like(&NAME_PATTERN));
const POLICY_NAME: Kind = Kind::Text(Text::length(1, 128).like(&POLICY_NAME_PATTERN));
const ALIAS_AND_TARGET: &[Member] =
    &[required("AliasName", ALIAS), required("TargetKeyId", KEY_ID)];

pub(super) static OPERATIONS: &[Operation] = &[
    operation("GetKeyPolicy", &[required("KeyId", KEY_ID), optional("PolicyName", POLICY_NAME)]),
    operation(
        "PutKeyPolicy",
        &[
            required("KeyId", KEY_ID),
            optional("PolicyName", POLICY_NAME),
            required("Policy", POLICY),
            optional("BypassPolicyLockoutSafetyCheck", Kind::Boolean),
        ],
    ),
    operation(
        "ListKeyPolicies",
        &[required("KeyId", KEY_ID), optional("Limit", LIMIT), optional("Marker", MARKER)],
    ),
    operation("CreateAlias", ALIAS_AND_TARGET),
    operation("UpdateAlias", ALIAS_AND_TARGET),
    operation("DeleteAlias", &[required("AliasName", ALIAS)]),
    operation(
        "ListAliases",
        &[optional("KeyId", KEY_ID), optional("Limit", LIMIT), optional("Marker", MARKER)],
    ),
    operation("TagResource", &[required("KeyId", KEY_ID), required("Tags", TAGS)]),
    operation(
        "UntagResource",
        &[required("KeyId", KEY_ID), required("TagKeys", Kind::List(0, ANY, &TAG_KEY))],
    ),
    operation(
        "ListResourceTags",
        &[required("KeyId", KEY_ID), optional("Limit", LIMIT), optional("Marker", MARKER)],
    ),
];
