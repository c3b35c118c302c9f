//! Keys of several Regions.

use super::super::shape::{Kind, Operation, operation, optional, required};
use super::members::{DESCRIPTION, KEY_ID, POLICY, REGION, TAGS};

pub(super) static OPERATIONS: &[Operation] = &[
    operation(
        "ReplicateKey",
        &[
            required("KeyId", KEY_ID),
            required("ReplicaRegion", REGION),
            optional("Policy", POLICY),
            optional("BypassPolicyLockoutSafetyCheck", Kind::Boolean),
            optional("Description", DESCRIPTION),
            optional("Tags", TAGS),
        ],
    ),
    operation(
        "UpdatePrimaryRegion",
        &[required("KeyId", KEY_ID), required("PrimaryRegion", REGION)],
    ),
];
