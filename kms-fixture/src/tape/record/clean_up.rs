//! The end of a recording in the live account: revoking the grants that it made.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use super::recorder::Recorder;
use super::wait;
use crate::error::Error;

impl Recorder {
    /// Waits for calls whose clients are gone, at most as long as one call may take.
    fn wait_for_calls(&self) {
        let recorder = self.state_of();
        let _ = wait(async move {
            for _ in 0..6500 {
                if recorder.lock().unwrap_or_else(PoisonError::into_inner).under_way == 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
    }

    /// Refuses further calls, revokes the grants that this recording made, and proves by ListGrants that they are gone.
    ///
    /// # Errors
    ///
    /// Grants that still exist, by key and id.
    pub(crate) fn clean_up(&self) -> Result<(), Error> {
        self.state().has_ended = true;
        self.wait_for_calls();
        let grants: Vec<_> =
            self.state().guard.grants().map(|(id, key)| (id.to_owned(), key.to_owned())).collect();
        if grants.is_empty() {
            return Ok(());
        }
        let service = Arc::clone(&self.service);
        let left = wait(async move {
            let mut left = Vec::new();
            for (id, key) in grants {
                let body = Bytes::from(json!({"KeyId": key, "GrantId": id}).to_string());
                // RevokeGrant does not find a grant that the test has ended: only the list shows whether it is gone.
                let revoked = service.call(&service.admin, "RevokeGrant", body).await;
                let is_there = match revoked {
                    Ok(_) => service.grants_on(&key).await.map(|all| all.contains(&id)),
                    Err(error) => Err(error),
                };
                match is_there {
                    Ok(false) => {}
                    Ok(true) => left.push(format!("{id} on {key}")),
                    Err(error) => left.push(format!("{id} on {key} ({error})")),
                }
            }
            left
        })?;
        if left.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!(
            "these grants of the recording could not be revoked: {}",
            left.join(", ")
        ))
        .help("revoke them with `aws kms revoke-grant`"))
    }
}
