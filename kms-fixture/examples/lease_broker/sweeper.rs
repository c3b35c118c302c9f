//! The sweeper, which ends leases that have become old.

use std::time::{Duration, SystemTime};

use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::DateTime;
use aws_sdk_kms::types::GrantListEntry;
use tokio::task::JoinSet;

use crate::Failure;
use crate::broker::retire;

/// A sweeper.
#[derive(Clone, Debug)]
pub(crate) struct Sweeper {
    client: Client,
    own: String,
    age: Duration,
}

impl Sweeper {
    /// Returns a sweeper that calls as the principal `own`, and ends leases of this age.
    pub(crate) fn new(client: Client, own: &str, age: Duration) -> Self {
        Self { client, own: own.to_owned(), age }
    }

    /// Retires the old leases at the same time, and returns their number.
    pub(crate) async fn sweep(&self, now: SystemTime) -> Result<usize, Failure> {
        let old = self.old(now).await?;
        let count = old.len();
        let mut retirements = JoinSet::new();
        for grant in old {
            let retirement = self.client.retire_grant();
            let retirement = retirement.set_key_id(grant.key_id).set_grant_id(grant.grant_id);
            retirements.spawn(retire(retirement));
        }
        retirements.join_all().await.into_iter().collect::<Result<(), _>>()?;
        Ok(count)
    }

    /// Returns the old leases from all pages.
    async fn old(&self, now: SystemTime) -> Result<Vec<GrantListEntry>, Failure> {
        let latest = DateTime::from(now - self.age);
        let list = self.client.list_retirable_grants().retiring_principal(&self.own);
        let mut leases = list.into_paginator().items().send();
        let mut old = Vec::new();
        while let Some(lease) = leases.try_next().await? {
            if lease.creation_date().is_some_and(|it| *it <= latest) {
                old.push(lease);
            }
        }
        Ok(old)
    }

    /// Sweeps again and again. A sweep that fails leaves its leases to the next one.
    pub(crate) async fn run(self, pause: Duration, now: impl Fn() -> SystemTime) {
        loop {
            if let Err(error) = self.sweep(now()).await {
                eprintln!("the sweeper failed: {error}");
            }
            tokio::time::sleep(pause).await;
        }
    }
}
