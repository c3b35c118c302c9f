//! Cryptographic operations: what a grant can allow (`kms-facts.md` 3.6, 8 and 13).
//!
//! The order is that which was recorded: find, authorize, usage, state, algorithm, message, cryptography, DryRun.

pub(crate) mod data_key;
pub(crate) mod data_key_pair;
pub(crate) mod decrypt;
pub(crate) mod encapsulate;
pub(crate) mod encrypt;
pub(crate) mod get_public_key;
pub(crate) mod mac;
pub(crate) mod random;
pub(crate) mod re_encrypt;
pub(crate) mod shared_secret;
pub(crate) mod sign;

mod ciphertext;
mod secret;

use serde_json::Value;

use crate::kms::crypto::Fault;
use crate::kms::error::{KmsError, Result};
use crate::kms::store::Key;
use crate::model::{KeyState, KeyUsage};

/// The algorithm of symmetric keys, and of requests that name none.
const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";

impl Key {
    /// Row 46: the key is for something else.
    fn must_be_for(&self, usage: KeyUsage, operation: &str) -> Result<()> {
        if self.usage == usage {
            return Ok(());
        }
        Err(KmsError::wrong_usage(&self.arn, self.usage.as_str(), operation))
    }

    /// The states in which a key can be used.
    fn must_be_usable(&self) -> Result<()> {
        self.must_be(&[KeyState::Enabled, KeyState::Updating])
    }

    /// Row 47: the algorithm is another kind of key's.
    fn must_support(&self, algorithm: &str) -> Result<()> {
        if self.spec.algorithms(self.usage).1.contains(&algorithm) {
            return Ok(());
        }
        Err(KmsError::wrong_algorithm(algorithm, self.spec.as_str()))
    }
}

/// What cannot be done here is said, never faked; `invalid` is what everything else means.
fn crypto_error(fault: Fault, invalid: impl FnOnce() -> KmsError) -> KmsError {
    match fault {
        Fault::Unsupported(what) => KmsError::not_supported(&what),
        Fault::Invalid | Fault::DigestLength => invalid(),
    }
}

/// Attestation documents of enclaves are not understood, so nothing is encrypted for them.
fn refuse_recipient(recipient: Option<&Value>) -> Result<()> {
    match recipient {
        Some(_) => Err(KmsError::not_supported(
            "`Recipient`: attestation documents of Nitro Enclaves and NitroTPM",
        )),
        None => Ok(()),
    }
}

/// DryRun, when everything else has succeeded (recorded: also after the cryptography).
fn stop_dry_run(dry_run: Option<bool>) -> Result<()> {
    if dry_run == Some(true) {
        return Err(KmsError::dry_run());
    }
    Ok(())
}
