//! ListKeyRotations (`kms-facts.md` 12). Not for other accounts.

use serde::{Deserialize, Serialize};

use super::describe_key::expiration_model;
use super::{Cx, markers};
use crate::kms::clock::epoch_seconds;
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::hex;
use crate::kms::store::{Imported, Key, Material, MaterialState};

const DEFAULT_LIMIT: usize = 100;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    include_key_material: Option<String>,
    limit: Option<usize>,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    rotations: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

/// An entry of `Rotations`, with its members in the order of fact 12.66.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_id: String,
    key_material_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    import_state: Option<&'static str>,
    key_material_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_model: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_date: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_type: Option<&'static str>,
    /// The position among all materials of the key.
    #[serde(skip)]
    position: usize,
}

impl Entry {
    fn of(
        key: &Key,
        position: usize,
        state: MaterialState,
        material: &Material,
        waits: bool,
    ) -> Self {
        let imported = material.imported.as_ref();
        let listed = imported.filter(|it| it.is_listed());
        let expires = listed.and_then(|it| it.valid_to);
        Self {
            key_id: key.arn.clone(),
            key_material_id: hex(&material.id),
            key_material_description: imported.and_then(|it| it.description.clone()),
            import_state: imported.map(import_state),
            key_material_state: match state {
                MaterialState::NonCurrent => "NON_CURRENT",
                MaterialState::Current => "CURRENT",
                MaterialState::PendingRotation if waits => {
                    "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"
                }
                MaterialState::PendingRotation => "PENDING_ROTATION",
            },
            expiration_model: listed.map(|_| expiration_model(expires)),
            valid_to: expires.map(|it| epoch_seconds(it).floor()),
            rotation_date: material.rotated.map(|it| epoch_seconds(it.at)),
            rotation_type: material
                .rotated
                .map(|it| if it.on_demand { "ON_DEMAND" } else { "AUTOMATIC" }),
            position,
        }
    }
}

fn import_state(imported: &Imported) -> &'static str {
    if imported.is_listed() { "IMPORTED" } else { "PENDING_IMPORT" }
}

pub(crate) fn list_key_rotations(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    const OPERATION: &str = "ListKeyRotations";
    let index = cx.own_key_for(OPERATION, &input.key_id)?;
    let key = cx.store.keys.get(index);
    key.must_not_be_in_custom_key_store()?;
    let is_symmetric = key.spec.is_symmetric_encryption();
    // Fact 12.68, recorded for imported keys.
    if input.include_key_material.is_some() && !is_symmetric {
        return Err(KmsError::list_needs_symmetric_key());
    }
    let all = input.include_key_material.as_deref() == Some("ALL_KEY_MATERIAL");
    let kind = if all { "all" } else { "rotations" };
    let query = [OPERATION, key.arn.as_str(), kind];
    let marker = markers::read_text(cx.store, &query, input.marker.as_deref())?;
    let first: usize = match marker.as_str() {
        "" => 0,
        last => 1 + last.parse::<usize>().map_err(|_| KmsError::invalid_marker())?,
    };
    let limit = input.limit.unwrap_or(DEFAULT_LIMIT);
    let waits = !cx.store.pending_is_in_every_region(&key.id);
    // Oldest first (fact 12.14).
    let known = key.materials.with_states().enumerate().skip(first);
    let mut rotations: Vec<_> = known
        .filter(|(_, (_, it))| is_symmetric && (all || it.rotated.is_some()))
        .take(limit + 1)
        .map(|(at, (state, it))| Entry::of(key, at, state, it, waits))
        .collect();
    let next_marker =
        markers::cut(cx.store, &query, &mut rotations, limit, |it| it.position.to_string());
    Ok(Output { rotations, truncated: next_marker.is_some(), next_marker })
}
