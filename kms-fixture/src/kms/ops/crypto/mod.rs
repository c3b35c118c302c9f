//! The cryptographic operations (`kms-facts.md` 3.6, 8 and 13).
//!
//! They have the recorded order: find, authorize, usage, state, algorithm, message, cryptography, DryRun.

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

pub(super) use ciphertext::material_of;

/// The algorithm of symmetric keys, and the default of requests.
const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";

impl Key {
    /// Rejects a key with another usage (row 46).
    fn must_be_for(&self, usage: KeyUsage, operation: &str) -> Result<()> {
        if self.usage == usage {
            return Ok(());
        }
        Err(KmsError::wrong_usage(&self.arn, self.usage.as_str(), operation))
    }

    /// Rejects a key whose state does not allow its use.
    fn must_be_usable(&self) -> Result<()> {
        self.must_be(&[KeyState::Enabled, KeyState::Updating])
    }

    /// Rejects an algorithm that the key does not support (row 47).
    fn must_support(&self, algorithm: &str) -> Result<()> {
        if self.spec.algorithms(self.usage).1.contains(&algorithm) {
            return Ok(());
        }
        Err(KmsError::wrong_algorithm(algorithm, self.spec.as_str()))
    }
}

/// Converts a fault of the cryptography. Unsupported features are reported as such; other faults mean `invalid`.
fn crypto_error(fault: Fault, invalid: impl FnOnce() -> KmsError) -> KmsError {
    match fault {
        Fault::Unsupported(what) => KmsError::not_supported(&what),
        Fault::Invalid | Fault::DigestLength => invalid(),
    }
}

/// Rejects `Recipient`: the fake does not read attestation documents.
fn refuse_recipient(recipient: Option<&Value>) -> Result<()> {
    match recipient {
        Some(_) => Err(KmsError::not_supported(
            "`Recipient`: attestation documents of Nitro Enclaves and NitroTPM",
        )),
        None => Ok(()),
    }
}

/// Returns DryRunOperationException for a dry run; called when everything else, including the cryptography, has
/// succeeded (recorded).
fn stop_dry_run(dry_run: Option<bool>) -> Result<()> {
    if dry_run == Some(true) {
        return Err(KmsError::dry_run());
    }
    Ok(())
}
