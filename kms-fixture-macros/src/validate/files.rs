//! Files that an attribute names, as far as the compiler says where the source is.

use std::path::{Path, PathBuf};

use proc_macro2::Span;
use syn::LitStr;

use crate::diag::{Errors, Message};

/// Returns the folder of the source file that `span` is in. Editors and macros may not know it.
pub(super) fn folder(span: Span) -> Option<PathBuf> {
    // Unit tests run outside the compiler.
    let span = proc_macro::is_available().then(|| span.unwrap())?;
    let folder = span.local_file()?.parent()?.to_owned();
    // An editor may run elsewhere than the compiler, to whose folder the path is relative.
    (folder.as_os_str().is_empty() || folder.is_dir()).then_some(folder)
}

/// Reports a file that does not exist. An absolute path may belong to another machine.
pub(super) fn check(literal: &LitStr, errors: &mut Errors) {
    let path = literal.value();
    let Some(folder) = folder(literal.span()) else { return };
    if let Some(message) = missing(&folder, &path) {
        errors.push(literal.span(), message);
    }
}

/// Returns the mistake if there is no file at this path relative to `folder`.
pub(super) fn missing(folder: &Path, path: &str) -> Option<Message> {
    if Path::new(path).is_absolute() || folder.join(path).is_file() {
        return None;
    }
    if path.trim_start().starts_with('{') {
        let message = Message::new("expected the path of a file, found a document");
        return Some(
            message.help("write the document in a file beside the source, and its path here"),
        );
    }
    let wanted = folder.join(path);
    let name = wanted.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = wanted.parent().and_then(|it| it.read_dir().ok());
    let beside = beside.into_iter().flatten().flatten();
    let mut beside: Vec<_> =
        beside.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    beside.sort_unstable();
    let message = Message::new(format!("there is no file `{path}` here"));
    let message = message.nearest(&name, "a file", beside.iter().map(String::as_str));
    let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Some(message.note(format!("paths are relative to the source file, in `{}`", shown.display())))
}
