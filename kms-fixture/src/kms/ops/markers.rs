//! Markers: opaque, bound to the query that they continue, refused when they are not ours.
//!
//! A marker holds the last position of its page, not a count, so that grants deleted meanwhile neither hide nor
//! repeat others. How AWS makes its markers today is not known (fact 2.8, section 10.8): the form is INVENTED(markers).

use crate::kms::error::{KmsError, Result};
use crate::kms::store::Store;

const SEAL: usize = 16;

/// The marker behind `position` of the query that `query` describes.
pub(super) fn write(store: &Store, query: &[&str], position: &[u8]) -> String {
    let mut bytes = seal(store, query, position).to_vec();
    bytes.extend(position);
    base64::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// The position that `marker` holds.
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

/// The same for a position that is text.
pub(super) fn read_text(store: &Store, query: &[&str], marker: Option<&str>) -> Result<String> {
    match read(store, query, marker)? {
        Some(bytes) => String::from_utf8(bytes).map_err(|_| KmsError::invalid_marker()),
        None => Ok(String::new()),
    }
}

/// Cuts `entries`, of which one too many was asked for, down to a page; gives the marker behind it if there is more.
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
    // A position means something in one Region only.
    parts.extend([store.region.as_bytes(), position]);
    let sealed = store.ids.seal("marker", &parts);
    let mut short = [0; SEAL];
    short.copy_from_slice(&sealed[..SEAL]);
    short
}
