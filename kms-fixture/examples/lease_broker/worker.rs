//! Workers, which open the secrets of a tenant while they have a lease.

use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::error::ProvideErrorMetadata;
use aws_sdk_kms::primitives::Blob;

use crate::Failure;
use crate::broker::{Lease, TENANT, retire};

/// The time between two attempts.
const PAUSE: Duration = Duration::from_secs(5);

/// A worker.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    client: Client,
    key: String,
    patience: Duration,
}

impl Worker {
    /// Returns a worker that waits as long as `patience` for a lease.
    pub(crate) fn new(client: Client, key: &str, patience: Duration) -> Self {
        Self { client, key: key.to_owned(), patience }
    }

    /// Opens a secret of a tenant. A new grant takes time to arrive, so that a denial is not final at first.
    pub(crate) async fn open(&self, tenant: &str, sealed: &Blob) -> Result<Blob, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            let denied = match self.attempt(tenant, sealed, None).await {
                Err(it) if it.code() == Some("AccessDeniedException") => it,
                answer => return opened(answer?),
            };
            if waited >= self.patience {
                return Err(denied.into());
            }
            tokio::time::sleep(PAUSE).await;
            waited += PAUSE;
        }
    }

    /// Opens a secret with the token of a lease, which works before the grant has arrived.
    pub(crate) async fn open_at_once(&self, lease: &Lease, sealed: &Blob) -> Result<Blob, Failure> {
        opened(self.attempt(&lease.tenant, sealed, Some(lease.token.clone())).await?)
    }

    async fn attempt(
        &self,
        tenant: &str,
        sealed: &Blob,
        token: Option<String>,
    ) -> Result<Option<Blob>, aws_sdk_kms::Error> {
        let decrypt = self.client.decrypt().key_id(&self.key).ciphertext_blob(sealed.clone());
        let decrypt = decrypt.encryption_context(TENANT, tenant);
        let answer = decrypt.set_grant_tokens(token.map(|it| vec![it])).send().await?;
        Ok(answer.plaintext)
    }

    /// Ends a lease before its time. By its id alone, it could not be ended before it has arrived.
    pub(crate) async fn give_back(&self, lease: &Lease) -> Result<(), Failure> {
        retire(self.client.retire_grant().grant_token(&lease.token)).await
    }
}

fn opened(plaintext: Option<Blob>) -> Result<Blob, Failure> {
    plaintext.ok_or_else(|| "AWS KMS returned no plaintext".into())
}
