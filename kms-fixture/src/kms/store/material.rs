//! Key material: generated or imported, and replaced by rotations (API reference, RotateKeyOnDemand, ImportKeyMaterial,
//! ListKeyRotations).

use std::cmp::Ordering;
use std::time::SystemTime;

#[cfg(feature = "crypto")]
use std::sync::{Arc, OnceLock};

/// The id of a material: 32 bytes, 64 hex digits on the wire.
pub(crate) type MaterialId = [u8; 32];

/// One material of a key.
#[derive(Clone, Debug)]
pub(crate) struct Material {
    pub(crate) id: MaterialId,
    /// The import; `None` if KMS generated the material.
    pub(crate) imported: Option<Imported>,
    /// The rotation that made the material current; `None` for the first one.
    pub(crate) rotated: Option<Rotated>,
    /// The index of an RSA key in the pool that ships with the crate.
    #[cfg(feature = "crypto")]
    pub(crate) pooled: Option<usize>,
    /// The secret, set when first needed. The replicas of a key share it.
    #[cfg(feature = "crypto")]
    pub(crate) secret: Arc<OnceLock<crate::kms::crypto::Material>>,
}

/// The import of a material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Whether the material has neither been deleted nor expired.
    pub(crate) is_present: bool,
    /// When the material expires. Default: never.
    pub(crate) valid_to: Option<SystemTime>,
    pub(crate) description: Option<String>,
}

impl Imported {
    /// Returns whether lists show the material as imported; they do so even after its expiry (recorded).
    pub(crate) fn is_listed(&self) -> bool {
        self.is_present || self.valid_to.is_some()
    }

    /// Deletes the material; its id and description remain.
    pub(crate) fn delete(&mut self) {
        self.is_present = false;
        self.valid_to = None;
    }
}

/// The state of a material within its key, as `KeyMaterialState` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaterialState {
    NonCurrent,
    Current,
    PendingRotation,
}

/// A completed rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rotated {
    pub(crate) at: SystemTime,
    pub(crate) on_demand: bool,
}

impl Material {
    pub(crate) fn new(id: MaterialId, imported: Option<Imported>) -> Self {
        Self {
            id,
            imported,
            rotated: None,
            #[cfg(feature = "crypto")]
            pooled: None,
            #[cfg(feature = "crypto")]
            secret: Arc::default(),
        }
    }

    /// Returns whether the material can be used.
    pub(crate) fn is_present(&self) -> bool {
        self.imported.as_ref().is_none_or(|it| it.is_present)
    }
}

/// All materials of a key: past ones, the current one, and possibly one that is pending rotation; oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Materials {
    known: Vec<Material>,
    current: usize,
}

impl Materials {
    /// Creates the materials of a new key.
    pub(crate) fn of(first: Material) -> Self {
        Self { known: vec![first], current: 0 }
    }

    pub(crate) fn current(&self) -> Option<&Material> {
        self.known.get(self.current)
    }

    /// Returns the material that is pending rotation.
    pub(crate) fn pending(&self) -> Option<&Material> {
        self.known.get(self.current + 1)
    }

    pub(crate) fn get(&self, id: &MaterialId) -> Option<&Material> {
        self.known.iter().find(|it| it.id == *id)
    }

    pub(crate) fn get_mut(&mut self, id: &MaterialId) -> Option<&mut Material> {
        self.known.iter_mut().find(|it| it.id == *id)
    }

    /// Returns all materials, oldest first; one that is pending rotation is the last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Material> {
        self.known.iter()
    }

    /// Returns all materials with their states, oldest first.
    pub(crate) fn with_states(&self) -> impl Iterator<Item = (MaterialState, &Material)> {
        let state = |at: usize| match at.cmp(&self.current) {
            Ordering::Less => MaterialState::NonCurrent,
            Ordering::Equal => MaterialState::Current,
            Ordering::Greater => MaterialState::PendingRotation,
        };
        let known = self.known.iter().enumerate();
        known.map(move |(at, it)| (state(at), it))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Material> {
        self.known.iter_mut()
    }

    /// Returns the current material and all past ones.
    fn used(&self) -> impl Iterator<Item = &Material> {
        self.known.iter().take(self.current + 1)
    }

    /// Returns whether the key can be used: no current or past material is missing. Recorded: a missing past material
    /// makes the whole key unusable.
    pub(crate) fn are_complete(&self) -> bool {
        !self.known.is_empty() && self.used().all(Material::is_present)
    }

    /// Returns the earliest expiry of the current and past materials.
    pub(crate) fn expires(&self) -> Option<SystemTime> {
        let dates = self.used().filter_map(|it| it.imported.as_ref()?.valid_to);
        dates.min()
    }

    /// Adds a material. The first one is current, others are pending rotation and replace each other.
    pub(crate) fn stage(&mut self, material: Material) {
        self.known.truncate(self.current + 1);
        self.known.push(material);
    }

    /// Removes the material that is pending rotation.
    pub(crate) fn unstage(&mut self) {
        self.known.truncate(self.current + 1);
    }

    /// Makes the pending material the current one.
    pub(crate) fn rotate(&mut self, rotated: Rotated) {
        if let Some(next) = self.known.get_mut(self.current + 1) {
            next.rotated = Some(rotated);
            self.current += 1;
        }
    }

    /// Returns the number of on-demand rotations so far.
    pub(crate) fn rotations_on_demand(&self) -> usize {
        let rotated = self.known.iter().filter_map(|it| it.rotated);
        rotated.filter(|it| it.on_demand).count()
    }
}
