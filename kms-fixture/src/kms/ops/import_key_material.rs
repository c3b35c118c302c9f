//! ImportKeyMaterial (`kms-facts.md` 12). Not for other accounts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::Cx;
use super::blob::Blob;
use super::import_parameters::ImportToken;
use crate::kms::clock::epoch_seconds;
use crate::kms::crypto::{self, Fault};
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::{Ids, hex};
use crate::kms::store::{Imported, Key, KeyIndex, Material, MaterialId};
use crate::model::KeyState;

const EXPIRES: &str = "KEY_MATERIAL_EXPIRES";
const NEW: &str = "NEW_KEY_MATERIAL";
const YEAR: f64 = 365.0 * 24.0 * 60.0 * 60.0;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    import_token: Blob,
    encrypted_key_material: Blob,
    valid_to: Option<f64>,
    expiration_model: Option<String>,
    import_type: Option<String>,
    key_material_description: Option<String>,
    key_material_id: Option<String>,
}

/// The response; only symmetric encryption keys show the material id (fact 12.45).
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    pub(super) key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key_material_id: Option<String>,
}

impl Output {
    pub(super) fn of(key: &Key, material: Option<&MaterialId>) -> Self {
        let shown = material.filter(|_| key.spec.is_symmetric_encryption());
        Self { key_id: key.arn.clone(), key_material_id: shown.map(|it| hex(it)) }
    }
}

pub(crate) fn import_key_material(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let index = cx.own_key_for_request("ImportKeyMaterial", &input.key_id, &|context| {
        // Neither condition key has a default (DG conditions-kms).
        if let Some(model) = &input.expiration_model {
            context.text("kms:ExpirationModel", model);
        }
        if let Some(valid_to) = input.valid_to {
            context.number("kms:ValidTo", valid_to.floor());
        }
    })?;
    let key = cx.store.keys.get(index);
    key.must_be_for_import()?;
    check_parameters(key, &input)?;
    let valid_to = expiry(&input, cx.now())?;
    // A disabled key accepts material (fact 12.59).
    key.must_not_be(&[
        KeyState::PendingDeletion,
        KeyState::PendingReplicaDeletion,
        KeyState::Unavailable,
        KeyState::Creating,
    ])?;
    let (secret, id) = match cx.stand_in {
        Some(name) => stand_in(&cx.store.ids, key, name)?,
        None => unwrap_material(cx, key, &input)?,
    };
    check_material_id(key, &input, &id)?;
    let output = Output::of(key, Some(&id));
    let imported =
        Imported { is_present: true, valid_to, description: input.key_material_description };
    store_material(cx, index, id, imported, secret);
    Ok(output)
}

fn unwrap_material(
    cx: &Cx<'_>,
    key: &Key,
    input: &Input,
) -> Result<(crypto::Material, MaterialId)> {
    let token = ImportToken::read(&cx.store.ids, key, &input.import_token, cx.now())?;
    let bytes = token.unwrap(&input.encrypted_key_material)?;
    let secret = crypto::Material::import(key.spec, &bytes).map_err(import_error)?;
    let id = material_id(&cx.store.ids, key, &secret, &bytes);
    Ok((secret, id))
}

/// Returns material that depends on the key and `name` only. All RSA keys of one spec share one.
fn stand_in(ids: &Ids, key: &Key, name: &str) -> Result<(crypto::Material, MaterialId)> {
    let mut draw = ids.named("stand-in", &format!("{}/{name}", key.id));
    let made = match crypto::Material::from_pool(key.spec, 0) {
        Some(pooled) => pooled,
        None => crypto::Material::derive(key.spec, &mut |bytes| draw.fill(bytes))
            .map_err(import_error)?,
    };
    let id = ids.seal("stand-in", &[key.id.as_bytes(), name.as_bytes()]);
    Ok((made, id))
}

fn import_error(fault: Fault) -> KmsError {
    match fault {
        Fault::Unsupported(why) => KmsError::not_supported(&why),
        Fault::Invalid | Fault::DigestLength => KmsError::wrong_import(),
    }
}

/// Returns the id of imported material. It depends on the key and the material, and is the same in every Region (fact
/// 12.46). For a key pair it does not depend on the encoding of the private key.
fn material_id(ids: &Ids, key: &Key, secret: &crypto::Material, bytes: &[u8]) -> MaterialId {
    let bytes = secret.pair().map_or(bytes, crypto::Pair::public_key);
    ids.seal("imported-material", &[key.id.as_bytes(), bytes])
}

fn check_parameters(key: &Key, input: &Input) -> Result<()> {
    if !key.spec.is_symmetric_encryption() {
        // Fact 12.67.
        for (parameter, is_given) in [
            ("importType", input.import_type.is_some()),
            ("keyMaterialId", input.key_material_id.is_some()),
            ("keyMaterialDescription", input.key_material_description.is_some()),
        ] {
            if is_given {
                return Err(KmsError::not_for_imported_keys(parameter, key.spec.as_str()));
            }
        }
    }
    let is_new = input.import_type.as_deref() == Some(NEW);
    let refusal = if is_new && key.is_replica() {
        // Fact 12.72.
        "Input parameter ImportType NEW_KEY_MATERIAL cannot be used on replica Multi-Region keys"
    } else if input.key_material_description.is_some() && key.is_replica() {
        // Fact 12.73.
        "Key material description can only be specified on primary Multi-Region keys"
    } else if is_new && input.key_material_id.is_some() {
        // Fact 12.51.
        "Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType."
    } else {
        return Ok(());
    };
    Err(KmsError::validation(refusal))
}

/// Returns when the material expires, to the second (facts 12.41 to 12.44).
fn expiry(input: &Input, now: SystemTime) -> Result<Option<SystemTime>> {
    let expires = input.expiration_model.as_deref().unwrap_or(EXPIRES) == EXPIRES;
    let refusal = match (expires, input.valid_to) {
        (false, None) => return Ok(None),
        (false, Some(_)) => {
            "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE"
        }
        (true, None) => "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES",
        (true, Some(at)) if at.floor() <= epoch_seconds(now) => "ValidTo must be in the future",
        (true, Some(at)) if at > epoch_seconds(now) + YEAR => {
            "ValidTo must be less than 365 days in the future"
        }
        (true, Some(at)) => {
            // The value is positive and at most a year from now.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let seconds = at.floor() as u64;
            return Ok(UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
        }
    };
    Err(KmsError::validation(refusal))
}

/// Checks that the request may import the material with this id.
fn check_material_id(key: &Key, input: &Input, id: &MaterialId) -> Result<()> {
    let Some(current) = key.materials.current() else {
        // Default for the first import: new material (fact 12.47).
        return match (&input.key_material_id, input.import_type.as_deref()) {
            (_, None | Some(NEW)) if input.key_material_id.is_none() => Ok(()),
            // No source shows which material AWS names as expected here: INVENTED(nothing-imported).
            (asked, _) => Err(KmsError::other_material(asked.as_deref().unwrap_or("null"))),
        };
    };
    if !key.spec.is_symmetric_encryption() {
        // These keys accept only the first material again (fact 12.69).
        return if current.id == *id {
            Ok(())
        } else {
            Err(KmsError::other_material(&hex(&current.id)))
        };
    }
    let is_known = key.materials.get(id).is_some();
    if input.import_type.as_deref() != Some(NEW) {
        return match &input.key_material_id {
            Some(asked) if !is_known || *asked != hex(id) => Err(KmsError::other_material(asked)),
            None if !is_known => Err(KmsError::other_material(&hex(&current.id))),
            _ => Ok(()),
        };
    }
    if is_known {
        return Err(KmsError::material_is_known(&hex(id), &key.arn));
    }
    match key.materials.pending() {
        Some(pending) => {
            Err(KmsError::other_material_pending(&hex(id), &key.arn, &hex(&pending.id)))
        }
        None => Ok(()),
    }
}

/// Stores the material in the current Region and registers its id in every Region of the key (fact 12.75).
fn store_material(
    cx: &mut Cx<'_>,
    index: KeyIndex,
    id: MaterialId,
    imported: Imported,
    secret: crypto::Material,
) {
    let key_id = cx.store.keys.get(index).id.clone();
    if cx.store.keys.get(index).materials.get(&id).is_none() {
        let missing = Imported { is_present: false, valid_to: None, description: None };
        let material = Material::new(id, Some(missing));
        // The cell is new and therefore empty.
        let _ = material.secret.set(secret);
        for (region, index, _) in cx.store.regions_of(&key_id) {
            let keys = cx.store.keys_in_mut(&region);
            keys.index_material(id, index);
            keys.get_mut(index).materials.stage(material.clone());
        }
    }
    if let Some(description) = imported.description {
        // Replicas show the primary's description (fact 12.71).
        cx.store.for_each_regional_key(&key_id, |key| {
            let known = key.materials.get_mut(&id);
            if let Some(known) = known.and_then(|it| it.imported.as_mut()) {
                known.description = Some(description.clone());
            }
        });
    }
    let key = cx.store.keys.get_mut(index);
    let known = key.materials.get_mut(&id);
    if let Some(known) = known.and_then(|it| it.imported.as_mut()) {
        known.is_present = true;
        known.valid_to = imported.valid_to;
    }
    // The import also enables a disabled key (fact 12.59).
    let waits = matches!(key.state, KeyState::PendingImport | KeyState::Disabled);
    if waits && key.materials.are_complete() {
        key.state = KeyState::Enabled;
    }
    cx.store.schedule_next(index);
}
