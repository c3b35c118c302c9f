//! A secret access key, and the signing keys that follow from it.

use std::fmt;
#[cfg(feature = "crypto")]
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(feature = "crypto")]
use crate::kms::crypto::SigningKey;

/// A secret access key. It never changes, so the keys that are kept with it are never those of another secret.
pub(crate) struct Secret {
    text: String,
    /// The last signing keys, with their credential scopes, the latest one last.
    #[cfg(feature = "crypto")]
    kept: Mutex<Vec<(String, Arc<SigningKey>)>>,
}

/// The number of kept keys: today's and yesterday's for a few Regions.
#[cfg(feature = "crypto")]
const KEPT: usize = 4;

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self {
            text,
            #[cfg(feature = "crypto")]
            kept: Mutex::default(),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the signing key for a credential scope, which is derived when it is first asked for.
    #[cfg(feature = "crypto")]
    pub(crate) fn signing_key(&self, scope: &str) -> Arc<SigningKey> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = kept.iter().find(|(of, _)| of == scope) {
            return Arc::clone(key);
        }
        if kept.len() == KEPT {
            kept.remove(0);
        }
        let key = Arc::new(SigningKey::derive(&self.text, scope));
        kept.push((scope.to_owned(), Arc::clone(&key)));
        key
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
