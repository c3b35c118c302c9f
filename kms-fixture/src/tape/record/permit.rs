//! The guard at work: before a call is sent, the live service shows what the call would change.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::guard::{Permit, foreign};
use super::keys::{Keys, Resolved};
use super::service::Service;
use super::state::State;

impl Service {
    /// Returns the keys that a call is going to change.
    ///
    /// # Errors
    ///
    /// Why it must not be sent.
    pub(super) async fn permit(
        &self,
        state: &Mutex<State>,
        operation: &str,
        input: &Value,
    ) -> Result<Resolved, String> {
        let mut resolved = Resolved::new();
        if self.is_aws {
            for name in Keys::names(operation, input) {
                let key = self.key(name).await.map_err(|error| {
                    format!("{operation} was not sent: the key that it changes is unknown: {error}")
                })?;
                resolved.insert(name.to_owned(), key);
            }
        }
        let permit = {
            let guard = &state.lock().unwrap_or_else(PoisonError::into_inner).guard;
            match guard.keys.refuses(operation, input, &resolved) {
                Some(why) => Permit::No(why),
                None => guard.permits(operation, input),
            }
        };
        match permit {
            Permit::Yes => Ok(resolved),
            Permit::No(why) => Err(why),
            Permit::UnlessListed { key, id } => match self.shows(&key, &id).await {
                Ok(false) => Ok(resolved),
                Ok(true) => Err(foreign(operation, "GrantId")),
                Err(error) => Err(format!(
                    "{operation} was not sent: the grant of this `GrantId` may not be of this recording: {error}"
                )),
            },
        }
    }
}

#[cfg(test)]
mod tests;
