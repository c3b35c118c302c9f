//! A declared policy: a file, or the document itself.

use std::path::Path;

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
}
