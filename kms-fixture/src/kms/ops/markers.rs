//! Pagination markers: opaque texts that are bound to one query of one fixture.
//!
//! A marker holds the last position of its page, not a count, so that a grant deleted between two pages neither hides
//! nor repeats others. AWS's current form is not known (fact 2.8, section 10.8): this form is INVENTED(markers).

use crate::kms::error::{KmsError, Result};
use crate::kms::store::Store;

const SEAL: usize = 16;

/// Returns the marker of `query` for the page after `position`.
pub(super) fn write(store: &Store, query: &[&str], position: &[u8]) -> String {
    let mut bytes = seal(store, query, position).to_vec();
    bytes.extend(position);
    base64::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// Returns the position in `marker`; rejects a marker of another query or fixture.
pub(super) fn read(store: &Store, query: &[&str], marker: Option<&str>) -> Result<Option<Vec<u8>>> {
    let Some(marker) = marker else {
        return Ok(None);
    };
    let bytes =
        base64::URL_SAFE_NO_PAD.decode_to_vec(marker).map_err(|_| KmsError::invalid_marker())?;
    let Some((sealed, position)) = bytes.split_at_checked(SEAL) else {
        return Err(KmsError::invalid_marker());
    };
    if sealed != seal(store, query, position) {
        return Err(KmsError::invalid_marker());
    }
    Ok(Some(position.to_vec()))
}

/// Returns the position in `marker` as text; empty without a marker.
pub(super) fn read_text(store: &Store, query: &[&str], marker: Option<&str>) -> Result<String> {
    match read(store, query, marker)? {
        Some(bytes) => String::from_utf8(bytes).map_err(|_| KmsError::invalid_marker()),
        None => Ok(String::new()),
    }
}

/// Truncates `entries` to one page and returns the marker of the next one. `entries` contains one entry more than the
/// page if there is a next page.
pub(super) fn cut<T>(
    store: &Store,
    query: &[&str],
    entries: &mut Vec<T>,
    limit: usize,
    position: impl Fn(&T) -> String,
) -> Option<String> {
    if entries.len() <= limit {
        return None;
    }
    entries.truncate(limit);
    let last = entries.last()?;
    Some(write(store, query, position(last).as_bytes()))
}

fn seal(store: &Store, query: &[&str], position: &[u8]) -> [u8; SEAL] {
    let mut parts: Vec<&[u8]> = query.iter().map(|it| it.as_bytes()).collect();
    // A position is valid in one Region only.
    parts.extend([store.region.as_bytes(), position]);
    let sealed = store.ids.seal("marker", &parts);
    let mut short = [0; SEAL];
    short.copy_from_slice(&sealed[..SEAL]);
    short
}
