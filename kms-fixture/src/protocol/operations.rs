//! The operations of AWS KMS (API model of 2026): which are implemented here, and which are not.

/// Whether a name is an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It has a row in the table of inputs; `dispatch` says so if that is all.
    Implemented(&'static str),
    /// AWS has it, this version does not.
    NotImplemented(&'static str),
    No,
}

/// Operations that the service has and this version refuses, saying so.
const NOT_IMPLEMENTED: &[&str] = &[
    "ConnectCustomKeyStore",
    "CreateCustomKeyStore",
    "DeleteCustomKeyStore",
    "DescribeCustomKeyStores",
    "DisconnectCustomKeyStore",
    "GetKeyLastUsage",
    "UpdateCustomKeyStore",
];

/// Looks `name` up.
pub(crate) fn known(name: &str) -> Known {
    if let Some(shape) = super::shapes::shape(name) {
        return Known::Implemented(shape.name);
    }
    match NOT_IMPLEMENTED.iter().find(|it| **it == name) {
        Some(name) => Known::NotImplemented(name),
        None => Known::No,
    }
}
