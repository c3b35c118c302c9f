//! Eventual consistency (`kms-facts.md` 5): what is seen of a change before it has arrived, and afterwards.

mod chance;
mod ended_grants;
mod keys;
mod new_grants;
mod principals;
mod quota;
mod stale;
mod strong;

use std::time::Duration;

use aws_sdk_kms::operation::create_grant::CreateGrantOutput;
use aws_sdk_kms::operation::create_grant::builders::CreateGrantFluentBuilder;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::GrantOperation;
use kms_fixture::{Caller, Kms};

use super::refusal::{client, refused};

/// As long as a change takes in most of these tests.
const DELAY: Duration = Duration::from_mins(1);

/// A grant of the key `orders`, made by the administrator: to decrypt and to describe.
fn create(kms: &Kms, grantee: &Caller) -> CreateGrantFluentBuilder {
    client(&kms.caller("admin"))
        .create_grant()
        .key_id(kms.key("orders").arn())
        .grantee_principal(grantee.arn())
        .operations(GrantOperation::Decrypt)
        .operations(GrantOperation::DescribeKey)
}

/// The same, made.
async fn granted(kms: &Kms, grantee: &Caller) -> Made {
    create(kms, grantee).send().await.unwrap().into()
}

/// A grant that a call has made.
struct Made {
    id: String,
    token: String,
}

impl From<CreateGrantOutput> for Made {
    fn from(output: CreateGrantOutput) -> Self {
        Self { id: output.grant_id.unwrap(), token: output.grant_token.unwrap() }
    }
}

/// What the administrator has encrypted with the key `orders`.
async fn sealed(kms: &Kms) -> Blob {
    let admin = client(&kms.caller("admin"));
    let encrypt = admin.encrypt().key_id(kms.key("orders").arn());
    let sealed = encrypt.plaintext(Blob::new("secret")).send().await.unwrap();
    sealed.ciphertext_blob.unwrap()
}

/// Whether `caller` can decrypt; any refusal but AccessDeniedException is a failure.
async fn opens(caller: &Caller, sealed: &Blob) -> bool {
    opens_with(caller, sealed, None).await
}

async fn opens_with(caller: &Caller, sealed: &Blob, token: Option<&str>) -> bool {
    let decrypt = client(caller).decrypt().ciphertext_blob(sealed.clone());
    let tokens = token.map(|it| vec![it.to_owned()]);
    let outcome = decrypt.set_grant_tokens(tokens).send().await;
    if outcome.is_err() {
        refused(outcome).has_code("AccessDeniedException");
        return false;
    }
    true
}

/// The ids that ListGrants shows the administrator for the key `orders`.
async fn listed(kms: &Kms) -> Vec<String> {
    listed_to(kms, &kms.caller("admin")).await
}

async fn listed_to(kms: &Kms, caller: &Caller) -> Vec<String> {
    let list = client(caller).list_grants().key_id(kms.key("orders").arn());
    let page = list.send().await.unwrap();
    let ids = page.grants().iter().filter_map(|it| it.grant_id());
    ids.map(str::to_owned).collect()
}

/// The ids that ListRetirableGrants shows the administrator for `retiring`.
async fn retirable(kms: &Kms, retiring: &Caller) -> Vec<String> {
    let admin = client(&kms.caller("admin"));
    let list = admin.list_retirable_grants().retiring_principal(retiring.arn());
    let page = list.send().await.unwrap();
    let ids = page.grants().iter().filter_map(|it| it.grant_id());
    ids.map(str::to_owned).collect()
}

/// The ids of the grants that exist.
fn existing(kms: &Kms) -> Vec<String> {
    kms.grants().iter().map(|it| it.id().to_owned()).collect()
}

/// How the administrator's RevokeGrant ends: the code of the refusal, if it is one.
async fn revoke(kms: &Kms, id: &str) -> Result<(), String> {
    let revoke = client(&kms.caller("admin")).revoke_grant();
    let outcome = revoke.key_id(kms.key("orders").arn()).grant_id(id).send().await;
    match outcome {
        Ok(_) => Ok(()),
        Err(_) => Err(refused(outcome).code),
    }
}

/// Likewise RetireGrant, by token.
async fn retire(caller: &Caller, token: &str) -> Result<(), String> {
    let outcome = client(caller).retire_grant().grant_token(token).send().await;
    match outcome {
        Ok(_) => Ok(()),
        Err(_) => Err(refused(outcome).code),
    }
}

/// Likewise by key and id.
async fn retire_by_id(kms: &Kms, caller: &Caller, id: &str) -> Result<(), String> {
    let retire = client(caller).retire_grant().key_id(kms.key("orders").arn());
    let outcome = retire.grant_id(id).send().await;
    match outcome {
        Ok(_) => Ok(()),
        Err(_) => Err(refused(outcome).code),
    }
}
