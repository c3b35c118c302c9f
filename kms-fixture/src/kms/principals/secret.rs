//! The secret half of credentials, and the signing keys that follow from it.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};
#[cfg(feature = "crypto")]
use std::sync::{Mutex, PoisonError};

#[cfg(feature = "crypto")]
use crate::kms::crypto::SigningKey;

/// The secret half of credentials, drawn when it is first asked for: most callers make no call.
#[derive(Clone)]
pub(crate) struct Secrets(Arc<LazyLock<Drawn, Box<dyn FnOnce() -> Drawn + Send>>>);

/// A secret access key and a session token.
pub(crate) struct Drawn {
    pub(crate) access_key: Secret,
    /// Only sessions and federated users have one.
    pub(crate) session_token: Option<String>,
}

impl Secrets {
    pub(crate) fn new(draw: impl FnOnce() -> Drawn + Send + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(draw))))
    }
}

impl Deref for Secrets {
    type Target = Drawn;

    fn deref(&self) -> &Drawn {
        &self.0
    }
}

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

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}
