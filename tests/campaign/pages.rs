//! Pages of grants that only lists show.

use serde_json::{Value, json};

/// The beginning of the markers of pages that are not the fake's.
pub(crate) const MARKER: &str = "b3RoZXJz";

pub(crate) fn marker(at: usize) -> String {
    format!("{MARKER}{at}")
}

/// Returns a page of one grant.
pub(crate) fn page(grants: &[Value], at: usize) -> Value {
    let mut page = json!({"Grants": grants.get(at..=at).unwrap_or_default(), "Truncated": false});
    if at + 1 < grants.len() {
        page["Truncated"] = true.into();
        page["NextMarker"] = marker(at + 1).into();
    }
    page
}

/// Returns the id of a key, which may be named by its ARN.
pub(crate) fn key_id(key: &str) -> &str {
    key.rsplit_once(":key/").map_or(key, |(_, id)| id)
}
