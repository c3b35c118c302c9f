//! What a key's state forbids (`kms-facts.md` 6).

use crate::kms::error::{KmsError, Result};
use crate::kms::store::Key;
use crate::model::KeyState;

impl Key {
    /// The refusal that the state stands for: notes 1, 3, 5, 11, 14 and 15 of section 6, in the words that were recorded
    /// (stackd has those for replicas).
    fn refusal(&self) -> KmsError {
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

    /// Refuses unless the key is in one of `states`.
    pub(super) fn must_be(&self, states: &[KeyState]) -> Result<()> {
        if states.contains(&self.state) { Ok(()) } else { Err(self.refusal()) }
    }

    /// Refuses if the key is in one of `states`.
    pub(super) fn must_not_be(&self, states: &[KeyState]) -> Result<()> {
        if states.contains(&self.state) { Err(self.refusal()) } else { Ok(()) }
    }
}
