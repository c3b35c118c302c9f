//! Rotation of key material.

use super::super::shape::{Kind, Operation, operation, optional, required};
use super::members::{KEY_ID, KEY_ONLY, LIMIT, MARKER, one_of};

const INCLUDE_KEY_MATERIAL: Kind = one_of(&["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"]);

pub(super) static OPERATIONS: &[Operation] = &[
    operation("GetKeyRotationStatus", KEY_ONLY),
    operation(
        "EnableKeyRotation",
        &[required("KeyId", KEY_ID), optional("RotationPeriodInDays", Kind::Integer(90, 2560))],
    ),
    operation("DisableKeyRotation", KEY_ONLY),
    operation("RotateKeyOnDemand", KEY_ONLY),
    operation(
        "ListKeyRotations",
        &[
            required("KeyId", KEY_ID),
            optional("IncludeKeyMaterial", INCLUDE_KEY_MATERIAL),
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
        ],
    ),
];
