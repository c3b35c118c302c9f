//! Runs the operation for a checked input and writes its output.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::output::Output;
use crate::api::{self, Operation};
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::{self, Cx, GrantPage};

/// An operation that the fake implements.
#[derive(Clone, Copy)]
pub(crate) struct Implemented {
    pub(super) operation: &'static Operation,
    row: &'static Row,
}

/// The part of an operation that the API's model does not have.
struct Row {
    name: &'static str,
    run: fn(&mut Cx<'_>, Value, &mut Output) -> Result<()>,
    #[cfg(test)]
    needs_crypto: bool,
}

/// A row of the table: the operation's name in the API, the function that writes its output, and the one that runs it.
macro_rules! row {
    ($name:ident, $write:ident($run:path)) => {
        Row {
            name: stringify!($name),
            run: |cx, input, output| $write(cx, input, output, $run),
            #[cfg(test)]
            needs_crypto: false,
        }
    };
}

/// A row for an operation that needs the feature `crypto`.
macro_rules! crypto {
    ($name:ident, $write:ident($run:path)) => {
        Row {
            name: stringify!($name),
            #[cfg(feature = "crypto")]
            run: |cx, input, output| $write(cx, input, output, $run),
            #[cfg(not(feature = "crypto"))]
            run: |_, _, _| {
                let name = stringify!($name);
                Err(KmsError::not_supported(&format!("{name} without the feature `crypto`")))
            },
            #[cfg(test)]
            needs_crypto: true,
        }
    };
}

/// Every operation that the fake implements. The fake refuses all others as not implemented.
static ROWS: &[Row] = &[
    row!(CreateGrant, answer(ops::create_grant::create_grant)),
    row!(ListGrants, page(ops::list_grants::list_grants)),
    row!(ListRetirableGrants, page(ops::list_retirable_grants::list_retirable_grants)),
    row!(RetireGrant, answer(ops::retire_grant::retire_grant)),
    row!(RevokeGrant, answer(ops::revoke_grant::revoke_grant)),
    row!(CreateKey, answer(ops::create_key::create_key)),
    row!(DescribeKey, answer(ops::describe_key::describe_key)),
    row!(
        DescribeCustomKeyStores,
        answer(ops::describe_custom_key_stores::describe_custom_key_stores)
    ),
    row!(ListKeys, answer(ops::list_keys::list_keys)),
    row!(GetKeyLastUsage, answer(ops::get_key_last_usage::get_key_last_usage)),
    row!(EnableKey, answer(ops::enable_key::enable_key)),
    row!(DisableKey, answer(ops::enable_key::disable_key)),
    row!(ScheduleKeyDeletion, answer(ops::schedule_key_deletion::schedule_key_deletion)),
    row!(CancelKeyDeletion, answer(ops::cancel_key_deletion::cancel_key_deletion)),
    row!(GetKeyPolicy, answer(ops::key_policies::get_key_policy)),
    row!(PutKeyPolicy, answer(ops::key_policies::put_key_policy)),
    row!(ListKeyPolicies, answer(ops::key_policies::list_key_policies)),
    row!(CreateAlias, answer(ops::aliases::create_alias)),
    row!(UpdateAlias, answer(ops::aliases::update_alias)),
    row!(DeleteAlias, answer(ops::aliases::delete_alias)),
    row!(ListAliases, answer(ops::list_aliases::list_aliases)),
    row!(TagResource, answer(ops::tags::tag_resource)),
    row!(UntagResource, answer(ops::tags::untag_resource)),
    row!(ListResourceTags, answer(ops::tags::list_resource_tags)),
    row!(UpdateKeyDescription, answer(ops::update_key_description::update_key_description)),
    row!(GetKeyRotationStatus, answer(ops::rotation::get_key_rotation_status)),
    row!(EnableKeyRotation, answer(ops::rotation::enable_key_rotation)),
    row!(DisableKeyRotation, answer(ops::rotation::disable_key_rotation)),
    row!(RotateKeyOnDemand, answer(ops::rotation::rotate_key_on_demand)),
    row!(ListKeyRotations, answer(ops::list_key_rotations::list_key_rotations)),
    row!(ReplicateKey, answer(ops::replicate_key::replicate_key)),
    row!(UpdatePrimaryRegion, answer(ops::update_primary_region::update_primary_region)),
    crypto!(Encrypt, answer(ops::crypto::encrypt::encrypt)),
    crypto!(Decrypt, answer(ops::crypto::decrypt::decrypt)),
    crypto!(ReEncrypt, answer(ops::crypto::re_encrypt::re_encrypt)),
    crypto!(GenerateDataKey, answer(ops::crypto::data_key::generate_data_key)),
    crypto!(
        GenerateDataKeyWithoutPlaintext,
        answer(ops::crypto::data_key::generate_data_key_without_plaintext)
    ),
    crypto!(GenerateDataKeyPair, answer(ops::crypto::data_key_pair::generate_data_key_pair)),
    crypto!(
        GenerateDataKeyPairWithoutPlaintext,
        answer(ops::crypto::data_key_pair::generate_data_key_pair_without_plaintext)
    ),
    crypto!(GenerateRandom, answer(ops::crypto::random::generate_random)),
    crypto!(GenerateMac, answer(ops::crypto::mac::generate_mac)),
    crypto!(VerifyMac, answer(ops::crypto::mac::verify_mac)),
    crypto!(Sign, answer(ops::crypto::sign::sign)),
    crypto!(Verify, answer(ops::crypto::sign::verify)),
    crypto!(GetPublicKey, answer(ops::crypto::get_public_key::get_public_key)),
    crypto!(DeriveSharedSecret, answer(ops::crypto::shared_secret::derive_shared_secret)),
    crypto!(Encapsulate, answer(ops::crypto::encapsulate::encapsulate)),
    crypto!(Decapsulate, answer(ops::crypto::encapsulate::decapsulate)),
    crypto!(GetParametersForImport, answer(ops::import_parameters::get_parameters_for_import)),
    crypto!(ImportKeyMaterial, answer(ops::import_key_material::import_key_material)),
    crypto!(
        DeleteImportedKeyMaterial,
        answer(ops::delete_imported_key_material::delete_imported_key_material)
    ),
];

/// Returns the operation called `name`, if the fake implements it.
pub(crate) fn implemented(name: &str) -> Option<Implemented> {
    Implemented::of(api::operation(name)?)
}

impl Implemented {
    /// Returns the operation, if the fake implements it.
    pub(super) fn of(operation: &'static Operation) -> Option<Self> {
        row(operation.name).map(|row| Self { operation, row })
    }
}

/// Runs an operation. One without an output sends no body (fact 1.3).
pub(super) fn dispatch(
    cx: &mut Cx<'_>,
    called: Implemented,
    input: Value,
    output: &mut Output,
) -> Result<()> {
    (called.row.run)(cx, input, output)?;
    if called.operation.output.is_none() {
        output.clear();
    }
    Ok(())
}

fn row(operation: &str) -> Option<&'static Row> {
    ROWS.iter().find(|it| it.name == operation)
}

fn answer<I: DeserializeOwned, O: Serialize>(
    cx: &mut Cx<'_>,
    input: Value,
    output: &mut Output,
    run: fn(&mut Cx<'_>, I) -> Result<O>,
) -> Result<()> {
    output.fill(&run(cx, read(input)?)?)
}

/// Runs an operation that lists grants, and writes them straight from the store.
fn page<I: DeserializeOwned>(
    cx: &mut Cx<'_>,
    input: Value,
    output: &mut Output,
    run: for<'c, 'x> fn(&'c mut Cx<'x>, I) -> Result<GrantPage<'c>>,
) -> Result<()> {
    output.fill_page(&run(cx, read(input)?)?)
}

fn read<I: DeserializeOwned>(input: Value) -> Result<I> {
    serde_json::from_value(input).map_err(|it| KmsError::serialization(it.to_string()))
}

#[cfg(test)]
mod tests {
    use super::ROWS;
    use crate::api::OPERATIONS;

    #[test]
    fn every_row_is_a_distinct_operation_of_the_api() {
        for row in ROWS {
            assert!(crate::api::operation(row.name).is_some(), "{}", row.name);
            assert_eq!(ROWS.iter().filter(|it| it.name == row.name).count(), 1, "{}", row.name);
        }
    }

    #[test]
    fn the_documentation_lists_every_operation_of_the_api() {
        let page = include_str!("../../docs/operations.md");
        let listed: Vec<_> = page
            .lines()
            .filter_map(|it| it.strip_prefix("| `")?.split_once("` | "))
            .filter(|(_, rest)| rest.starts_with("implemented") || rest.starts_with("refused"))
            .map(|(name, rest)| (name, rest.starts_with("implemented"), rest.contains('¹')))
            .collect();
        let expected: Vec<_> = OPERATIONS
            .iter()
            .map(|operation| {
                let row = super::row(operation.name);
                (operation.name, row.is_some(), row.is_some_and(|it| it.needs_crypto))
            })
            .collect();
        assert_eq!(listed, expected);
    }
}
