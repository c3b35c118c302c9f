//! The end of a recording in the live account: revoking the grants that it made.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::guard::Guard;
use super::lost::{Found, Lost};
use super::recorder::Recorder;
use super::service::{self, Service};
use super::wait;
use crate::error::Error;

/// How often a list is asked for again that may lag behind.
pub(super) const TRIES: usize = 10;

/// Whether a list shows a grant.
enum Shown {
    No,
    /// It does, although the end of the grant was accepted.
    Ended,
    Yes,
}

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
    /// Returns notes about ends that a list does not show yet.
    ///
    /// # Errors
    ///
    /// Grants that still exist, or may exist, by key and id.
    pub(crate) fn clean_up(&self) -> Result<Vec<String>, Error> {
        self.state().has_ended = true;
        self.wait_for_calls();
        let guard = self.state().guard.clone();
        let service = Arc::clone(&self.service);
        wait(async move { service.end_grants(guard).await })?
    }
}

impl Service {
    /// Revokes the grants that this recording made, and those of calls without an answer. Returns notes about ends
    /// that a list does not show yet.
    ///
    /// # Errors
    ///
    /// Grants that still exist, or may exist, by key and id.
    pub(super) async fn end_grants(&self, mut guard: Guard) -> Result<Vec<String>, Error> {
        let unsure = self.find_lost(&mut guard).await;
        let mut answers = Vec::new();
        for (id, key) in guard.grants() {
            answers.push((id, key, self.revoke(&guard, id, key).await));
        }
        let (mut left, mut notes, mut tries) = (Vec::new(), Vec::new(), TRIES);
        for (id, key, accepted) in answers {
            let is_there = match accepted {
                Ok(accepted) => self.is_there(id, key, accepted, &mut tries).await,
                Err(error) => Err(error),
            };
            match is_there {
                Ok(Shown::No) => {}
                Ok(Shown::Ended) => notes.push(format!(
                    "the end of the grant {id} on {key} was accepted, but the list of its key still shows it"
                )),
                Ok(Shown::Yes) => left.push(format!("{id} on {key}")),
                Err(error) => left.push(format!("{id} on {key} ({error})")),
            }
        }
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

    /// Revokes a grant. Returns whether its end is accepted, now or at the test's request.
    async fn revoke(&self, guard: &Guard, id: &str, key: &str) -> Result<bool, Error> {
        let body = Bytes::from(json!({"KeyId": key, "GrantId": id}).to_string());
        let (status, output) = self.call(&self.admin, "RevokeGrant", body).await?;
        let output: Value = serde_json::from_slice(&output).unwrap_or_default();
        // RevokeGrant does not find a grant that the test has ended.
        let is_unknown =
            output["__type"].as_str().is_some_and(|it| it.ends_with("NotFoundException"));
        Ok(status == 200 || (is_unknown && guard.has_ended(id)))
    }

    /// Returns whether the list of its key shows a grant. After an accepted end, the list may lag behind, and is asked
    /// for again, at most `tries` times for all grants.
    async fn is_there(
        &self,
        id: &str,
        key: &str,
        accepted: bool,
        tries: &mut usize,
    ) -> Result<Shown, Error> {
        loop {
            let grants = self.grants_on(key).await?;
            if !grants.iter().any(|it| service::id(it) == Some(id)) {
                return Ok(Shown::No);
            }
            if !accepted {
                return Ok(Shown::Yes);
            }
            if *tries == 0 {
                return Ok(Shown::Ended);
            }
            *tries -= 1;
            tokio::time::sleep(self.pause()).await;
        }
    }

    /// Finds the grants of calls without an answer and adds them to those of the recording. Returns what may be left
    /// otherwise.
    async fn find_lost(&self, guard: &mut Guard) -> BTreeSet<String> {
        let mut unsure = BTreeSet::new();
        for lost in guard.lost() {
            let Lost { key, terms, calls } = &lost;
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
            let Found { whole, mut perhaps } = found;
            if are_too_many {
                perhaps.extend(whole);
            } else {
                for id in whole {
                    guard.made(key, &id, None);
                }
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

    /// Lists the grants of a key until there are as many new ones as calls without an answer; lists may lag behind.
    async fn look_for(&self, guard: &Guard, lost: &Lost) -> Result<Found, Error> {
        let mut found = guard.found(lost, &self.grants_on(&lost.key).await?);
        for _ in 1..TRIES {
            if found.len() >= lost.calls {
                break;
            }
            tokio::time::sleep(self.pause()).await;
            found = guard.found(lost, &self.grants_on(&lost.key).await?);
        }
        Ok(found)
    }
}
