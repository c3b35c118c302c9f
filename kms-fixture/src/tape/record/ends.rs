//! The ends of grants, and the proof that the grants are gone.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::guard::Guard;
use super::refusal::Refusal;
use super::service::{self, Service};

/// How often a list is asked for again that may lag behind.
pub(super) const TRIES: usize = 10;
/// How often an end is asked for that the service does not accept: it may not know the grant yet.
const ENDS: usize = 20;
/// How often a service is asked that does not answer.
const SILENT: usize = 3;

/// A grant of the recording: its id and its key.
type Grant<'a> = (&'a str, &'a str);

/// The outcome of ends.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// The grants that are left, or may be.
    pub(super) left: Vec<String>,
    /// The grants whose end was accepted, but that a list still shows.
    pub(super) notes: Vec<String>,
}

/// The outcome of one request for an end.
enum Asked {
    Accepted,
    /// It may be accepted later.
    NotYet(String),
    Refused(String),
    Silent(String),
}

impl Service {
    /// Revokes the grants of `guard`. Only an accepted end counts: the list of a key may not show a grant yet.
    pub(super) async fn end_all(&self, guard: &Guard) -> Ends {
        let mut ends = Ends::default();
        let mut open: Vec<Grant<'_>> = guard.grants().collect();
        let mut accepted = Vec::new();
        let mut silent = 0;
        for round in 1..=ENDS {
            let (mut again, mut has_answered) = (Vec::new(), false);
            for (id, key) in open {
                let asked = self.revoke(guard, id, key).await;
                has_answered |= !matches!(asked, Asked::Silent(_));
                match asked {
                    Asked::Accepted => {
                        guard.tell_end(id);
                        accepted.push((id, key));
                    }
                    Asked::Refused(why) => ends.left.push(format!("{id} on {key} ({why})")),
                    Asked::NotYet(why) | Asked::Silent(why) => again.push((id, key, why)),
                }
            }
            silent = if has_answered { 0 } else { silent + 1 };
            if round == ENDS || silent == SILENT {
                for (id, key, why) in again {
                    if !self.is_forgotten(key).await {
                        ends.left.push(format!("{id} on {key} ({why})"));
                    }
                }
                break;
            }
            if again.is_empty() {
                break;
            }
            open = again.into_iter().map(|(id, key, _)| (id, key)).collect();
            tokio::time::sleep(self.pause()).await;
        }
        self.prove(accepted, &mut ends).await;
        ends
    }

    /// Asks for the end of a grant.
    async fn revoke(&self, guard: &Guard, id: &str, key: &str) -> Asked {
        let body = Bytes::from(json!({"KeyId": key, "GrantId": id}).to_string());
        let (status, output) = match self.call(&self.admin, "RevokeGrant", body).await {
            Ok(answer) => answer,
            Err(error) => return Asked::Silent(error.to_string()),
        };
        let is_empty = output.is_empty();
        let output: Value = serde_json::from_slice(&output).unwrap_or_default();
        if status == 200 {
            // Something else than KMS may answer, too.
            return if is_empty || output.is_object() {
                Asked::Accepted
            } else {
                Asked::NotYet("the answer to RevokeGrant is not JSON".to_owned())
            };
        }
        let refusal = Refusal::new(status, &output);
        let why = format!("RevokeGrant was refused: {refusal}");
        if refusal.is_not_found() && guard.has_ended(id) {
            // The test has ended it.
            Asked::Accepted
        } else if refusal.is_not_found() || !refusal.is_clear() {
            Asked::NotYet(why)
        } else {
            Asked::Refused(why)
        }
    }

    /// Returns whether an emulator has no such key any more, and so none of its grants.
    pub(super) async fn is_forgotten(&self, key: &str) -> bool {
        !self.is_aws && matches!(self.key(key).await, Ok(None))
    }

    /// Lists the grants of the keys until the accepted ends have arrived there.
    async fn prove(&self, mut open: Vec<Grant<'_>>, ends: &mut Ends) {
        for round in 1..=TRIES {
            let mut lists = BTreeMap::new();
            for (_, key) in &open {
                if !lists.contains_key(key) {
                    let list = self.grants_on(key).await;
                    lists.insert(*key, list.map_err(|error| error.to_string()));
                }
            }
            let shows =
                |id: &str, list: &[Value]| list.iter().any(|it| service::id(it) == Some(id));
            open.retain(|(id, key)| match lists.get(key) {
                Some(Ok(list)) => shows(id, list),
                _ => true,
            });
            let is_silent = round == SILENT && lists.values().all(Result::is_err);
            if round == TRIES || is_silent {
                for (id, key) in open {
                    match lists.get(key) {
                        Some(Err(error)) => ends.left.push(format!("{id} on {key} ({error})")),
                        _ => ends.notes.push(format!(
                            "the end of the grant {id} on {key} was accepted, but the list of its key still shows it"
                        )),
                    }
                }
                return;
            }
            if open.is_empty() {
                return;
            }
            tokio::time::sleep(self.pause()).await;
        }
    }
}
