//! The rules for the annotated function itself.

use proc_macro2::{Ident, Span};

use crate::diag::{Errors, Message};
use crate::signature::{Attr, Function};

/// The last path segments of attributes that make a function a test.
const TEST_ATTRIBUTES: &[&str] = &["test", "rstest", "test_case", "kms_test", "wasm_bindgen_test"];

/// Returns whether this attribute makes the function a test.
pub(crate) fn is_test(attr: &Attr) -> bool {
    attr.path.last().is_some_and(|it| TEST_ATTRIBUTES.contains(&it.to_string().as_str()))
}

/// Returns whether this attribute has this name.
pub(crate) fn is_called(attr: &Attr, name: &str) -> bool {
    matches!(attr.path.as_slice(), [it] if it == name)
}

/// Names the attribute to remove: this one, or the one above that emitted it, as `#[tokio::test]` emits another.
fn remove(attr: &Attr, last: &Ident) -> String {
    let path: Vec<String> = attr.path.iter().map(ToString::to_string).collect();
    match last.span().source_text() {
        Some(source) if *last != source => {
            let is_attribute = source.starts_with("#[") && !source.contains('\n');
            if is_attribute {
                format!("remove `{source}` above")
            } else {
                "remove the other test attribute above".into()
            }
        }
        _ => format!("remove `#[{}]`", path.join("::")),
    }
}

/// Returns whether the test is expected to panic.
pub(crate) fn should_panic(function: &Function) -> bool {
    function.attrs.iter().any(|it| is_called(it, "should_panic"))
}

/// Reports an option that fails a test by a panic of its own, if the test is expected to panic.
pub(super) fn check_panics(
    function: &Function,
    option: Span,
    panics: Option<(&str, &str)>,
    errors: &mut Errors,
) {
    if let Some((object, reason)) = panics
        && should_panic(function)
    {
        let message = format!("a test with `#[should_panic]` cannot have {object}");
        errors.push(option, Message::new(message).note(reason));
    }
}

/// Reports everything that prevents a function from being a test.
pub(super) fn check(function: &Function, errors: &mut Errors) {
    for attr in function.attrs.iter().filter(|it| is_test(it)) {
        if let Some(last) = attr.path.last() {
            let message = Message::new("a second test attribute")
                .note("`#[kms_test]` makes the function a test already")
                .help(remove(attr, last));
            errors.push(last.span(), message);
        }
    }
    for qualifier in &function.qualifiers {
        errors.push(qualifier.span(), format!("a test cannot be `{qualifier}`"));
    }
    if let Some(span) = function.generics.first() {
        let message = Message::new("a test cannot be generic");
        errors.push(*span, message.note("the test runner calls it without type arguments"));
    }
    if let Some(output) = &function.output
        && should_panic(function)
        && !output.is_unit
    {
        let message = Message::new("a test with `#[should_panic]` cannot return a value");
        let note = "an `Err` does not panic; `.unwrap()` does";
        errors.push(output.span, message.note(note));
    }
}
