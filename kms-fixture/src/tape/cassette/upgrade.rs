//! Versions of the format: older ones are upgraded on reading, newer ones are refused.

use serde_json::{Value, json};

/// The version that this library writes.
///
/// 1: drafts before the first release, with `origin` as a text.
/// 2: `origin` is an object; a recording that is not good has a `verdict`, an accepted cassette has none.
pub(crate) const VERSION: u64 = 2;

/// Upgrades a cassette of the older `version` to `VERSION`.
pub(super) fn upgrade(mut cassette: Value, version: u64) -> Value {
    if version < 2
        && let Some(members) = cassette.as_object_mut()
    {
        let origin = members.get("origin").and_then(Value::as_str).unwrap_or_default();
        let (kind, name) = origin.split_once(':').unwrap_or((origin, ""));
        let mut object = json!({ "kind": kind.trim() });
        if !name.trim().is_empty() {
            object["name"] = name.trim().into();
        }
        members.insert("origin".to_owned(), object);
    }
    cassette["version"] = VERSION.into();
    cassette
}
