//! The constraints of the API, as one table in several rooms: the model that botocore 1.44.5 and aws-sdk-kms 1.129 carry
//! (2014-11-01, state of 2026). The Python suite compares every entry with botocore's copy.

mod agreement;
mod belongings;
mod encryption;
mod grants;
mod import;
mod keys;
mod members;
mod patterns;
mod regions;
mod rotation;
mod signatures;

use super::shape::Operation;

/// Every operation whose input is checked.
static ROOMS: &[&[Operation]] = &[
    grants::OPERATIONS,
    keys::OPERATIONS,
    belongings::OPERATIONS,
    encryption::OPERATIONS,
    signatures::OPERATIONS,
    agreement::OPERATIONS,
    rotation::OPERATIONS,
    import::OPERATIONS,
    regions::OPERATIONS,
];

/// The input of the operation of this name.
pub(super) fn shape(name: &str) -> Option<&'static Operation> {
    all().find(|it| it.name == name)
}

/// Every operation whose input is checked.
pub(super) fn all() -> impl Iterator<Item = &'static Operation> {
    ROOMS.iter().copied().flatten()
}
