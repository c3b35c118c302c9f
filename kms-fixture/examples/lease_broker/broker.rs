//! Leases, which are grants: a worker may open the secrets of one tenant for a while.

use aws_sdk_kms::operation::retire_grant::builders::RetireGrantFluentBuilder;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{GrantConstraints, GrantOperation};
use aws_sdk_kms::{Client, Error};
use tokio::task::JoinSet;

use crate::Failure;

/// The part of the encryption context that names the tenant.
pub(crate) const TENANT: &str = "tenant";

/// The right of a worker to open the secrets of a tenant.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    pub(crate) tenant: String,
    pub(crate) token: String,
}

/// The seller of leases.
#[derive(Clone, Debug)]
pub(crate) struct Broker {
    client: Client,
    key: String,
    sweeper: String,
}

impl Broker {
    /// Returns a broker that leases `key`, and lets the principal `sweeper` end its leases.
    pub(crate) fn new(client: Client, key: &str, sweeper: &str) -> Self {
        Self { client, key: key.to_owned(), sweeper: sweeper.to_owned() }
    }

    /// Seals a secret of a tenant.
    pub(crate) async fn seal(&self, tenant: &str, secret: &str) -> Result<Blob, Failure> {
        let seal = self.client.encrypt().key_id(&self.key).encryption_context(TENANT, tenant);
        let sealed = seal.plaintext(Blob::new(secret)).send().await?;
        sealed.ciphertext_blob.ok_or_else(|| "AWS KMS returned no ciphertext".into())
    }

    /// Leases the secrets of a tenant to the principal `worker`. The grant has a name, so that another attempt returns the
    /// lease of the first one.
    pub(crate) async fn lease(&self, worker: &str, tenant: &str) -> Result<Lease, Failure> {
        let only = GrantConstraints::builder().encryption_context_subset(TENANT, tenant).build();
        let create = self.client.create_grant().key_id(&self.key).name(format!("lease-{tenant}"));
        let create = create.grantee_principal(worker).retiring_principal(&self.sweeper);
        let create = create.operations(GrantOperation::Decrypt).constraints(only);
        let made = create.operations(GrantOperation::RetireGrant).send().await?;
        let token = made.grant_token.ok_or("AWS KMS returned no token")?;
        Ok(Lease { tenant: tenant.to_owned(), token })
    }

    /// Leases the secrets of several tenants to a worker at the same time.
    pub(crate) async fn lease_all(
        &self,
        worker: &str,
        tenants: impl IntoIterator<Item = String>,
    ) -> Result<Vec<Lease>, Failure> {
        let mut attempts = JoinSet::new();
        for tenant in tenants {
            let (broker, worker) = (self.clone(), worker.to_owned());
            attempts.spawn(async move { broker.lease(&worker, &tenant).await });
        }
        attempts.join_all().await.into_iter().collect()
    }
}

/// Retires a grant. A grant that is gone counts as retired: another attempt, or another task, was faster.
pub(crate) async fn retire(request: RetireGrantFluentBuilder) -> Result<(), Failure> {
    match request.send().await.map_err(Error::from) {
        // By its id, and by its token.
        Err(Error::NotFoundException(_) | Error::InvalidGrantTokenException(_)) => Ok(()),
        answer => Ok(answer.map(drop)?),
    }
}
