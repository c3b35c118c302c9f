//! A declared policy: a file, or the document itself.

use std::path::Path;

use crate::error::Error;
use crate::file;

/// The source of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PolicySource {
    /// A file, relative to the file that declares it.
    File(String),
    /// The document itself.
    Document(String),
}

impl PolicySource {
    /// Makes the path of a file relative to `folder`.
    pub(super) fn find_in(&mut self, folder: &Path) {
        if let Self::File(path) = self {
            *path = folder.join(&*path).to_string_lossy().into_owned();
        }
    }

    /// Returns the document.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub(crate) fn document(&self) -> Result<String, Error> {
        match self {
            Self::Document(text) => Ok(text.clone()),
            Self::File(path) => file::text(path.as_ref(), file::SMALL)
                .map_err(|it| Error::new(format!("cannot read the policy `{path}`: {it}"))),
        }
    }
}
