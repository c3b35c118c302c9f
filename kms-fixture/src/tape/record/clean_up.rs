//! The end of a recording in the live account: revoking the grants that it made.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::ends::{Ends, TRIES};
use super::guard::Guard;
use super::lost::{Found, Lost};
use super::recorder::Recorder;
use super::service::Service;
use super::wait;
use crate::error::Error;

impl Recorder {
    /// Waits for calls whose clients are gone, at most as long as one call may take. Returns whether all have ended.
    fn wait_for_calls(&self) -> bool {
        let recorder = self.state_of();
        let waited = wait(async move {
            for _ in 0..6500 {
                if recorder.lock().unwrap_or_else(PoisonError::into_inner).under_way == 0 {
                    return true;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            false
        });
        waited.unwrap_or(false)
    }

    /// Refuses further calls, revokes the grants that this recording made, and proves by ListGrants that they are gone.
    /// Returns notes about ends that a list does not show yet.
    ///
    /// # Errors
    ///
    /// Grants that still exist, or may exist, by key and id.
    pub(crate) fn clean_up(&self) -> Result<Vec<String>, Error> {
        self.state().has_ended = true;
        let have_ended = self.wait_for_calls();
        let guard = self.state().guard.clone();
        let service = Arc::clone(&self.service);
        wait(async move { service.end_grants(guard, have_ended).await })?
    }
}

impl Service {
    /// Revokes the grants that this recording made, and those of calls without an answer. Returns notes about ends
    /// that a list does not show yet.
    ///
    /// # Errors
    ///
    /// Grants that still exist, or may exist, by key and id.
    pub(super) async fn end_grants(
        &self,
        mut guard: Guard,
        have_calls_ended: bool,
    ) -> Result<Vec<String>, Error> {
        let mut unsure = self.find_lost(&mut guard).await;
        unsure.extend(guard.doubtful().map(|(id, key)| {
            format!(
                "the grant {id} on {key} was not revoked: it may have existed before the recording, because CreateGrant \
                 with a `Name` returns such a grant and the grants of the key could not be listed"
            )
        }));
        if !have_calls_ended {
            unsure
                .insert("calls of the test have no answer yet: what they make is left".to_owned());
        }
        let Ends { left, mut notes } = self.end_all(&guard).await;
        notes.extend(self.end_keys(&guard.keys).await);
        let mut told = Vec::new();
        if !left.is_empty() {
            let left = left.join(", ");
            told.push(format!("these grants of the recording could not be revoked: {left}"));
        }
        told.extend(unsure);
        if told.is_empty() {
            if let Some(ledger) = &guard.ledger {
                ledger.finish();
            }
            return Ok(notes);
        }
        told.extend(notes);
        let or = guard.ledger.map(|it| format!(", or run `{}`", it.recovery())).unwrap_or_default();
        Err(Error::new(told.join("\n"))
            .help(format!("revoke them with `aws kms revoke-grant`{or}")))
    }

    /// Finds the grants of calls without an answer and adds them to those of the recording. Returns what may be left
    /// otherwise.
    async fn find_lost(&self, guard: &mut Guard) -> BTreeSet<String> {
        let mut unsure = BTreeSet::new();
        for lost in guard.lost() {
            let Lost { key, terms, calls, .. } = &lost;
            let found = match self.look_for(guard, &lost).await {
                Ok(found) => found,
                Err(error) => {
                    unsure.insert(format!(
                        "a grant {terms} on {key} may be left, whose CreateGrant was not answered ({error})"
                    ));
                    continue;
                }
            };
            let are_too_many = found.len() > *calls;
            let are_too_few = found.len() < *calls && !found.is_later;
            let Found { whole, mut perhaps, .. } = found;
            if are_too_many {
                perhaps.extend(whole);
            } else {
                for id in whole {
                    guard.made(key, &id, None);
                }
            }
            if are_too_few && !self.is_forgotten(key).await {
                unsure.insert(format!(
                    "a grant {terms} on {key} may be left, whose CreateGrant was not answered: no list shows it, and \
                     lists may lag behind"
                ));
            }
            if !perhaps.is_empty() {
                unsure.insert(format!(
                    "{calls} CreateGrant for a grant {terms} without an answer: it may be one of these on {key}, which \
                     were not revoked: {}",
                    perhaps.join(", ")
                ));
            }
        }
        unsure
    }

    /// Lists the grants of a key until there are as many new ones as calls without an answer, or one of a later call;
    /// lists may lag behind.
    async fn look_for(&self, guard: &Guard, lost: &Lost) -> Result<Found, Error> {
        let mut found = guard.found(lost, &self.grants_on(&lost.key).await?);
        for _ in 1..TRIES {
            if found.len() >= lost.calls || found.is_later {
                break;
            }
            tokio::time::sleep(self.pause()).await;
            found = guard.found(lost, &self.grants_on(&lost.key).await?);
        }
        Ok(found)
    }
}
