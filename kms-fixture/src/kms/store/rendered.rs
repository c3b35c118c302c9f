//! The JSON of grants, as lists contain it, kept until names change.

use std::cell::RefCell;

use bytes::Bytes;

use super::{Grant, GrantId};

/// The largest number of grants whose JSON is kept.
const KEPT: usize = 10_000;

/// The JSON of the grants that were listed last.
#[derive(Debug, Default)]
pub(crate) struct Rendered(RefCell<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The generation of names that the JSON contains.
    generation: u64,
    entries: Vec<(GrantId, Bytes)>,
}

impl Rendered {
    /// Returns the JSON of `grant`, which `render` makes if it is not kept, or was made in an earlier `generation` of
    /// names.
    ///
    /// # Errors
    ///
    /// Those of `render`.
    pub(crate) fn entry<E>(
        &self,
        grant: &Grant,
        generation: u64,
        render: impl FnOnce() -> Result<Bytes, E>,
    ) -> Result<Bytes, E> {
        let mut kept = self.0.borrow_mut();
        if kept.generation != generation {
            *kept = Kept { generation, entries: Vec::new() };
        }
        if let Some((id, json)) = kept.entries.get(grant.place.get())
            && *id == grant.id
        {
            return Ok(json.clone());
        }
        let json = render()?;
        if kept.entries.len() == KEPT {
            kept.entries.clear();
        }
        grant.place.set(kept.entries.len());
        kept.entries.push((grant.id, json.clone()));
        Ok(json)
    }
}
