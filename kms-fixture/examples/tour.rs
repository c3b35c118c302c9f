//! The main job without an AWS account: a real `aws-sdk-kms` client against a seeded fake.
//!
//! `cargo run -p kms-fixture --example tour`

#![allow(clippy::print_stdout)] // it is there to be read

use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use kms_fixture::Fixture;
use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .role(RoleDeclaration::new("janitor").allow(["kms:ListRetirableGrants"]))
        .grant(
            GrantDeclaration::new("access")
                .key("orders")
                .grantee("worker")
                .retiring("janitor")
                .operations([GrantOperation::Decrypt]),
        )
        .start()?;
    let orders = kms.key("orders");
    let (worker, janitor) = (kms.caller("worker"), kms.caller("janitor"));
    let (as_worker, as_janitor) =
        (Client::new(&worker.sdk_config()), Client::new(&janitor.sdk_config()));

    // Somebody encrypts; the grant lets the worker decrypt, and nobody else.
    let admin = Client::new(&kms.sdk_config());
    let secret = Blob::new("the order of the day");
    let encryption = admin.encrypt().key_id(orders.id()).plaintext(secret.clone());
    let sealed = encryption.send().await?.ciphertext_blob.unwrap_or_else(|| Blob::new(""));
    let opening = as_worker.decrypt().ciphertext_blob(sealed.clone());
    assert_eq!(opening.send().await?.plaintext, Some(secret));
    let stranger = as_janitor.decrypt().ciphertext_blob(sealed.clone());
    assert!(stranger.send().await.is_err());

    // Only its retiring principal can retire it.
    let token = kms.grant("access").token().to_owned();
    let refused = as_worker.retire_grant().grant_token(&token).send().await;
    assert!(refused.is_err());
    let list = as_janitor.list_retirable_grants();
    let retirable = list.retiring_principal(janitor.arn()).send().await?;
    assert_eq!(retirable.grants().len(), 1);
    as_janitor.retire_grant().grant_token(&token).send().await?;

    // From that moment on it opens nothing.
    let closed = as_worker.decrypt().ciphertext_blob(sealed).send().await;
    assert!(closed.is_err() && kms.grants().is_empty());

    println!("{}", kms.calls());
    Ok(())
}
