//! DeleteImportedKeyMaterial (`kms-facts.md` 12). Not for other accounts.

use serde::Deserialize;

use super::Cx;
use super::import_key_material::Output;
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::from_hex;
use crate::kms::store::{Key, MaterialId};
use crate::model::KeyState;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    key_material_id: Option<String>,
}

pub(crate) fn delete_imported_key_material(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let index = cx.own_key_for("DeleteImportedKeyMaterial", &input.key_id)?;
    let key = cx.store.keys.get(index);
    key.must_be_for_import()?;
    let target = target(key, input.key_material_id.as_deref())?;
    // A key that is pending deletion stays in that state (DG key-state, note 9).
    key.must_not_be(&[KeyState::Creating, KeyState::Updating])?;
    let output = Output::of(key, target.as_ref());
    // Before the first import, the call succeeds without effect (fact 12.33).
    let Some(id) = target else {
        return Ok(output);
    };
    let is_next = key.materials.pending().is_some_and(|it| it.id == id);
    if is_next && !key.is_replica() {
        // The pending material is removed in every Region (facts 12.54, 12.77).
        let key_id = key.id.clone();
        cx.store.for_each_regional_key(&key_id, |key| key.materials.unstage());
        return Ok(output);
    }
    let key = cx.store.keys.get_mut(index);
    let known = key.materials.get_mut(&id);
    if let Some(imported) = known.and_then(|it| it.imported.as_mut()) {
        imported.delete();
    }
    key.await_missing_material();
    Ok(output)
}

/// Returns the material to delete. Default: the current one (fact 12.57).
fn target(key: &Key, asked: Option<&str>) -> Result<Option<MaterialId>> {
    let Some(asked) = asked else {
        return Ok(key.materials.current().map(|it| it.id));
    };
    if !key.spec.is_symmetric_encryption() {
        // Recorded for ImportKeyMaterial (fact 12.67).
        let spec = key.spec.as_str();
        return Err(KmsError::not_for_imported_keys("keyMaterialId", spec));
    }
    let known = from_hex(asked).filter(|it| key.materials.get(it).is_some());
    match known {
        Some(id) => Ok(Some(id)),
        None => Err(KmsError::never_imported(asked, &key.arn)),
    }
}
