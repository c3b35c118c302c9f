//! The secrets of keys, generated when first needed.

use std::sync::Arc;

use super::crypto_error;
use crate::kms::crypto::Material;
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::hex;
use crate::kms::ops::Cx;
use crate::kms::store::{Key, KeyIndex, MaterialId};

impl Cx<'_> {
    /// Returns the id and the secret of a key's current material.
    pub(super) fn current_secret(&mut self, index: KeyIndex) -> Result<(MaterialId, Material)> {
        let key = self.store.keys.get(index);
        let id = key.materials.current().map(|it| it.id);
        let id = id.ok_or_else(|| no_material(key))?;
        Ok((id, self.secret(index, &id)?))
    }

    /// Returns the secret of one of a key's materials.
    pub(super) fn secret(&mut self, index: KeyIndex, id: &MaterialId) -> Result<Material> {
        let key = self.store.keys.get(index);
        let material = key.materials.get(id).filter(|it| it.is_present());
        let material = material.ok_or_else(|| no_material(key))?;
        let cell = Arc::clone(&material.secret);
        if let Some(known) = cell.get() {
            return Ok(known.clone());
        }
        let spec = key.spec;
        let pooled = material.pooled.and_then(|it| Material::from_pool(spec, it));
        let made = if let Some(pooled) = pooled {
            pooled
        } else {
            let mut draw = self.store.ids.named("key-secret", &hex(id));
            let made = Material::derive(spec, &mut |bytes| draw.fill(bytes));
            made.map_err(|it| crypto_error(it, || KmsError::not_supported(spec.as_str())))?
        };
        Ok(cell.get_or_init(|| made).clone())
    }
}

fn no_material(key: &Key) -> KmsError {
    KmsError::invalid_state(&key.arn, "pending import")
}
