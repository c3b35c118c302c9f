//! The API of AWS KMS: operations, members, constraints, words and error codes. Every other module uses these tables.
//!
//! `tests/generate-api` writes `words`, `shapes` and `operations` from botocore's model. Three files are written by hand:
//! `words.md` documents words, `meanings` classifies each shape's texts for redaction, and `quotas` has AWS's quotas.

mod meanings;
mod named;
#[rustfmt::skip] // generated
mod operations;
pub(crate) mod quotas;
mod shape;
#[rustfmt::skip] // generated
pub(crate) mod shapes;
#[rustfmt::skip] // generated
pub(crate) mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use fnv::FnvBuildHasher;

pub(crate) use meanings::{Meaning, is_ordered};
use operations::DECLARED;
pub(crate) use operations::named as operation_names;
pub(crate) use operations::{CODES, OPERATIONS};
pub(crate) use shape::{Member, Operation, Pattern, Shape, Text, Type};
use shapes::SHAPES;

/// The verbs of operations without a change that a later call could see.
const READS: &[&str] = &[
    "Decapsulate",
    "Decrypt",
    "Derive",
    "Describe",
    "Encapsulate",
    "Encrypt",
    "Generate",
    "Get",
    "List",
    "ReEncrypt",
    "Sign",
    "Verify",
];

/// Returns the operation called `name`.
pub(crate) fn operation(name: &str) -> Option<&'static Operation> {
    let at = OPERATIONS.binary_search_by(|it| it.name.cmp(name)).ok()?;
    OPERATIONS.get(at)
}

/// Returns whether a call of `operation` can change what a later call sees. A name that the API does not have is taken to
/// change something.
pub(crate) fn is_mutation(operation: &str) -> bool {
    !READS.iter().any(|it| operation.starts_with(it))
}

/// Returns whether a call of `operation` can meet the error `code` for a reason that is AWS's. A code that no operation
/// declares, such as that of a throttled call, is common to all.
pub(crate) fn can_meet(operation: &str, code: &str) -> bool {
    let declared = DECLARED.iter().find(|it| it.0 == code);
    declared.is_none_or(|(_, operations)| operations.contains(&operation))
}

/// The members of one name. A test checks that they have one meaning.
struct Named {
    shape: &'static Shape,
    meaning: Meaning,
}

/// Returns the members called `name`.
fn named(name: &str) -> Option<&'static Named> {
    static MEMBERS: LazyLock<HashMap<&str, Named, FnvBuildHasher>> = LazyLock::new(|| {
        let members = SHAPES.iter().flat_map(|it| it.members());
        let named = |shape, name| Named { shape, meaning: meanings::of(name, shape) };
        members.map(|it| (it.name, named(it.shape, it.name))).collect()
    });
    MEMBERS.get(name)
}

/// Returns the shape of the members called `name`.
pub(crate) fn member(name: &str) -> Option<&'static Shape> {
    named(name).map(|it| it.shape)
}

/// Returns the meaning of the texts of the members called `name`.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    named(name).map(|it| it.meaning)
}

/// Returns whether the members called `name` hold moments.
pub(crate) fn is_date(name: &str) -> bool {
    member(name).is_some_and(|it| matches!(it.type_, Type::Timestamp))
}

/// Returns whether the members called `name` hold numbers or moments, or lists of them.
pub(crate) fn is_number(name: &str) -> bool {
    let is_number = |it: Type| matches!(it, Type::Integer { .. } | Type::Timestamp);
    member(name).is_some_and(|it| is_number(it.element().type_))
}

/// Returns every word of every enum.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    let lists = SHAPES.iter().filter_map(|it| match it.type_ {
        Type::Word(words) => Some(words),
        _ => None,
    });
    lists.flatten().copied()
}

/// Returns every pattern.
pub(crate) fn patterns() -> impl Iterator<Item = Pattern> {
    SHAPES.iter().filter_map(|it| match it.type_ {
        Type::Text(text) => text.pattern,
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_and_codes_are_sorted() {
        assert!(OPERATIONS.is_sorted_by(|one, other| one.name < other.name));
        assert!(CODES.is_sorted());
        for Operation { name, .. } in OPERATIONS {
            assert_eq!(operation(name).map(|it| it.name), Some(*name));
        }
        assert!(operation("GetGrant").is_none());
    }

    #[test]
    fn every_verb_either_reads_or_changes() {
        const CHANGES: &[&str] = &[
            "Cancel",
            "Connect",
            "Create",
            "Delete",
            "Disable",
            "Disconnect",
            "Enable",
            "Import",
            "Put",
            "Replicate",
            "Retire",
            "Revoke",
            "Rotate",
            "Schedule",
            "Tag",
            "Untag",
            "Update",
        ];
        for Operation { name, .. } in OPERATIONS {
            let changes = CHANGES.iter().any(|it| name.starts_with(it));
            assert_eq!(is_mutation(name), changes, "{name}");
        }
    }

    #[test]
    fn only_what_makes_something_meets_a_limit() {
        assert!(can_meet("CreateGrant", "LimitExceededException"));
        assert!(!can_meet("RetireGrant", "LimitExceededException"));
        assert!(can_meet("RetireGrant", "ThrottlingException"));
    }

    #[test]
    fn members_of_one_name_have_one_meaning() {
        for Member { name, shape, .. } in SHAPES.iter().flat_map(|it| it.members()) {
            assert_eq!(meaning(name), Some(meanings::of(name, shape)), "{name}");
            assert_eq!(is_ordered(name), meanings::has_order(shape), "{name}");
            assert_eq!(is_date(name), matches!(shape.type_, Type::Timestamp), "{name}");
        }
    }
}
