//! GetParametersForImport and import tokens (`kms-facts.md` 12). Not for other accounts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::Cx;
use super::blob::Blob;
use crate::kms::clock::epoch_seconds;
use crate::kms::crypto::WrappingKey;
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::{Ids, hex};
use crate::kms::store::Key;
use crate::model::{KeySpec, KeyState, Origin};

/// The time for which a token is valid (fact 12.38).
const LIFETIME: Duration = Duration::from_hours(24);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    wrapping_algorithm: String,
    wrapping_key_spec: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    key_id: String,
    import_token: Blob,
    public_key: Blob,
    parameters_valid_to: f64,
}

pub(crate) fn get_parameters_for_import(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let (algorithm, wrapping) = (&input.wrapping_algorithm, &input.wrapping_key_spec);
    let index = cx.own_key_for_request("GetParametersForImport", &input.key_id, &|context| {
        context.text("kms:WrappingAlgorithm", algorithm);
        context.text("kms:WrappingKeySpec", wrapping);
    })?;
    let key = cx.store.keys.get(index);
    key.must_be_for_import()?;
    key.must_not_be(&[
        KeyState::PendingDeletion,
        KeyState::PendingReplicaDeletion,
        KeyState::Unavailable,
        KeyState::Creating,
        KeyState::Updating,
    ])?;
    let fits = wrapping_fits(algorithm, wrapping, key.spec);
    let wrapping_key = fits.then(|| wrapping_key(wrapping)).flatten();
    let wrapping_key = wrapping_key
        .ok_or_else(|| KmsError::wrapping_does_not_fit(algorithm, wrapping, key.spec.as_str()))?;
    let expires = cx.now() + LIFETIME;
    let token = ImportToken {
        key: key.arn.clone(),
        algorithm: input.wrapping_algorithm,
        wrapping: input.wrapping_key_spec,
        expires,
    };
    Ok(Output {
        import_token: token.write(&mut cx.store.ids).into_bytes().into(),
        key_id: token.key,
        public_key: wrapping_key.public_key().to_vec().into(),
        parameters_valid_to: epoch_seconds(expires),
    })
}

/// Returns whether a wrapping algorithm and key fit the spec (facts 12.36, 12.37, 12.105; DG
/// importing-keys-get-public-key-and-token).
fn wrapping_fits(algorithm: &str, wrapping: &str, spec: KeySpec) -> bool {
    let encrypts = matches!(algorithm, "RSAES_OAEP_SHA_1" | "RSAES_OAEP_SHA_256");
    let wraps = algorithm.starts_with("RSA_AES_KEY_WRAP_");
    let fits = match spec {
        KeySpec::RSA_2048 | KeySpec::RSA_3072 | KeySpec::RSA_4096 => wraps,
        KeySpec::ECC_NIST_P521 => wraps || encrypts && wrapping != "RSA_2048",
        KeySpec::ECC_NIST_P256
        | KeySpec::ECC_NIST_P384
        | KeySpec::ECC_SECG_P256K1
        | KeySpec::ECC_NIST_EDWARDS25519 => wraps || encrypts,
        _ if spec.is_symmetric_encryption() || spec.is_hmac() => encrypts,
        _ => false,
    };
    fits && wrapping.starts_with("RSA_")
}

/// Returns the wrapping key of this spec. All fixtures share one for each spec; AWS does not promise that wrapping keys
/// are unique.
fn wrapping_key(spec: &str) -> Option<WrappingKey> {
    WrappingKey::from_pool(KeySpec::from_word(spec)?, 0)
}

/// The content of an import token.
pub(super) struct ImportToken {
    /// The ARN of the key to import into.
    key: String,
    algorithm: String,
    wrapping: String,
    expires: SystemTime,
}

impl ImportToken {
    /// Encodes the token as text, with a check value that only this fixture can create. Every token is unique.
    fn write(&self, ids: &mut Ids) -> String {
        let since = self.expires.duration_since(UNIX_EPOCH).unwrap_or_default();
        let serial = hex(&ids.next("import-token").bytes::<16>());
        let text = format!(
            "{}|{}|{}|{}|{serial}",
            self.key,
            self.algorithm,
            self.wrapping,
            since.as_millis()
        );
        let seal = hex(&ids.seal("import-token", &[text.as_bytes()]));
        format!("{text}|{seal}")
    }

    /// Decodes a token and checks that it is for `key` and has not expired.
    pub(super) fn read(ids: &Ids, key: &Key, token: &[u8], now: SystemTime) -> Result<Self> {
        let token = Self::parse(ids, token).filter(|it| it.key == key.arn);
        let token = token.ok_or_else(KmsError::invalid_import_token)?;
        if token.expires <= now {
            return Err(KmsError::expired_import_token());
        }
        Ok(token)
    }

    fn parse(ids: &Ids, bytes: &[u8]) -> Option<Self> {
        let (text, seal) = std::str::from_utf8(bytes).ok()?.rsplit_once('|')?;
        if seal != hex(&ids.seal("import-token", &[text.as_bytes()])) {
            return None;
        }
        let mut parts = text.split('|');
        let mut part = || parts.next().map(str::to_owned);
        Some(Self {
            key: part()?,
            algorithm: part()?,
            wrapping: part()?,
            expires: UNIX_EPOCH.checked_add(Duration::from_millis(part()?.parse().ok()?))?,
        })
    }

    /// Unwraps material with the wrapping key and algorithm of this token.
    pub(super) fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>> {
        wrapping_key(&self.wrapping)
            .and_then(|it| it.unwrap(&self.algorithm, wrapped).ok())
            .ok_or_else(KmsError::wrong_import)
    }
}

impl Key {
    /// Rejects a key whose origin is not `EXTERNAL` (facts 12.30, 12.35).
    pub(super) fn must_be_for_import(&self) -> Result<()> {
        if self.origin == Origin::EXTERNAL {
            return Ok(());
        }
        Err(KmsError::origin_not_valid(&self.arn, self.origin.as_str()))
    }
}
