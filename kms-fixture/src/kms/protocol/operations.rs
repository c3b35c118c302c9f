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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Known, NOT_IMPLEMENTED, known};

    #[test]
    fn the_table_of_the_documentation_is_right() {
        let rows = include_str!("../../docs/operations.md")
            .lines()
            .filter_map(|it| it.strip_prefix("| `"));
        let listed: BTreeMap<_, _> = rows
            .filter_map(|it| {
                let (name, rest) = it.split_once("` | ")?;
                let word = rest.split(' ').next()?;
                ["implemented", "refused"].contains(&word).then_some((name, word))
            })
            .collect();
        let implemented = crate::kms::protocol::shapes::all();
        for shape in implemented {
            assert_eq!(listed.get(shape.name), Some(&"implemented"), "{}", shape.name);
        }
        for name in NOT_IMPLEMENTED {
            assert_eq!(listed.get(name), Some(&"refused"), "{name}");
        }
        for name in listed.keys() {
            assert_ne!(known(name), Known::No, "{name}");
        }
    }
}
