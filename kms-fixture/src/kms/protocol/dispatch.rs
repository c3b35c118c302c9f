//! From a checked input to the operation, and from its output to the form in which it is wanted.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::form::Form;
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::{self, Cx, Empty, GrantPage};

/// Runs `operation`; the output is of the form `F`.
pub(super) fn dispatch<F: Form>(cx: &mut Cx<'_>, operation: &str, input: Value) -> Result<F> {
    match operation {
        "CreateGrant" => answer(cx, input, ops::create_grant::create_grant),
        "ListGrants" => page(cx, input, ops::list_grants::list_grants),
        "ListRetirableGrants" => page(cx, input, ops::list_retirable_grants::list_retirable_grants),
        "RetireGrant" => silent(cx, input, ops::retire_grant::retire_grant),
        "RevokeGrant" => silent(cx, input, ops::revoke_grant::revoke_grant),
        "CreateKey" => answer(cx, input, ops::create_key::create_key),
        "DescribeKey" => answer(cx, input, ops::describe_key::describe_key),
        "ListKeys" => answer(cx, input, ops::list_keys::list_keys),
        "EnableKey" => silent(cx, input, ops::enable_key::enable_key),
        "DisableKey" => silent(cx, input, ops::enable_key::disable_key),
        "ScheduleKeyDeletion" => {
            answer(cx, input, ops::schedule_key_deletion::schedule_key_deletion)
        }
        "CancelKeyDeletion" => answer(cx, input, ops::cancel_key_deletion::cancel_key_deletion),
        "GetKeyPolicy" => answer(cx, input, ops::key_policies::get_key_policy),
        "PutKeyPolicy" => silent(cx, input, ops::key_policies::put_key_policy),
        "ListKeyPolicies" => answer(cx, input, ops::key_policies::list_key_policies),
        "CreateAlias" => silent(cx, input, ops::aliases::create_alias),
        "UpdateAlias" => silent(cx, input, ops::aliases::update_alias),
        "DeleteAlias" => silent(cx, input, ops::aliases::delete_alias),
        "ListAliases" => answer(cx, input, ops::list_aliases::list_aliases),
        "TagResource" => silent(cx, input, ops::tags::tag_resource),
        "UntagResource" => silent(cx, input, ops::tags::untag_resource),
        "ListResourceTags" => answer(cx, input, ops::tags::list_resource_tags),
        "UpdateKeyDescription" => {
            silent(cx, input, ops::update_key_description::update_key_description)
        }
        "GetKeyRotationStatus" => answer(cx, input, ops::rotation::get_key_rotation_status),
        "EnableKeyRotation" => silent(cx, input, ops::rotation::enable_key_rotation),
        "DisableKeyRotation" => silent(cx, input, ops::rotation::disable_key_rotation),
        "RotateKeyOnDemand" => answer(cx, input, ops::rotation::rotate_key_on_demand),
        "ListKeyRotations" => answer(cx, input, ops::list_key_rotations::list_key_rotations),
        "ReplicateKey" => answer(cx, input, ops::replicate_key::replicate_key),
        "UpdatePrimaryRegion" => {
            silent(cx, input, ops::update_primary_region::update_primary_region)
        }
        other => cryptography(cx, other, input),
    }
}

/// What needs cryptography.
#[cfg(feature = "crypto")]
fn cryptography<F: Form>(cx: &mut Cx<'_>, operation: &str, input: Value) -> Result<F> {
    use ops::crypto::{
        data_key, data_key_pair, decrypt, encapsulate, encrypt, get_public_key, mac, random,
        re_encrypt, shared_secret, sign,
    };
    use ops::delete_imported_key_material::delete_imported_key_material;
    use ops::import_key_material::import_key_material;
    use ops::import_parameters::get_parameters_for_import;
    match operation {
        "Encrypt" => answer(cx, input, encrypt::encrypt),
        "Decrypt" => answer(cx, input, decrypt::decrypt),
        "ReEncrypt" => answer(cx, input, re_encrypt::re_encrypt),
        "GenerateDataKey" => answer(cx, input, data_key::generate_data_key),
        "GenerateDataKeyWithoutPlaintext" => {
            answer(cx, input, data_key::generate_data_key_without_plaintext)
        }
        "GenerateDataKeyPair" => answer(cx, input, data_key_pair::generate_data_key_pair),
        "GenerateDataKeyPairWithoutPlaintext" => {
            answer(cx, input, data_key_pair::generate_data_key_pair_without_plaintext)
        }
        "GenerateRandom" => answer(cx, input, random::generate_random),
        "GenerateMac" => answer(cx, input, mac::generate_mac),
        "VerifyMac" => answer(cx, input, mac::verify_mac),
        "Sign" => answer(cx, input, sign::sign),
        "Verify" => answer(cx, input, sign::verify),
        "GetPublicKey" => answer(cx, input, get_public_key::get_public_key),
        "DeriveSharedSecret" => answer(cx, input, shared_secret::derive_shared_secret),
        "Encapsulate" => answer(cx, input, encapsulate::encapsulate),
        "Decapsulate" => answer(cx, input, encapsulate::decapsulate),
        "GetParametersForImport" => answer(cx, input, get_parameters_for_import),
        "ImportKeyMaterial" => answer(cx, input, import_key_material),
        "DeleteImportedKeyMaterial" => answer(cx, input, delete_imported_key_material),
        other => Err(KmsError::not_implemented(other)),
    }
}

/// What needs cryptography, which this build does not have.
#[cfg(not(feature = "crypto"))]
fn cryptography<F: Form>(_: &mut Cx<'_>, operation: &str, _: Value) -> Result<F> {
    Err(KmsError::not_supported(&format!("{operation} without the feature `crypto`")))
}

fn answer<F: Form, I: DeserializeOwned, O: Serialize>(
    cx: &mut Cx<'_>,
    input: Value,
    run: fn(&mut Cx<'_>, I) -> Result<O>,
) -> Result<F> {
    F::of(&run(cx, read(input)?)?)
}

/// Runs an operation that lists grants, which are written straight from the store.
fn page<F: Form, I: DeserializeOwned>(
    cx: &mut Cx<'_>,
    input: Value,
    run: for<'c, 'x> fn(&'c mut Cx<'x>, I) -> Result<GrantPage<'c>>,
) -> Result<F> {
    F::of(&run(cx, read(input)?)?)
}

/// An operation without an output sends no body at all (fact 1.3).
fn silent<F: Form, I: DeserializeOwned>(
    cx: &mut Cx<'_>,
    input: Value,
    run: fn(&mut Cx<'_>, I) -> Result<Empty>,
) -> Result<F> {
    let Empty = run(cx, read(input)?)?;
    Ok(F::nothing())
}

fn read<I: DeserializeOwned>(input: Value) -> Result<I> {
    serde_json::from_value(input).map_err(|it| KmsError::serialization(it.to_string()))
}
