//! The operations that a key state rejects (`kms-facts.md` 6).

use crate::kms::error::{KmsError, Result};
use crate::kms::store::Key;
use crate::model::KeyState;

impl Key {
    /// Returns the error for the key's state: notes 1, 3, 5, 11, 14 and 15 of section 6, with recorded messages (those
    /// for replicas come from stackd).
    fn state_error(&self) -> KmsError {
        let words = match self.state {
            KeyState::Enabled | KeyState::Disabled => return KmsError::disabled(&self.arn),
            KeyState::PendingDeletion => "pending deletion",
            KeyState::PendingReplicaDeletion => "pending replica deletion",
            KeyState::PendingImport => "pending import",
            KeyState::Unavailable => "unavailable",
            KeyState::Creating => "creating",
            KeyState::Updating => "updating",
        };
        KmsError::invalid_state(&self.arn, words)
    }

    /// Rejects the request unless the key is in one of `states`.
    pub(super) fn must_be(&self, states: &[KeyState]) -> Result<()> {
        if states.contains(&self.state) { Ok(()) } else { Err(self.state_error()) }
    }

    /// Rejects the request if the key is in one of `states`.
    pub(super) fn must_not_be(&self, states: &[KeyState]) -> Result<()> {
        if states.contains(&self.state) { Err(self.state_error()) } else { Ok(()) }
    }
}
