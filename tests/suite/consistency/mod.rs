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

use aws_sdk_kms::operation::create_grant::builders::CreateGrantFluentBuilder;
use aws_sdk_kms::primitives::Blob;
use kms_fixture::{Caller, Kms};

use super::calls::{self, Made};
use super::refusal::Refusal;

/// As long as a change takes in most of these tests.
const DELAY: Duration = Duration::from_mins(1);

/// Starts a grant of the key `orders` by the administrator: to decrypt and to describe.
fn create(kms: &Kms, grantee: &Caller) -> CreateGrantFluentBuilder {
    let key = kms.key("orders");
    calls::create(&kms.caller("admin"), key.arn(), grantee.arn(), &["Decrypt", "DescribeKey"])
}

/// Creates that grant.
async fn grant(kms: &Kms, grantee: &Caller) -> Made {
    calls::granted(create(kms, grantee)).await
}

/// Returns a ciphertext of the key `orders`.
async fn sealed(kms: &Kms) -> Blob {
    calls::sealed(kms, kms.key("orders").arn()).await
}

/// Returns the ids that ListGrants shows the administrator for the key `orders`.
async fn listed(kms: &Kms) -> Vec<String> {
    listed_to(kms, &kms.caller("admin")).await
}

async fn listed_to(kms: &Kms, caller: &Caller) -> Vec<String> {
    calls::listed(caller, kms.key("orders").arn()).await
}

/// Returns the ids that ListRetirableGrants shows the administrator.
async fn retirable(kms: &Kms, retiring: &Caller) -> Vec<String> {
    calls::retirable(&kms.caller("admin"), retiring.arn()).await
}

/// Revokes a grant of the key `orders` as the administrator.
async fn revoke(kms: &Kms, id: &str) -> Result<(), Refusal> {
    calls::revoke(&kms.caller("admin"), kms.key("orders").arn(), id).await
}

/// Retires a grant of the key `orders` by its id.
async fn retire_by_id(kms: &Kms, caller: &Caller, id: &str) -> Result<(), Refusal> {
    calls::retire_by_id(caller, kms.key("orders").arn(), id).await
}
