//! The calls that most tests make, each in one line. A test that needs another option takes the SDK's builder.

use std::collections::HashMap;

use aws_sdk_kms::Client;
use aws_sdk_kms::operation::create_grant::builders::CreateGrantFluentBuilder;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{GrantConstraints, GrantListEntry};
use kms_fixture::{Caller, Kms};

use super::refusal::{Refusal, is_allowed, outcome};

/// Returns a client of `caller`.
pub(crate) fn client(caller: &Caller) -> Client {
    Client::new(&caller.sdk_config())
}

/// Returns a client of `caller` for another Region.
pub(crate) fn client_in(caller: &Caller, region: &'static str) -> Client {
    let config = aws_sdk_kms::config::Builder::from(&caller.sdk_config());
    let region = aws_sdk_kms::config::Region::new(region);
    Client::from_conf(config.region(region).build())
}

/// A grant as CreateGrant returns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) token: String,
    /// As the request named it.
    pub(crate) key: String,
}

/// Starts a CreateGrant, for options to be added.
pub(crate) fn create(
    caller: &Caller,
    key: &str,
    grantee: &str,
    operations: &[impl ToString],
) -> CreateGrantFluentBuilder {
    let operations = operations.iter().map(|it| it.to_string().as_str().into()).collect();
    let create = client(caller).create_grant().key_id(key).grantee_principal(grantee);
    create.set_operations(Some(operations))
}

/// Sends a CreateGrant that succeeds.
pub(crate) async fn granted(create: CreateGrantFluentBuilder) -> Made {
    let key = create.get_key_id().clone().unwrap();
    let output = create.send().await.unwrap();
    Made { id: output.grant_id.unwrap(), token: output.grant_token.unwrap(), key }
}

/// Creates a grant.
pub(crate) async fn grant(
    caller: &Caller,
    key: &str,
    grantee: &str,
    operations: &[impl ToString],
) -> Made {
    granted(create(caller, key, grantee, operations)).await
}

/// Retires a grant by its token.
pub(crate) async fn retire(caller: &Caller, token: &str) -> Result<(), Refusal> {
    outcome(client(caller).retire_grant().grant_token(token).send().await)
}

/// Retires a grant by its key and id.
pub(crate) async fn retire_by_id(caller: &Caller, key: &str, id: &str) -> Result<(), Refusal> {
    outcome(client(caller).retire_grant().key_id(key).grant_id(id).send().await)
}

/// Revokes a grant.
pub(crate) async fn revoke(caller: &Caller, key: &str, id: &str) -> Result<(), Refusal> {
    outcome(client(caller).revoke_grant().key_id(key).grant_id(id).send().await)
}

/// Describes a key.
pub(crate) async fn describe(caller: &Caller, key: &str) -> Result<(), Refusal> {
    outcome(client(caller).describe_key().key_id(key).send().await)
}

/// Encrypts something with a key.
pub(crate) async fn encrypt(caller: &Caller, key: &str) -> Result<(), Refusal> {
    outcome(client(caller).encrypt().key_id(key).plaintext(Blob::new("secret")).send().await)
}

/// Returns a ciphertext that the administrator has made with a key.
pub(crate) async fn sealed(kms: &Kms, key: &str) -> Blob {
    let encrypt = client(&kms.caller("admin")).encrypt().key_id(key);
    encrypt.plaintext(Blob::new("secret")).send().await.unwrap().ciphertext_blob.unwrap()
}

/// Returns whether `caller` may decrypt a ciphertext. Any refusal but AccessDeniedException fails the test.
pub(crate) async fn opens(caller: &Caller, sealed: &Blob) -> bool {
    is_allowed(client(caller).decrypt().ciphertext_blob(sealed.clone()).send().await)
}

/// Returns whether `caller` may decrypt a ciphertext with the help of a grant token.
pub(crate) async fn opens_with(caller: &Caller, sealed: &Blob, token: &str) -> bool {
    let decrypt = client(caller).decrypt().ciphertext_blob(sealed.clone());
    is_allowed(decrypt.grant_tokens(token).send().await)
}

/// Returns every entry that ListGrants shows `caller`.
pub(crate) async fn entries(caller: &Caller, key: &str) -> Vec<GrantListEntry> {
    let pages = client(caller).list_grants().key_id(key).into_paginator();
    pages.items().send().collect::<Result<_, _>>().await.unwrap()
}

/// Returns the ids that ListGrants shows `caller`, in their order.
pub(crate) async fn listed(caller: &Caller, key: &str) -> Vec<String> {
    ids(&entries(caller, key).await)
}

/// Returns the ids that ListRetirableGrants shows `caller`.
pub(crate) async fn retirable(caller: &Caller, retiring: &str) -> Vec<String> {
    let list = client(caller).list_retirable_grants().retiring_principal(retiring);
    let pages = list.into_paginator().items().send();
    ids(&pages.collect::<Result<Vec<_>, _>>().await.unwrap())
}

/// Returns the ids of grants.
pub(crate) fn ids(entries: &[GrantListEntry]) -> Vec<String> {
    entries.iter().filter_map(|it| it.grant_id.clone()).collect()
}

/// Returns the ids of the grants that exist, seen or not.
pub(crate) fn existing(kms: &Kms) -> Vec<String> {
    kms.grants().iter().map(|it| it.id().to_owned()).collect()
}

/// Returns an encryption context.
pub(crate) fn pairs(pairs: &[(&str, &str)]) -> HashMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Returns the constraint `EncryptionContextEquals`.
pub(crate) fn equals(context: &[(&str, &str)]) -> GrantConstraints {
    GrantConstraints::builder().set_encryption_context_equals(Some(pairs(context))).build()
}

/// Returns the constraint `EncryptionContextSubset`.
pub(crate) fn subset(context: &[(&str, &str)]) -> GrantConstraints {
    GrantConstraints::builder().set_encryption_context_subset(Some(pairs(context))).build()
}
