//! The material of a key: what it was made or imported with, and what rotations have put in its place (API reference,
//! RotateKeyOnDemand, ImportKeyMaterial, ListKeyRotations).

use std::cmp::Ordering;
use std::time::SystemTime;

#[cfg(feature = "crypto")]
use std::sync::{Arc, OnceLock};

/// A material's id: 32 bytes, 64 hex digits on the wire.
pub(crate) type MaterialId = [u8; 32];

/// One material of a key.
#[derive(Clone, Debug)]
pub(crate) struct Material {
    pub(crate) id: MaterialId,
    /// Where it was imported; otherwise KMS has made it.
    pub(crate) imported: Option<Imported>,
    /// The rotation that made it the current one; the first material has none.
    pub(crate) rotated: Option<Rotated>,
    /// Which of the RSA keys that the crate brings along it is.
    #[cfg(feature = "crypto")]
    pub(crate) pooled: Option<usize>,
    /// The secret itself, once it is needed. Replicas of a key share it.
    #[cfg(feature = "crypto")]
    pub(crate) secret: Arc<OnceLock<crate::kms::crypto::Material>>,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Whether it is still there: it may have been deleted, or have expired.
    pub(crate) is_present: bool,
    /// When it expires, if it does.
    pub(crate) valid_to: Option<SystemTime>,
    pub(crate) description: Option<String>,
}

impl Imported {
    /// Whether lists say that it is there: they go on to say so of what has expired (recorded).
    pub(crate) fn is_listed(&self) -> bool {
        self.is_present || self.valid_to.is_some()
    }

    /// Deletes it; that there was one is not forgotten.
    pub(crate) fn delete(&mut self) {
        self.is_present = false;
        self.valid_to = None;
    }
}

/// What a material of a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaterialState {
    NonCurrent,
    Current,
    /// It waits for its rotation.
    PendingRotation,
}

/// A rotation that is complete.
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

    /// Whether it can be used.
    pub(crate) fn is_present(&self) -> bool {
        self.imported.as_ref().is_none_or(|it| it.is_present)
    }
}

/// All materials that a key has had, the oldest first, and perhaps one that waits for its rotation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Materials {
    known: Vec<Material>,
    current: usize,
}

impl Materials {
    /// A key with this first material.
    pub(crate) fn of(first: Material) -> Self {
        Self { known: vec![first], current: 0 }
    }

    pub(crate) fn current(&self) -> Option<&Material> {
        self.known.get(self.current)
    }

    /// What waits for its rotation.
    pub(crate) fn pending(&self) -> Option<&Material> {
        self.known.get(self.current + 1)
    }

    pub(crate) fn get(&self, id: &MaterialId) -> Option<&Material> {
        self.known.iter().find(|it| it.id == *id)
    }

    pub(crate) fn get_mut(&mut self, id: &MaterialId) -> Option<&mut Material> {
        self.known.iter_mut().find(|it| it.id == *id)
    }

    /// Every material, the oldest first; the one that waits for its rotation is the last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Material> {
        self.known.iter()
    }

    /// The same with what each is for.
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

    /// What is current or has been: all but what waits for its rotation.
    fn used(&self) -> impl Iterator<Item = &Material> {
        self.known.iter().take(self.current + 1)
    }

    /// Whether the key can be used: nothing that has been current is missing (recorded: the loss of an old material
    /// stops the whole key).
    pub(crate) fn are_complete(&self) -> bool {
        !self.known.is_empty() && self.used().all(Material::is_present)
    }

    /// When the first of those that the key needs expires, if one does.
    pub(crate) fn expires(&self) -> Option<SystemTime> {
        let dates = self.used().filter_map(|it| it.imported.as_ref()?.valid_to);
        dates.min()
    }

    /// Adds a material: the first one is current, a later one waits.
    pub(crate) fn stage(&mut self, material: Material) {
        self.known.truncate(self.current + 1);
        self.known.push(material);
    }

    /// Forgets what waits for its rotation.
    pub(crate) fn unstage(&mut self) {
        self.known.truncate(self.current + 1);
    }

    /// Makes what waits the current material.
    pub(crate) fn rotate(&mut self, rotated: Rotated) {
        if let Some(next) = self.known.get_mut(self.current + 1) {
            next.rotated = Some(rotated);
            self.current += 1;
        }
    }

    /// Rotations that were asked for, so far.
    pub(crate) fn rotations_on_demand(&self) -> usize {
        let rotated = self.known.iter().filter_map(|it| it.rotated);
        rotated.filter(|it| it.on_demand).count()
    }
}
