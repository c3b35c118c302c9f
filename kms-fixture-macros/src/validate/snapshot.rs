//! `snapshot` and `snapshot(by_caller)`, which need the user's own `insta`.

use std::path::PathBuf;

use proc_macro2::Span;

use crate::diag::{Errors, Message};
use crate::model::declare::{Opt, SNAPSHOT, unknown_choice};
use crate::parse::{Arg, Form, Meta};
use crate::plan::{Call, Value};

/// Returns the call that compares under the name of the test.
pub(super) fn snapshot(opt: &Opt, meta: &Meta, errors: &mut Errors) -> Option<Call> {
    let word = meta.name.span();
    check_insta(word, errors);
    let call = |method| Some(Call { method, value: Value::Snapshot(word) });
    let wrong = match &meta.form {
        Form::Word => return call(opt.method),
        Form::List(items) => match items.as_slice() {
            [Arg::Meta(Meta { name, form: Form::Word })] if name == "by_caller" => {
                return call("snapshot_by_caller");
            }
            [Arg::Meta(Meta { name, form: Form::Word })] => {
                errors.push(name.span(), unknown_choice("word", SNAPSHOT, &name.to_string()));
                return None;
            }
            _ => word,
        },
        Form::Value(literal) => literal.span(),
        Form::NotLiteral(span, _) | Form::Path(span, _) => *span,
    };
    let message = Message::new("`snapshot` stands alone, or takes `by_caller` in parentheses")
        .help("write `snapshot` or `snapshot(by_caller)`")
        .note("the snapshot has the name of the test");
    errors.push(wrong, message);
    None
}

/// Reports that the package has no `insta`, if its manifest surely does not name it.
fn check_insta(word: Span, errors: &mut Errors) {
    // Unit tests run outside the compiler.
    if !proc_macro::is_available() {
        return;
    }
    // Only cargo sets it; other build tools may have the dependencies elsewhere.
    let Some(manifest) = std::env::var_os("CARGO_MANIFEST_PATH").map(PathBuf::from) else { return };
    // The manifest of a script is in its source.
    if !manifest.ends_with("Cargo.toml") {
        return;
    }
    if std::fs::read_to_string(manifest).is_ok_and(|it| !names(&it, "insta")) {
        let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
        let message = Message::new("`snapshot` needs the crate `insta`")
            .help(format!("add it to this package: `cargo add --dev insta -p {package}`"));
        errors.push(word, message);
    }
}

/// Returns whether a manifest has a word anywhere but in a line that is a comment. A dependency of this name has: as a
/// table, as a key, inherited, or renamed.
fn names(manifest: &str, word: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || it == '-' || it == '_';
    let mut lines = manifest.lines().filter(|it| !it.trim_start().starts_with('#'));
    lines.any(|line| line.split(|it| !is_part(it)).any(|it| it == word))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn every_way_to_depend_on_a_crate_names_it() {
        for manifest in [
            "[dev-dependencies]\ninsta = \"1\"",
            "[dev-dependencies]\n  insta.workspace = true",
            "[dev-dependencies]\n\"insta\" = { version = \"1\" }",
            "[dev-dependencies.insta]\nversion = \"1\"",
            "[target.'cfg(unix)'.dev-dependencies]\nserde=\"1\"\ninsta={version=\"1\"}",
            "[dev-dependencies]\nsnapshots = { package = \"insta\", version = \"1\" }",
            "dev-dependencies = { insta = \"1\" }",
            "dev-dependencies.insta = '1'",
        ] {
            assert!(names(manifest, "insta"), "{manifest}");
        }
        for manifest in [
            "",
            "[dev-dependencies]\n# insta = \"1\"",
            "[dev-dependencies]\ninstant = \"1\"\ncargo-insta = \"1\"\ninsta_cmd = \"1\"",
        ] {
            assert!(!names(manifest, "insta"), "{manifest}");
        }
    }
}
